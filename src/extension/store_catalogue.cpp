// The module tables as they are now, and whether they can be trusted. Truth is schema iasql; for a copy restored from a
// dump, which brings the tables and iasql_module without it, the public tables say what there is, until a sync confirms
// it.

#include "base/error.hpp"
#include "base/json.hpp"
#include "extension/store.hpp"
#include "extension/store_modules.hpp"
#include "extension/store_sql.hpp"

namespace iasql::extension {

namespace {

// $1: [{name, module, oid, columns or null}]
constexpr const char* describe_tables = R"(
  WITH known AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS known (name text, module text, oid oid, columns jsonb))
  SELECT known.name, known.module, known.oid,
    CASE
      WHEN c.oid IS NULL THEN 'was dropped'
      WHEN c.relname <> known.name THEN format('was renamed to "%s"', c.relname)
      WHEN n.nspname <> 'public' THEN format('was moved to schema "%s"', n.nspname)
      WHEN c.relispartition THEN 'is a partition'
      WHEN c.relkind <> 'r' THEN 'is not an ordinary table'
      WHEN c.relpersistence <> 'p' THEN 'is unlogged: a crash would empty it'
      WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid) THEN 'inherits from another table'
      WHEN EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) THEN 'has an inheritance child'
      WHEN EXISTS (SELECT FROM pg_rewrite WHERE ev_class = c.oid) THEN 'has a rewrite rule'
      WHEN c.relrowsecurity AND c.relforcerowsecurity AND NOT (r.rolsuper OR r.rolbypassrls)
        THEN 'has row-level security that hides rows from its owner'
      ELSE coalesce(
        (SELECT format('has no column "%s" any more', lost.name)
         FROM jsonb_array_elements_text(known.columns) AS lost (name)
         WHERE NOT EXISTS (SELECT FROM pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attname = lost.name AND NOT a.attisdropped)
         LIMIT 1),
        -- Without its foreign key the number of a row would be taken for AWS's own id.
        (SELECT format('has no foreign key on column "%s" any more', a.attname)
         FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND known.columns ? a.attname::text
           AND a.atttypid IN ('integer'::regtype, 'bigint'::regtype) AND a.attname ~ '_id$'
           AND NOT EXISTS (SELECT FROM pg_constraint k JOIN known parent ON parent.oid = k.confrelid
                           WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum])
         LIMIT 1))
    END,
    (SELECT coalesce(jsonb_agg(a.attname ORDER BY a.attnum), '[]')
     FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = c.oid AND i.indisprimary),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                                                  'not_null', a.attnotnull,
                                                  'of_module', known.columns IS NULL OR known.columns ? a.attname::text)
                               ORDER BY a.attnum), '[]')
     FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('column', here.attname, 'table', parent.name, 'target', there.attname)
                               ORDER BY here.attnum), '[]')
     FROM pg_constraint k
       JOIN known parent ON parent.oid = k.confrelid
       JOIN pg_attribute here ON here.attrelid = k.conrelid AND here.attnum = k.conkey[1]
       JOIN pg_attribute there ON there.attrelid = k.confrelid AND there.attnum = k.confkey[1]
     WHERE k.conrelid = c.oid AND k.contype = 'f' AND cardinality(k.conkey) = 1
       AND (known.columns IS NULL OR known.columns ? here.attname::text))
  FROM known
    LEFT JOIN pg_class c ON c.oid = known.oid
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_roles r ON r.oid = c.relowner)";

engine::Table table_of(const pg::TextRow& row) {
  engine::Table table;
  table.name = *row[0];
  table.module = *row[1];
  table.oid = static_cast<std::uint32_t>(std::stoul(row[2].value_or("0")));
  const Value primary_key = read_json(*row[4]);
  for (const Value& column : primary_key.array())
    table.key_columns.push_back(column.string());
  if (table.key_columns.size() == 1) table.primary_key = table.key_columns.front();
  const Value columns = read_json(*row[5]);
  for (const Value& column : columns.array())
    table.columns.push_back({column["name"].string(), column["type"].string(), column["not_null"].boolean(),
                             column["of_module"].boolean()});
  const Value keys = read_json(*row[6]);
  for (const Value& key : keys.array())
    table.foreign_keys.push_back({key["column"].string(), key["table"].string(), key["target"].string()});
  return table;
}

} // namespace

engine::Catalogue PgStore::catalogue() {
  std::vector<Unsound> unsound;
  engine::Catalogue catalogue = sound_tables(unsound);
  if (!unsound.empty()) throw Error(unsound.front().error);
  return catalogue;
}

engine::Catalogue PgStore::sound_tables(std::vector<Unsound>& unsound) {
  const KnownModules known = known_modules(*m_snapshot);
  engine::Catalogue catalogue;
  for (const KnownModules::Module& module : known.modules)
    catalogue.modules.push_back({module.name, module.version, module.named});
  Array tables;
  for (const KnownModules::Table& each : known.tables) {
    Object table;
    table.set("name", each.name);
    table.set("module", each.module);
    table.set("oid", std::to_string(each.oid));
    Array columns;
    for (const std::string& column : each.columns)
      columns.push_back(column);
    table.set("columns", columns.empty() ? Value() : Value(std::move(columns)));
    tables.push_back(std::move(table));
  }
  for (const pg::TextRow& row : seen(pg::as_extension_owner, describe_tables, {write_json(std::move(tables))}).rows) {
    if (row[3]) {
      unsound.push_back(
          {static_cast<pg::Oid>(std::stoul(row[2].value_or("0"))), *row[0],
           Error(
               sqlstate::table_changed, "table \"" + *row[0] + "\" of module " + *row[1] + " " + *row[3],
               "Its rows can no longer say what the AWS account should have; nothing was planned or changed",
               "Undo that change, or run iasql.repair() when every table of the module is gone and install it anew")});
      continue;
    }
    engine::Table table = table_of(row);
    std::string name = table.name;
    catalogue.tables.emplace(std::move(name), std::move(table));
  }
  return catalogue;
}

} // namespace iasql::extension
