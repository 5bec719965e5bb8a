#pragma once

// What the engine needs of the database it runs in: rows, registry and fold marks as the calling transaction sees and
// writes them, and the journal, which is committed at once whatever becomes of that transaction. The extension
// implements both over SPI and a background worker, the tests in memory. Every function is a synchronous leaf: no
// coroutine suspends inside. Errors are Error with PostgreSQL's SQLSTATE.

#include "engine/catalogue.hpp"
#include "engine/records.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace iasql::engine {

struct StoredRow {
  std::string key; // primary key as text
  Row columns;     // as the table has them: foreign keys are local ids
};

struct Region {
  std::string name;
  bool is_default = false;
  bool is_enabled = false;
};

enum class Writing { apply, sync, install };

class Store {
public:
  virtual ~Store() = default;

  // -- what the transaction sees (one snapshot for rows, registry and marks)

  // Throws Error (table_changed) for a module table that was dropped, renamed, is no ordinary table, has inheritance
  // children, rewrite rules or row-level security that would hide rows from its owner.
  virtual Catalogue catalogue() = 0;
  virtual std::vector<StoredRow> rows(const Table& table) = 0;
  virtual std::vector<Entry> registry() = 0;
  virtual std::set<IntentId> marks() = 0;
  // Whether that transaction is over, as the snapshot sees it. The calling transaction itself is not.
  virtual bool finished(TransactionId transaction) = 0;
  virtual TransactionId transaction() = 0;   // the caller's top-level transaction; given one if it has none yet
  virtual bool has_transaction() = 0;        // whether it has one already (a plan must not take one)
  virtual std::string role() = 0;            // who asked
  virtual std::vector<Region> regions() = 0; // aws_regions; before aws_account is installed: the connected region
  virtual Row account() = 0; // the connected one: account_id, access_key_id, region; throws Error (not_connected)
  // Whether rows of the table may be applied: false for a restored copy or another account until the next sync.
  virtual bool confirmed(const Table& table) = 0;

  // -- writing (journal.md, "An apply, step by step": 1 lock, 2 epoch, 3 snapshot, 4 constraints, 5 worker)
  virtual void begin_writing(Writing what) = 0;
  // Locks rows FOR UPDATE in a fixed order, honouring lock_timeout; afterwards rows() sees the locked versions.
  virtual void lock_rows(const Table& table, const std::vector<std::string>& keys) = 0;
  // READ COMMITTED: what is read from here on is seen by a fresh snapshot. Nothing in REPEATABLE READ.
  virtual void refresh() = 0;
  // The table's rows as they are committed right now, with what this transaction wrote, whatever the isolation level.
  virtual std::vector<StoredRow> latest_rows(const Table& table) = 0;

  virtual void put_entry(const Entry& entry) = 0;
  virtual void drop_entry(const Entry& entry) = 0; // by its key
  virtual void mark(IntentId intent) = 0;
  // Rows: `columns` may name a subset. insert_row returns the new row's key; with `key` not empty the row gets that
  // one.
  virtual std::string insert_row(const Table& table, const Row& columns, const std::string& key) = 0;
  virtual void update_row(const Table& table, const std::string& key, const Row& columns) = 0;
  virtual void delete_row(const Table& table, const std::string& key) = 0;
  // Rows of every installed table now belong to this database and account.
  virtual void confirm() = 0;

  // -- modules
  // The catalogue as it would be with these installed too: their DDL is run in a subtransaction and rolled back, so
  // that AWS can be read before any lasting lock is taken.
  virtual Catalogue catalogue_with(const std::vector<const Module*>& modules) = 0;
  // Runs the DDL, as the database's owner, and registers module, tables and dependencies.
  virtual void create_module(const Module& module, bool named) = 0;
  virtual void drop_module(const Module& module) = 0; // and its registry entries
  // Names of tables or types in the schema that are there already, of those given.
  virtual std::vector<std::string> existing(const std::vector<std::string>& names) = 0;
};

class Journal {
public:
  virtual ~Journal() = default;
  // Every record that is not pruned, by the latest snapshot.
  virtual Records read() = 0;
  // Durable when it returns. Throws Error (no_worker) when the worker is gone.
  virtual IntentId intend(const Intent& intent) = 0;
  virtual void conclude(const Outcome& outcome) = 0;
};

} // namespace iasql::engine
