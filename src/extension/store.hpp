#pragma once

// engine::Store over SPI: what the calling transaction sees of module tables, registry and fold marks, and what it
// writes there. One PgStore lives within one call of an SQL function. Its parts: store.cpp reads, store_catalogue.cpp
// looks at the tables themselves, store_writing.cpp begins an apply or sync, store_rows.cpp writes rows,
// store_modules.cpp makes and drops tables.

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

  Account m_account;
  std::unique_ptr<pg::Snapshot> m_snapshot;
};

// Whether a statement of PgStore's is writing rows of a module table right now: iasql.check_row() lets those through.
bool writing_rows();

// Makes iasql_module, iasql_tables and iasql_dependencies in schema public where they are missing, and their rows equal
// to the registry's. For iasql.repair(). Throws Error (table_exists) where somebody else's table has such a name.
void write_public_copies();

} // namespace iasql::extension
