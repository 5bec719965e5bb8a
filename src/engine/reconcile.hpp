#pragma once

// The other direction: from what is in AWS to what the tables and the registry must hold. Pure. Rows are updated in
// place, so that ids, users' own columns and foreign keys stay; a row that comes back gets its former id.

#include "engine/readings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iasql::engine {

struct RowChange {
  enum class Kind { insert, update, remove };
  Kind kind = Kind::insert;
  const Binding* binding = nullptr;
  std::string key;                          // the row's; of an insert: its former key, or ""
  Row columns;                              // to be written
  std::map<std::string, ObjectKey> parents; // foreign key columns, to be written with the key of that object's row
  std::optional<ObjectKey> object;          // what the row stands for afterwards
  std::optional<std::int64_t> id;           // of an update
  std::string description;                  // "" for what listings leave out: a part's row, what fluctuates
};

struct Reconciliation {
  std::vector<RowChange> changes; // inserts and updates parents first, then removes children first
  std::vector<Entry> entries;     // base afterwards, of the tables that were read; row keys of inserts are open
  std::map<ObjectKey, std::string> row_of; // rows that stay, also of tables that were not read
  std::set<std::string> tables;            // those that were read
  std::vector<std::string> skipped;        // objects that cannot become rows, with the reason
};

// `current` pairs the rows there are with base.
Reconciliation reconcile(const Bindings& bindings, const Base& base, const Diff& current, const Readings& readings);

} // namespace iasql::engine
