#include "extension/journal.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "extension/pg/sql.hpp"
#include "extension/pg/transaction.hpp"
#include "extension/pg/worker.hpp"
#include "extension/settings.hpp"
#include "extension/store_sql.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

namespace iasql::extension {

namespace {

using engine::Effect;
using engine::Result;

constexpr std::array<std::pair<Effect, std::string_view>, 3> effects = {
    {{Effect::create, "create"}, {Effect::update, "update"}, {Effect::remove, "delete"}}};
constexpr std::array<std::pair<Result, std::string_view>, 4> results = {{{Result::created, "created"},
                                                                         {Result::updated, "updated"},
                                                                         {Result::removed, "deleted"},
                                                                         {Result::nothing, "nothing"}}};

template <typename Names, typename Kind>
std::string name_of(const Names& names, Kind kind) {
  for (const auto& [each, name] : names)
    if (each == kind) return std::string(name);
  throw Error(sqlstate::internal_error, "a journal record of unknown kind");
}

template <typename Names>
auto kind_of(const Names& names, const std::string& name) {
  for (const auto& [kind, each] : names)
    if (each == name) return kind;
  throw Error(sqlstate::internal_error, "a journal record of unknown kind \"" + name + "\"");
}

std::int64_t microseconds(net::Time time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

net::Time time_of(const std::string& microseconds) {
  return net::Time(
      std::chrono::duration_cast<net::Time::duration>(std::chrono::microseconds(std::stoll(microseconds))));
}

// Of the records that the registry has taken in, as every snapshot of this transaction sees, only those that readings
// of AWS may not agree with yet. In one statement, so that what the worker commits meanwhile comes whole or not at all.
constexpr const char* select_records = R"(
  SELECT intent.id, transaction, (extract(epoch FROM intent.at) * 1000000)::bigint, role, effect, table_name, region,
         table_oid, row_key, intent.cloud_id, description, intent.columns, service, operation, token, adoption, replaced,
         outcome.id, (extract(epoch FROM outcome.at) * 1000000)::bigint, result, outcome.cloud_id, outcome.columns,
         request_id, error
  FROM (SELECT intent FROM iasql.unfolded
        UNION SELECT intent FROM iasql.fold_mark WHERE transaction >= $2::xid8
        UNION SELECT intent FROM iasql.outcome WHERE at > statement_timestamp() - $3::interval) AS wanted (id)
    JOIN iasql.intent ON intent.id = wanted.id
    LEFT JOIN iasql.outcome ON outcome.intent = intent.id
  WHERE intent.account = $1
  ORDER BY intent.id, outcome.id)";
constexpr std::size_t outcome_column = 17;
// No resource's read lag is longer, and no object is young for longer.
constexpr std::chrono::seconds longest_memory = std::chrono::minutes(5);

engine::Intent intent_of(const pg::TextRow& row) {
  engine::Intent intent;
  intent.id = std::stoll(*row[0]);
  intent.transaction = std::stoull(*row[1]);
  intent.time = time_of(*row[2]);
  intent.role = *row[3];
  intent.effect = kind_of(effects, *row[4]);
  intent.table = *row[5];
  intent.region = *row[6];
  intent.table_oid = static_cast<std::uint32_t>(std::stoul(*row[7]));
  intent.row_key = *row[8];
  intent.cloud_id = *row[9];
  intent.description = *row[10];
  intent.columns = read_json(*row[11]).object();
  intent.service = *row[12];
  intent.operation = *row[13];
  intent.token = *row[14];
  intent.adoption = *row[15] == "t";
  intent.replaced = *row[16];
  return intent;
}

engine::Outcome outcome_of(const pg::TextRow& row) {
  engine::Outcome outcome;
  outcome.intent = std::stoll(*row[0]);
  outcome.time = time_of(*row[outcome_column + 1]);
  outcome.result = kind_of(results, *row[outcome_column + 2]);
  outcome.cloud_id = *row[outcome_column + 3];
  outcome.columns = read_json(*row[outcome_column + 4]).object();
  outcome.request_id = *row[outcome_column + 5];
  outcome.error = *row[outcome_column + 6];
  return outcome;
}

} // namespace

engine::Records PgJournal::read() {
  const auto memory = std::max(settings().engine.read_lag.value_or(longest_memory), longest_memory);
  const pg::Rows rows = pg::run(
      {.text = select_records,
       .parameters = {m_account, std::to_string(pg::oldest_unfinished()), std::to_string(memory.count()) + " s"},
       .as = pg::as_extension_owner,
       .sees = pg::Sees::latest});
  engine::Records records;
  std::map<std::int64_t, engine::Outcome> outcomes; // by their own id: in the order they were concluded
  for (const pg::TextRow& row : rows.rows) {
    engine::Intent intent = intent_of(row);
    if (row[outcome_column]) outcomes.emplace(std::stoll(*row[outcome_column]), outcome_of(row));
    if (records.intents.empty() || records.intents.back().id != intent.id) records.intents.push_back(std::move(intent));
  }
  for (auto& [id, outcome] : outcomes)
    records.outcomes.push_back(std::move(outcome));
  return records;
}

engine::IntentId PgJournal::intend(const engine::Intent& intent) {
  pg::throw_if_failed(); // what cannot be written down any more is not begun
  Object record;
  record.set("account", m_account);
  record.set("transaction", std::to_string(intent.transaction != 0 ? intent.transaction : pg::transaction_id()));
  record.set("backend", pg::backend_pid());
  record.set("microseconds", microseconds(intent.time));
  record.set("role", intent.role);
  record.set("effect", name_of(effects, intent.effect));
  record.set("table_name", intent.table);
  record.set("region", intent.region);
  record.set("table_oid", std::to_string(intent.table_oid));
  record.set("row_key", intent.row_key);
  record.set("cloud_id", intent.cloud_id);
  record.set("description", intent.description);
  record.set("columns", intent.columns);
  record.set("service", intent.service);
  record.set("operation", intent.operation);
  record.set("token", intent.token);
  record.set("adoption", intent.adoption);
  record.set("replaced", intent.replaced);
  return std::stoll(pg::ask_worker(pg::Request::intent, json_document(record), pg::Cancel::ends_wait));
}

void PgJournal::conclude(const engine::Outcome& outcome) {
  Object record;
  record.set("intent", outcome.intent);
  record.set("microseconds", microseconds(outcome.time));
  record.set("result", name_of(results, outcome.result));
  record.set("cloud_id", outcome.cloud_id);
  record.set("columns", outcome.columns);
  record.set("request_id", outcome.request_id);
  record.set("error", outcome.error);
  pg::ask_worker(pg::Request::outcome, json_document(record), pg::Cancel::waits);
}

} // namespace iasql::extension
