#include "extension/functions.hpp"

#include "engine/plan_markdown.hpp"
#include "extension/connection.hpp"
#include "extension/credentials.hpp"
#include "extension/pg/server.hpp"
#include "extension/store_sql.hpp"

#include <sodium.h>

namespace iasql::extension {

namespace {

using Reach = Connection::Reach;

TextRow text_of(const engine::PlanRow& row) {
  return {row.action, row.table, row.id ? std::optional(std::to_string(*row.id)) : std::nullopt, row.description};
}

std::vector<TextRow> text_of(const std::vector<engine::PlanRow>& plan) {
  std::vector<TextRow> rows;
  for (const auto& row : plan)
    rows.push_back(text_of(row));
  return rows;
}

// "" is NULL, of a text, and {} of an object.
std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> text_or_null(const Object& object) {
  return object.empty() ? std::nullopt : std::optional(json_document(object));
}

TextRow text_of(const engine::PlannedChange& change) {
  std::vector<std::string> waits_for;
  for (int step : change.waits_for)
    waits_for.push_back(std::to_string(step));
  TextRow row{std::to_string(change.step)};
  for (auto& column : text_of(change.row))
    row.push_back(std::move(column));
  row.push_back(text_or_null(change.columns));
  row.push_back(text_or_null(change.reason));
  row.push_back(pg::array_text(waits_for));
  row.push_back(pg::array_text(change.operations));
  row.push_back(change.loses_data ? "t" : "f");
  return row;
}

std::vector<TextRow> text_of(const std::vector<engine::ModuleRow>& tables) {
  std::vector<TextRow> rows;
  for (const auto& row : tables)
    rows.push_back({row.module, row.table, std::to_string(row.records)});
  return rows;
}

} // namespace

std::vector<TextRow> install(std::vector<std::string> modules) {
  Connection connection(Reach::aws);
  return text_of(connection.run(engine::install(connection.context(), std::move(modules))));
}

std::vector<TextRow> uninstall(std::vector<std::string> modules) {
  Connection connection(Reach::database);
  return text_of(engine::uninstall(connection.context(), std::move(modules)));
}

std::vector<TextRow> plan_apply() {
  Connection connection(Reach::database);
  return text_of(engine::plan_apply(connection.context()));
}

std::vector<TextRow> plan() {
  Connection connection(Reach::database);
  std::vector<TextRow> rows;
  for (const auto& change : engine::plan(connection.context()))
    rows.push_back(text_of(change));
  return rows;
}

std::string plan_markdown() {
  Connection connection(Reach::database);
  return engine::plan_markdown(engine::plan(connection.context()));
}

std::vector<TextRow> apply() {
  Connection connection(Reach::aws);
  return text_of(connection.run(engine::apply(connection.context())));
}

std::vector<TextRow> plan_sync() {
  Connection connection(Reach::aws);
  return text_of(connection.run(engine::plan_sync(connection.context())));
}

std::vector<TextRow> sync() {
  Connection connection(Reach::aws);
  return text_of(connection.run(engine::sync(connection.context())));
}

std::vector<TextRow> system_identity() {
  auto public_key = credentials::public_half(server_keys().front());
  char digits[2 * credentials::key_bytes + 1];
  sodium_bin2hex(digits, sizeof digits, public_key.data(), public_key.size());
  return {{std::to_string(pg::system_identifier()), std::to_string(pg::database_oid()), std::string("\\x") + digits}};
}

void delete_all_records() {
  Connection connection(Reach::database);
  engine::delete_all_records(connection.context());
}

} // namespace iasql::extension
