#include "extension/store_sql.hpp"

#include "base/json.hpp"
#include "extension/pg/sql.hpp"

namespace iasql::extension {

std::string qualified(const engine::Table& table) {
  return "public." + pg::quoted(table.name);
}

std::string column_list(const engine::Table& table, const std::string& prefix) {
  std::string list;
  for (const engine::Column& column : table.columns) {
    if (!column.of_module) continue;
    if (!list.empty()) list += ", ";
    list += prefix + pg::quoted(column.name);
  }
  return list;
}

std::string json_document(const Value& value) {
  std::string text = write_json(value);
  for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at + 2))
    if (text.compare(at, 6, "\\u0000") == 0) text.replace(at, 6, "\\ufffd");
  return text;
}

std::string key_text(const engine::Table& table) {
  if (!table.primary_key.empty()) return "module_table." + pg::quoted(table.primary_key) + "::pg_catalog.text";
  std::string members;
  for (const std::string& column : table.key_columns)
    members += (members.empty() ? "" : ", ") + pg::literal(column) + ", module_table." + pg::quoted(column);
  return "pg_catalog.jsonb_build_object(" + members + ")::pg_catalog.text";
}

} // namespace iasql::extension
