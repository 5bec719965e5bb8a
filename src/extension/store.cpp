#include "extension/store.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/server.hpp"
#include "extension/pg/transaction.hpp"
#include "extension/store_sql.hpp"

namespace iasql::extension {

using engine::Table;

PgStore::PgStore(Account account) : m_account(std::move(account)), m_snapshot(std::make_unique<pg::Snapshot>()) {}

PgStore::~PgStore() = default;

pg::Rows PgStore::seen(pg::As as, std::string text, std::vector<std::optional<std::string>> parameters) const {
  return pg::run({.text = std::move(text),
                  .parameters = std::move(parameters),
                  .as = as,
                  .sees = pg::Sees::held,
                  .held = m_snapshot.get()});
}

namespace {

// A timestamp as JSON in the engine's form: "Z" for UTC.
void normalise_timestamps(const Table& table, Object& columns) {
  static constexpr std::string_view utc = "+00:00";
  for (auto& [name, value] : columns) {
    if (!value.is_string() || !value.string().view().ends_with(utc)) continue;
    const engine::Column* column = table.column(name);
    if (column == nullptr || column->type != "timestamp with time zone") continue;
    value = std::string(value.string().view().substr(0, value.string().size() - utc.size())) + "Z";
  }
}

std::string select_rows(const Table& table) {
  return "SELECT " + key_text(table) + ", pg_catalog.to_jsonb(columns) FROM ONLY " + qualified(table) +
         " AS module_table, LATERAL (SELECT " + column_list(table, "module_table.") + ") AS columns" + " ORDER BY " +
         (table.primary_key.empty() ? std::string("1") : "module_table." + pg::quoted(table.primary_key));
}

std::vector<engine::StoredRow> stored_rows(const Table& table, const pg::Rows& rows) {
  std::vector<engine::StoredRow> result;
  result.reserve(rows.rows.size());
  for (const pg::TextRow& row : rows.rows) {
    engine::StoredRow stored{row[0].value_or(""), std::move(read_json(row[1].value()).object())};
    normalise_timestamps(table, stored.columns);
    result.push_back(std::move(stored));
  }
  return result;
}

// What makes a module table unreadable is the table's fault, whatever PostgreSQL calls it.
template <typename Read>
auto naming_table(const Table& table, Read read) {
  try {
    return read();
  } catch (const pg::DatabaseError& error) {
    if (!error.sqlstate().starts_with("42")) throw; // syntax or access: not there any more, or hidden
    throw Error(sqlstate::table_changed, "table \"" + table.name + "\" cannot be read: " + error.what(), error.detail(),
                error.hint());
  }
}

} // namespace

std::vector<engine::StoredRow> PgStore::rows(const Table& table) {
  return naming_table(table, [&] { return stored_rows(table, seen(as_owner_of(table), select_rows(table))); });
}

void PgStore::refresh() {
  m_snapshot->refresh();
}

std::vector<engine::StoredRow> PgStore::latest_rows(const Table& table) {
  return naming_table(table, [&] {
    return stored_rows(table,
                       pg::run({.text = select_rows(table), .as = as_owner_of(table), .sees = pg::Sees::latest}));
  });
}

std::vector<engine::Entry> PgStore::registry() {
  const pg::Rows rows = seen(pg::as_extension_owner, R"(
      SELECT table_name, region, cloud_id, table_oid, row_key, attributes, is_protected, created_here
      FROM iasql.registry WHERE account = $1 ORDER BY table_name, region, cloud_id)",
                             {m_account.id});
  std::vector<engine::Entry> entries;
  entries.reserve(rows.rows.size());
  for (const pg::TextRow& row : rows.rows) {
    engine::Entry entry;
    entry.table = *row[0];
    entry.region = *row[1];
    entry.cloud_id = *row[2];
    entry.table_oid = static_cast<std::uint32_t>(std::stoul(*row[3]));
    entry.row_key = *row[4];
    entry.attributes = read_json(*row[5]).object();
    entry.is_protected = *row[6] == "t";
    entry.created_here = *row[7] == "t";
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::set<engine::IntentId> PgStore::marks() {
  std::set<engine::IntentId> result;
  for (const pg::TextRow& row : seen(pg::as_extension_owner, "SELECT intent FROM iasql.fold_mark").rows)
    result.insert(std::stoll(*row[0]));
  return result;
}

bool PgStore::finished(engine::TransactionId transaction) {
  return m_snapshot->finished(transaction);
}

engine::TransactionId PgStore::transaction() {
  return pg::transaction_id();
}

bool PgStore::has_transaction() {
  return pg::transaction_id_if_any().has_value();
}

std::string PgStore::role() {
  return pg::asking_role();
}

std::vector<engine::Region> PgStore::regions() {
  const pg::Rows table = seen(pg::as_extension_owner, R"(
      SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relname = 'aws_regions' AND c.relkind = 'r')");
  std::vector<engine::Region> result;
  if (table.rows.empty()) {
    if (!m_account.region.empty()) result.push_back({m_account.region, true, true});
    return result;
  }
  const auto oid = static_cast<pg::Oid>(std::stoul(table.rows[0][0].value()));
  const pg::Rows rows = seen(pg::as_table_owner(oid, "aws_regions"),
                             "SELECT region, is_default, is_enabled FROM ONLY public.aws_regions ORDER BY region");
  for (const pg::TextRow& row : rows.rows)
    result.push_back({*row[0], row[1] == "t", row[2] == "t"});
  if (result.empty() && !m_account.region.empty()) result.push_back({m_account.region, true, true});
  return result;
}

engine::Row PgStore::account() {
  if (m_account.id.empty())
    throw Error(sqlstate::not_connected, "no AWS account is connected to this database", {},
                "Connect one with \"iasql connect\"");
  engine::Row row;
  row.set("account_id", m_account.id);
  row.set("access_key_id", m_account.access_key_id);
  row.set("region", m_account.region);
  return row;
}

bool PgStore::confirmed(const Table& table) {
  const pg::Rows rows = seen(pg::as_extension_owner, R"(
      SELECT FROM iasql.module_table
      WHERE name = $1 AND table_oid = $2::oid AND system_identifier = $3 AND database_oid = $4::oid AND account = $5)",
                             {table.name, std::to_string(table.oid), std::to_string(pg::system_identifier()),
                              std::to_string(pg::database_oid()), m_account.id});
  return rows.processed > 0;
}

void PgStore::put_entry(const engine::Entry& entry) {
  seen(pg::as_extension_owner, R"(
      INSERT INTO iasql.registry (account, region, table_name, cloud_id, table_oid, module_version, row_key, attributes,
                                  is_protected, created_here)
      VALUES ($1, $2, $3, $4, $5::oid,
              coalesce((SELECT module.version FROM iasql.module_table JOIN iasql.module ON module.name = module_table.module
                        WHERE module_table.name = $3), ''),
              $6, $7::jsonb, $8::boolean, $9::boolean)
      ON CONFLICT (account, region, table_name, cloud_id) DO UPDATE
        SET table_oid = excluded.table_oid, module_version = excluded.module_version, row_key = excluded.row_key,
            attributes = excluded.attributes, is_protected = excluded.is_protected,
            created_here = excluded.created_here)",
       {m_account.id, entry.region, entry.table, entry.cloud_id, std::to_string(entry.table_oid), entry.row_key,
        json_document(entry.attributes), entry.is_protected ? "t" : "f", entry.created_here ? "t" : "f"});
}

void PgStore::drop_entry(const engine::Entry& entry) {
  seen(pg::as_extension_owner, R"(
      DELETE FROM iasql.registry WHERE account = $1 AND region = $2 AND table_name = $3 AND cloud_id = $4)",
       {m_account.id, entry.region, entry.table, entry.cloud_id});
}

void PgStore::mark(engine::IntentId intent) {
  seen(pg::as_extension_owner, "INSERT INTO iasql.fold_mark (intent) VALUES ($1::bigint) ON CONFLICT DO NOTHING",
       {std::to_string(intent)});
  seen(pg::as_extension_owner, "DELETE FROM iasql.unfolded WHERE intent = $1::bigint", {std::to_string(intent)});
}

} // namespace iasql::extension
