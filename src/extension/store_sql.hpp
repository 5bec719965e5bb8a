#pragma once

// Pieces of SQL text and of values for it, for the store's and the journal's statements.

#include "base/value.hpp"
#include "engine/catalogue.hpp"
#include "extension/pg/sql.hpp"

#include <string>

namespace iasql::extension {

// As the table's owner: for statements that name qualified(table). The table must outlive the statement.
inline pg::As as_owner_of(const engine::Table& table) {
  return pg::as_table_owner(table.oid, table.name);
}
// public."vpc"
std::string qualified(const engine::Table& table);
// The module's columns, not the user's own: "id", "vpc_id", … each after `prefix`
std::string column_list(const engine::Table& table, const std::string& prefix);
// The primary key of "module_table" as text: its one column, or for a join table an object of its columns.
std::string key_text(const engine::Table& table);
// Compact JSON for jsonb, which takes no U+0000: what AWS puts into a text must not make a statement fail.
std::string json_document(const Value& value);

} // namespace iasql::extension
