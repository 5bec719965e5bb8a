#pragma once

// A database in memory that is as transactional as journal.md needs it: rows, registry, marks and modules are what
// transactions commit or roll back, in READ COMMITTED or REPEATABLE READ, with savepoints, row locks, the writer's lock
// and the epoch; intents and outcomes are committed at once. A session that would have to wait throws WouldBlock and is
// started again by whoever runs it, which is the same as waiting because nothing can have happened to it before.
//
// One class holds what is shared and committed, the other what a session sees and has written, which is how
// PostgreSQL is cut too: a snapshot is a copy of the committed state, a transaction a list of writes on top of it.

#include "engine/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <tuple>

namespace iasql::simulation {

using engine::Entry;
using engine::IntentId;
using engine::Row;
using engine::TransactionId;

// Sentences of journal.md that hold because of the store. A test switches one off to see that this would be noticed.
struct StoreRules {
  bool lock_survives_rollback_to = true;
  bool epoch = true;
  bool rr_guard = true;
  bool marks_by_snapshot = true;
  bool finished_by_snapshot = true;
  bool latest_rows_are_latest = true; // delete_rechecks
};

struct Version {
  Row columns;
  TransactionId writer = 0;
};

struct State {
  std::map<std::string, std::map<std::string, Version>> rows; // table → key → row
  using EntryKey = std::tuple<std::string, std::string, std::string>;
  std::map<EntryKey, Entry> registry; // (region, table, cloud id)
  std::set<IntentId> marks;
  std::set<TransactionId> finished;
  std::uint64_t epoch = 0;
  bool confirmed = true;
  engine::Catalogue catalogue;
  std::set<std::string> asks; // a ghost: what users asked for; it commits and aborts with the statement that asked

  const Version* row(const std::string& table, const std::string& key) const;
};

// The session has to wait for another one.
struct WouldBlock {
  std::string what;
};

class MemorySession;

class MemoryDatabase {
public:
  using TablesOf = std::function<std::vector<engine::Table>(const engine::Module&)>;
  // `tables_of` stands for running a module's DDL.
  explicit MemoryDatabase(TablesOf tables_of);

  const State& committed() const { return *m_state; }
  const engine::Records& journal() const { return m_journal; }
  // Installs a module without an import and without a transaction.
  void install(const engine::Module& module);
  // Changes the committed state outside every transaction, to set a scene.
  void edit(const std::function<void(State&)>& change);

  StoreRules rules;
  std::map<std::string, std::string> unique_columns; // table → column that no two rows may share
  std::vector<engine::Region> regions{{"eu-west-2", true, true}};

private:
  friend class MemorySession;
  TablesOf m_tables_of;
  std::shared_ptr<const State> m_state = std::make_shared<State>();
  engine::Records m_journal;
  TransactionId m_next_transaction = 1;
  std::uint32_t m_next_oid = 16384;
  std::map<std::string, int> m_sequences; // as PostgreSQL's, never rolled back
  const MemorySession* m_writer = nullptr;
  std::map<std::pair<std::string, std::string>, const MemorySession*> m_row_locks;
};

class MemorySession : public engine::Store, public engine::Journal {
public:
  enum class Isolation { read_committed, repeatable_read };

  explicit MemorySession(MemoryDatabase& database) : m_database(database) {}
  ~MemorySession() override;
  MemorySession(const MemorySession&) = delete;
  MemorySession& operator=(const MemorySession&) = delete;

  // -- transactions
  void begin(Isolation isolation = Isolation::read_committed);
  // A new statement: in READ COMMITTED a new snapshot.
  void statement();
  void savepoint();
  void rollback_to();
  void commit();
  void rollback();
  // A statement raised an error: back to the savepoint where there is one, else the transaction is over.
  void fail();
  // What a statement has done so far is undone, its locks stay: it will be started again after waiting.
  void undo_statement();

  bool in_transaction() const { return m_in_transaction; }
  bool has_savepoint() const { return m_savepoint.has_value(); }
  bool wrote_since_savepoint() const { return m_savepoint && m_writes.size() > *m_savepoint; }
  bool repeatable_read() const { return m_isolation == Isolation::repeatable_read; }
  bool is_writer() const { return m_database.m_writer == this; }
  // Whether begin_writing() was called in the statement that runs.
  bool writing() const { return m_writing; }
  bool could_lock_writer() const { return !m_database.m_writer || is_writer(); }
  bool could_lock_row(const std::string& table, const std::string& key) const;
  bool could_lock_all() const; // every row that WouldBlock named last is free now
  const State& view() const { return m_view; }
  const State& snapshot() const { return *m_snapshot; }
  State latest() const; // the committed state with the session's own writes
  // What latest() was when the statement last fixed what it will do (begin_writing, lock_rows, latest_rows).
  const State& when_planned() const { return m_when_planned; }
  TransactionId transaction_if_any() const { return m_transaction; }
  void ask(const std::string& what);
  void forget_ask(const std::string& what);
  void forget_asks();

  // -- engine::Store
  engine::Catalogue catalogue() override { return m_view.catalogue; }
  std::vector<engine::StoredRow> rows(const engine::Table& table) override;
  std::vector<Entry> registry() override;
  std::set<IntentId> marks() override;
  bool finished(TransactionId transaction) override;
  TransactionId transaction() override;
  bool has_transaction() override { return m_transaction != 0; }
  std::string role() override { return "tenant"; }
  std::vector<engine::Region> regions() override { return m_database.regions; }
  Row account() override;
  bool confirmed(const engine::Table&) override { return m_view.confirmed; }
  void begin_writing(engine::Writing what) override;
  void lock_rows(const engine::Table& table, const std::vector<std::string>& keys) override;
  void refresh() override;
  std::vector<engine::StoredRow> latest_rows(const engine::Table& table) override;
  void put_entry(const Entry& entry) override;
  void drop_entry(const Entry& entry) override;
  void mark(IntentId intent) override;
  std::string insert_row(const engine::Table& table, const Row& columns, const std::string& key) override;
  void update_row(const engine::Table& table, const std::string& key, const Row& columns) override;
  void delete_row(const engine::Table& table, const std::string& key) override;
  void confirm() override;
  engine::Catalogue catalogue_with(const std::vector<const engine::Module*>& modules) override;
  void create_module(const engine::Module& module, bool named) override;
  void drop_module(const engine::Module& module) override;
  std::vector<std::string> existing(const std::vector<std::string>& names) override;

  // -- engine::Journal
  engine::Records read() override { return m_database.m_journal; }
  IntentId intend(const engine::Intent& intent) override;
  void conclude(const engine::Outcome& outcome) override;

private:
  using Write = std::function<void(State&)>;
  using RowName = std::pair<std::string, std::string>;
  struct Lock {
    RowName row;
    std::size_t after; // number of writes before it
  };

  void write(Write change);
  void truncate(std::size_t writes);
  void release_locks_from(std::size_t writes);
  void lock_row(const std::string& table, const std::string& key);
  // As a unique index does: waits for whoever inserts or deletes a row of that value.
  void lock_unique(const engine::Table& table, const Row& columns);
  void materialise();
  void end();

  MemoryDatabase& m_database;
  bool m_in_transaction = false;
  Isolation m_isolation = Isolation::read_committed;
  TransactionId m_transaction = 0;
  std::shared_ptr<const State> m_snapshot = std::make_shared<State>();
  State m_view; // snapshot with writes
  State m_when_planned;
  std::vector<Write> m_writes;
  std::vector<Lock> m_locks;
  std::optional<std::size_t> m_savepoint;
  std::size_t m_statement_start = 0;
  bool m_writing = false;
  std::vector<RowName> m_awaited;
};

} // namespace iasql::simulation
