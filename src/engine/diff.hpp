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
  Row rewritten; // columns that the row takes over when it is applied, because others of it changed
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

  // A replace that leaves a newer revision of the same thing: for people an update.
  bool is_revision() const { return action == Action::replace && !binding->resource->revision_of.empty(); }
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

// What a foreign key holds in AWS's terms, for the object of the row that it points at.
using IdOfRow = std::function<Value(const BoundAttribute& key, const RowReference&)>;

// The rows of a part as one value (BoundAttribute::part), references by `id_of`; null where the part has no rows.
Value part_value(const BoundAttribute& attribute, const std::vector<PartRow>& rows, const IdOfRow& id_of);

// What AWS's member holds for a foreign key to that object: its cloud id, or the column that the key points by.
Value pointing_value(const BoundAttribute& key, const Entry& object);

// The objects that a value of the attribute names, by foreign keys, references and parts.
std::vector<const Entry*> named_objects(const BoundAttribute& attribute, const Value& value, const std::string& region,
                                        const Base& base);

// A text as the row shows it: an alias instead of the cloud id that it stands for.
Value shown_value(const BoundAttribute& attribute, const Value& value, const std::string& region, const Base& base);
// The cloud id that an alias stands for; any other value as it is.
Value unaliased_value(const BoundAttribute& attribute, const Value& value, const std::string& region, const Base& base);

// The attributes of the objects that a row's foreign keys (resolved) point at. Binding, row and base must outlive the
// result.
ParentAttributes parent_attributes(const Binding& binding, const Row& resolved, const std::string& region,
                                   const Base& base);

// What a column that is left open is made of (Resource::derived); null where nothing agrees with the row.
Value derived_value(const Binding& binding, const Derived& derived, const Row& resolved, const std::string& region,
                    const Base& base);

// A row's key as a column that points at it, or that is it, holds it.
Value key_value(const Table& table, const std::string& column, const std::string& key);

// The column's value as the cloud ids it names: one for a text, several for an array, none for null.
std::vector<std::string> referenced_ids(const Value& value);

// Natural names for people, of rows and of entries.
std::string name_of(const Diff& diff, const Base& base, const Bindings& bindings, const DesiredRow& row);
std::string name_of(const Base& base, const Bindings& bindings, const Entry& entry);

} // namespace iasql::engine
