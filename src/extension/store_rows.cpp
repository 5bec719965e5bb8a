// Rows of module tables, locked and written as the tables' owner. The tables may carry triggers and constraints of
// their owner's: what they refuse is an Error that names table, row and constraint; what a trigger swallows is one too.

#include "extension/pg/call.hpp"
#include "extension/store.hpp"
#include "extension/store_sql.hpp"

#include <algorithm>

namespace iasql::extension {

using engine::Row;
using engine::Table;

namespace {

std::uint32_t written_table = 0; // the one that a statement of ours writes right now

struct WritingRows {
  explicit WritingRows(const Table& table) { written_table = table.oid; }
  ~WritingRows() { written_table = former; }
  std::uint32_t former = written_table;
};

std::string row_name(const Table& table, const std::string& key) {
  return "table " + table.name + (key.empty() ? ": a new row" : ": row " + key);
}

// Serialization failures, locks and lack of resources are no refusal of the row.
bool is_refusal(std::string_view state) {
  for (const std::string_view other : {"40", "53", "54", "55", "57", "58", "XX"})
    if (state.starts_with(other)) return false;
  return true;
}

template <typename Write>
auto naming_row(const Table& table, const std::string& key, Write write) {
  const WritingRows writing(table);
  try {
    return write();
  } catch (const pg::DatabaseError& error) {
    if (!is_refusal(error.sqlstate())) throw;
    const std::string by = error.constraint().empty() ? "" : " by constraint \"" + error.constraint() + "\"";
    throw Error(error.sqlstate(), row_name(table, key) + " was refused" + by + ": " + error.what(), error.detail(),
                error.hint());
  }
}

[[noreturn]] void throw_swallowed(const Table& table, const std::string& key) {
  throw Error(sqlstate::table_changed, row_name(table, key) + " was not written",
              "A trigger of the table's owner kept it from being written, or there is no such row any more",
              "Let the trigger pass rows that iasql_apply(), iasql_sync() and iasql_install() write");
}

// r (column type, …) for jsonb_to_record()
std::string record_type(const Table& table, const Row& columns) {
  std::string list;
  for (const auto& [name, value] : columns) {
    const engine::Column* column = table.column(name);
    if (column == nullptr) throw Error(sqlstate::internal_error, "table " + table.name + " has no column " + name);
    if (!list.empty()) list += ", ";
    list += pg::quoted(name) + " " + column->type;
  }
  return "given (" + list + ")";
}

std::string names(const Row& columns, const std::string& prefix) {
  std::string list;
  for (const auto& [name, value] : columns) {
    if (!list.empty()) list += ", ";
    list += prefix + pg::quoted(name);
  }
  return list;
}

// "id" and its type, for a WHERE.
const engine::Column& key_of(const Table& table) {
  const engine::Column* column = table.primary_key.empty() ? nullptr : table.column(table.primary_key);
  if (column == nullptr)
    throw Error(sqlstate::table_changed, "table \"" + table.name + "\" has no primary key of one column");
  return *column;
}

std::string where_key(const Table& table) {
  if (table.primary_key.empty()) return " WHERE " + key_text(table) + " = $1";
  const engine::Column& key = key_of(table);
  return " WHERE module_table." + pg::quoted(key.name) + " = $1::" + key.type;
}

} // namespace

bool writing_rows_of(pg::Oid table) {
  return table == written_table;
}

pg::Rows PgStore::written(const Table& table, std::string text, std::vector<std::optional<std::string>> parameters) {
  if (!m_constraints_immediate) pg::run({.text = "SET CONSTRAINTS ALL IMMEDIATE"});
  m_constraints_immediate = true;
  return pg::run({.text = std::move(text),
                  .parameters = std::move(parameters),
                  .as = as_owner_of(table),
                  .sees = pg::Sees::held,
                  .held = m_snapshot.get(),
                  .guard = pg::Guard::subtransaction});
}

void PgStore::lock_rows(const Table& table, const std::vector<std::string>& keys) {
  if (keys.empty()) return;
  const engine::Column& key = key_of(table);
  Array list;
  for (const std::string& each : keys)
    list.push_back(each);
  pg::run({.text = "SELECT FROM ONLY " + qualified(table) + " AS module_table WHERE module_table." +
                   pg::quoted(key.name) + " IN (SELECT value::" + key.type +
                   " FROM jsonb_array_elements_text($1::jsonb) AS given (value)) ORDER BY module_table." +
                   pg::quoted(key.name) + " FOR UPDATE OF module_table",
           .parameters = {json_document(std::move(list))},
           .as = as_owner_of(table)});
  m_snapshot->refresh();
}

std::string PgStore::insert_row(const Table& table, const Row& columns, const std::string& key) {
  Row given = columns;
  if (!key.empty()) given.set(key_of(table).name, key);
  const std::string returning = " RETURNING " + key_text(table);
  const std::string target = "INSERT INTO " + qualified(table) + " AS module_table ";
  return naming_row(table, key, [&]() -> std::string {
    const pg::Rows rows =
        given.empty() ? written(table, target + "DEFAULT VALUES" + returning)
                      : written(table,
                                target + "(" + names(given, "") + ") SELECT " + names(given, "given.") +
                                    " FROM jsonb_to_record($1::jsonb) AS " + record_type(table, given) + returning,
                                {json_document(given)});
    if (rows.processed == 0) throw_swallowed(table, key);
    return rows.rows.empty() ? std::string() : rows.rows[0][0].value_or("");
  });
}

void PgStore::update_row(const Table& table, const std::string& key, const Row& columns) {
  if (columns.empty()) return;
  std::string assignments;
  for (const auto& [name, value] : columns) {
    if (!assignments.empty()) assignments += ", ";
    assignments += pg::quoted(name) + " = given." + pg::quoted(name);
  }
  naming_row(table, key, [&] {
    const pg::Rows rows =
        written(table,
                "UPDATE ONLY " + qualified(table) + " AS module_table SET " + assignments +
                    " FROM jsonb_to_record($2::jsonb) AS " + record_type(table, columns) + where_key(table),
                {key, json_document(columns)});
    if (rows.processed == 0) throw_swallowed(table, key);
  });
}

void PgStore::delete_row(const Table& table, const std::string& key) {
  naming_row(table, key, [&] {
    const pg::Rows rows =
        written(table, "DELETE FROM ONLY " + qualified(table) + " AS module_table" + where_key(table), {key});
    if (rows.processed == 0) throw_swallowed(table, key);
  });
}

} // namespace iasql::extension
