#pragma once

// Desired against base: which rows stand for which objects, and what must change in AWS so that it matches. Pure.

#include "engine/fold.hpp"
#include "engine/store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iasql::engine {

struct RowReference {
  std::string table, key;
  friend auto operator<=>(const RowReference&, const RowReference&) = default;
};

// A row that travels in its owner's request.
struct PartRow {
  const BoundAttribute* attribute = nullptr; // the owner's, with the part's columns as members
  std::string key;
  Row columns;
};

struct DesiredRow {
  const Binding* binding = nullptr;
  std::string key;    // the primary key as text
  std::string region; // or "global"
  Row columns;        // as the table has them
  Row resolved;       // attributes only; foreign keys as cloud ids, null while pending
  std::vector<PartRow> parts;
  // Columns and parts that want the cloud id of a row which has no object yet, or whose object is about to be replaced.
  std::multimap<std::string, RowReference> pending;
  std::optional<ObjectKey> object; // the entry it is paired with

  RowReference reference() const;
  std::optional<std::int64_t> id() const; // the integer column "id", where the table has one
};

struct Change {
  Action action = Action::create;
  const Binding* binding = nullptr;
  std::string region;
  std::optional<std::size_t> row;  // index into Diff::rows; none for a remove
  std::optional<ObjectKey> object; // none for a create
  std::set<std::string> columns;   // changed inputs of an update or replace
  bool is_protected = false;       // and apply must refuse it (remove and replace only)
};

struct Diff {
  std::vector<DesiredRow> rows;
  std::vector<Change> changes; // parents before children
  std::map<RowReference, std::size_t> row_index;

  const DesiredRow* row(const RowReference& reference) const;
};

using TableRows = std::map<std::string, std::vector<StoredRow>, std::less<>>;

// The rows of every bound table that stands for objects or for parts of them.
TableRows read_rows(Store& store, const Bindings& bindings);

// `enabled` are the regions that are read and written; entries in others never become a delete.
Diff diff(const Bindings& bindings, const TableRows& rows, const Base& base, const std::set<std::string>& enabled);

std::set<std::string> enabled_regions(const std::vector<Region>& regions);

// Whether an object is AWS's own because what it belongs to is (a rule of the default security group).
bool is_protected_by_parent(const Binding& binding, const Row& attributes, const std::string& region, const Base& base);

// The rows of a part as one value (BoundAttribute::part), references by `id_of`; null where the part has no rows.
Value part_value(const BoundAttribute& attribute, const std::vector<PartRow>& rows,
                 const std::function<Value(const RowReference&)>& id_of);

// What a value of the attribute names: tables and cloud ids, of foreign keys, references and parts.
std::vector<std::pair<std::string, std::string>> named_objects(const BoundAttribute& attribute, const Value& value);

// A row's key as a column that points at it, or that is it, holds it.
Value key_value(const Table& table, const std::string& column, const std::string& key);

// The column's value as the cloud ids it names: one for a text, several for an array, none for null.
std::vector<std::string> referenced_ids(const Value& value);

// Natural names for people, of rows and of entries.
std::string name_of(const Diff& diff, const Base& base, const Bindings& bindings, const DesiredRow& row);
std::string name_of(const Base& base, const Bindings& bindings, const Entry& entry);

} // namespace iasql::engine
