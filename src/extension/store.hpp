#pragma once

// engine::Store over SPI: what the calling transaction sees of module tables, registry and fold marks, and what it
// writes there. One PgStore lives within one call of an SQL function. Its parts: store.cpp reads, store_catalogue.cpp
// looks at the tables themselves, store_writing.cpp begins an apply or sync, store_rows.cpp writes rows,
// store_modules.cpp makes and drops tables.

#include "base/error.hpp"
#include "engine/store.hpp"
#include "extension/pg/sql.hpp"

#include <memory>

namespace iasql::extension {

// The account the database is connected to; empty strings when none is.
struct Account {
  std::string id;
  std::string region; // the region given to `iasql connect`
  std::string access_key_id = {};
};

class PgStore final : public engine::Store {
public:
  explicit PgStore(Account account);
  ~PgStore() override;

  engine::Catalogue catalogue() override;
  // The catalogue without the tables that catalogue() throws for, and what it would throw.
  struct Unsound {
    pg::Oid table;
    std::string name;
    Error error;
  };
  engine::Catalogue sound_tables(std::vector<Unsound>& unsound);
  std::vector<engine::StoredRow> rows(const engine::Table& table) override;
  std::vector<engine::Entry> registry() override;
  std::set<engine::IntentId> marks() override;
  bool finished(engine::TransactionId transaction) override;
  engine::TransactionId transaction() override;
  bool has_transaction() override;
  std::string role() override;
  std::vector<engine::Region> regions() override;
  engine::Row account() override;
  bool confirmed(const engine::Table& table) override;

  void begin_writing(engine::Writing what) override;
  void lock_rows(const engine::Table& table, const std::vector<std::string>& keys) override;
  void refresh() override;
  std::vector<engine::StoredRow> latest_rows(const engine::Table& table) override;

  void put_entry(const engine::Entry& entry) override;
  void drop_entry(const engine::Entry& entry) override;
  void mark(engine::IntentId intent) override;
  std::string insert_row(const engine::Table& table, const engine::Row& columns, const std::string& key) override;
  void update_row(const engine::Table& table, const std::string& key, const engine::Row& columns) override;
  void delete_row(const engine::Table& table, const std::string& key) override;
  void confirm() override;

  engine::Catalogue catalogue_with(const std::vector<const engine::Module*>& modules) override;
  void create_module(const engine::Module& module, bool named) override;
  void drop_module(const engine::Module& module) override;
  std::vector<std::string> existing(const std::vector<std::string>& names) override;

private:
  // By the store's snapshot, with what this transaction wrote.
  pg::Rows seen(pg::As as, std::string text, std::vector<std::optional<std::string>> parameters = {}) const;

  // A write to a module table: in a subtransaction, because the user's constraints and triggers may refuse it. None of
  // them may be deferred, for then they would fire in nobody knows whose name.
  pg::Rows written(const engine::Table& table, std::string text,
                   std::vector<std::optional<std::string>> parameters = {});

  Account m_account;
  bool m_constraints_immediate = false;
  std::unique_ptr<pg::Snapshot> m_snapshot;
};

// Whether a statement of PgStore's is writing rows of that table right now: iasql.check_row() lets those through.
bool writing_rows_of(pg::Oid table);

// Makes iasql_module, iasql_tables and iasql_dependencies in schema public where they are missing, and their rows equal
// to the registry's; those of a restored copy stay until the next sync. For iasql.repair(). Throws Error (table_exists)
// where somebody else's table has such a name.
void repair_public_copies();

// What the trigger iasql.keep_copy() of those tables does before a statement: Error (insufficient_privilege) unless the
// statement is ours, or no module is installed and a dump may be being restored.
void refuse_to_write_copy(const std::string& table);

} // namespace iasql::extension
