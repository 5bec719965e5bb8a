// Modules come and go: their tables are made as the database's owner, dropped as the tables' owner, and registered in
// schema iasql, which is the truth. The tables iasql_module, iasql_tables and iasql_dependencies in schema public are
// copies of it that clients read and dumps carry; they belong to the extension's owner, so that no trigger of a
// tenant's ever runs with that owner's rights.

#include "extension/store_modules.hpp"

#include "base/json.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/server.hpp"
#include "extension/store.hpp"
#include "extension/store_sql.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace iasql::extension {

namespace {

struct PublicCopy {
  const char* table;
  const char* columns; // in order, as the catalogue lists them
  const char* create;
  const char* comment;
};

constexpr std::array<PublicCopy, 3> public_copies = {{
    {"iasql_module", "name,version", "CREATE TABLE public.iasql_module (name text PRIMARY KEY, version text NOT NULL)",
     "Installed modules. Kept by iasql; iasql_install() and iasql_uninstall() change it."},
    {"iasql_tables", "table,module",
     "CREATE TABLE public.iasql_tables (\"table\" text PRIMARY KEY, "
     "module text NOT NULL REFERENCES public.iasql_module (name))",
     "The tables of installed modules. Kept by iasql."},
    {"iasql_dependencies", "module,dependency",
     "CREATE TABLE public.iasql_dependencies (module text NOT NULL REFERENCES public.iasql_module (name), "
     "dependency text NOT NULL REFERENCES public.iasql_module (name), PRIMARY KEY (module, dependency))",
     "Which installed module needs which. Kept by iasql."},
}};

pg::Rows as_owner(std::string text, std::vector<std::optional<std::string>> parameters = {}) {
  return pg::run({.text = std::move(text), .parameters = std::move(parameters), .as = pg::as_extension_owner});
}

std::string json_list(const std::vector<std::string>& texts) {
  Array list;
  for (const std::string& text : texts)
    list.push_back(text);
  return json_document(std::move(list));
}

std::vector<std::string> texts_of(const std::optional<std::string>& json) {
  std::vector<std::string> texts;
  const Value list = read_json(json.value_or("[]"));
  for (const Value& each : list.array())
    texts.push_back(each.string());
  return texts;
}

struct CopyState {
  pg::Oid oid = 0; // 0: there is none
  bool is_ours = false, has_our_columns = false;
};

constexpr const char* describe_copy = R"(
  SELECT c.oid, c.relkind = 'r' AND c.relowner = i.nspowner,
    c.relkind = 'r' AND $2 = (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_namespace i
  WHERE n.nspname = 'public' AND c.relname = $1 AND i.nspname = 'iasql')";

CopyState copy_state(const pg::Rows& rows) {
  if (rows.rows.empty()) return {};
  const pg::TextRow& row = rows.rows[0];
  return {static_cast<pg::Oid>(std::stoul(*row[0])), row[1] == "t", row[2] == "t"};
}

// A copy that came out of a dump belongs to whoever restored it; it is made anew rather than trusted.
void remove_foreign_copies() {
  std::vector<pg::Oid> foreign;
  std::string list;
  for (const PublicCopy& copy : public_copies) {
    const CopyState state = copy_state(as_owner(describe_copy, {copy.table, copy.columns}));
    if (state.oid == 0 || state.is_ours) continue;
    if (!state.has_our_columns)
      throw Error(sqlstate::table_exists, "public." + std::string(copy.table) + " exists and is not iasql's", {},
                  "Rename or drop it, then call iasql.repair()");
    foreign.push_back(state.oid);
    list += (list.empty() ? "public." : ", public.") + pg::quoted(copy.table);
  }
  if (!foreign.empty()) pg::run({.text = "DROP TABLE " + list, .as = pg::as_table_owner(foreign.front())});
}

// Modules whose tables are all gone, with schema public for instance: they can be installed again.
void forget_dropped_modules() {
  as_owner(R"(
      WITH gone AS (
             SELECT module FROM iasql.module_table LEFT JOIN pg_class ON pg_class.oid = table_oid
             GROUP BY module HAVING count(pg_class.oid) = 0),
           tables AS (DELETE FROM iasql.module_table USING gone WHERE gone.module = module_table.module)
      SELECT)");
  as_owner(R"(
      DELETE FROM iasql.module WHERE NOT EXISTS (SELECT FROM iasql.module_table WHERE module_table.module = module.name))");
}

void register_module(const std::string& name, const std::string& version, const std::vector<std::string>& dependencies,
                     bool named) {
  as_owner(R"(
      INSERT INTO iasql.module (name, version, dependencies, named)
      VALUES ($1, $2, ARRAY(SELECT jsonb_array_elements_text($3::jsonb)), $4::boolean))",
           {name, version, json_list(dependencies), named ? "t" : "f"});
}

// Whether there was such a table.
bool register_table(const std::string& module, const std::string& table, std::size_t position,
                    const std::string& account) {
  return as_owner(R"(
      INSERT INTO iasql.module_table (name, module, position, table_oid, columns, system_identifier, database_oid, account)
      SELECT c.relname, $2, $3::integer, c.oid,
             ARRAY(SELECT a.attname::text FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
             $4, $5::oid, $6
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relname = $1 AND c.relkind = 'r')",
                  {table, module, std::to_string(position), std::to_string(pg::system_identifier()),
                   std::to_string(pg::database_oid()), account})
             .processed > 0;
}

} // namespace

KnownModules known_modules(const pg::Snapshot& snapshot) {
  const auto seen = [&](pg::As as, std::string text, std::vector<std::optional<std::string>> parameters = {}) {
    return pg::run({.text = std::move(text),
                    .parameters = std::move(parameters),
                    .as = as,
                    .sees = pg::Sees::held,
                    .held = &snapshot});
  };
  KnownModules known;
  for (const pg::TextRow& row :
       seen(pg::as_extension_owner,
            "SELECT name, version, named, to_jsonb(dependencies) FROM iasql.module ORDER BY position")
           .rows)
    known.modules.push_back({*row[0], *row[1], row[2] == "t", texts_of(row[3]), true});
  for (const pg::TextRow& row : seen(pg::as_extension_owner, R"(
           SELECT t.name, t.module, t.table_oid, to_jsonb(t.columns)
           FROM iasql.module_table t JOIN iasql.module m ON m.name = t.module ORDER BY m.position, t.position)")
                                    .rows)
    known.tables.push_back({*row[0], *row[1], static_cast<pg::Oid>(std::stoul(*row[2])), texts_of(row[3]), true});

  std::array<CopyState, public_copies.size()> copies;
  for (std::size_t index = 0; index < copies.size(); ++index) {
    const PublicCopy& copy = public_copies[index];
    copies[index] = copy_state(seen(pg::as_extension_owner, describe_copy, {copy.table, copy.columns}));
    if (!copies[index].has_our_columns) return known;
  }
  std::map<std::string, std::size_t> unregistered;
  for (const pg::TextRow& row :
       seen(pg::as_table_owner(copies[0].oid), "SELECT name, version FROM ONLY public.iasql_module ORDER BY ctid")
           .rows) {
    if (std::ranges::any_of(known.modules, [&](const auto& module) { return module.name == *row[0]; })) continue;
    unregistered.emplace(*row[0], known.modules.size());
    known.modules.push_back({*row[0], *row[1], true, {}, false});
  }
  if (unregistered.empty()) return known;
  for (const pg::TextRow& row :
       seen(pg::as_table_owner(copies[2].oid), "SELECT module, dependency FROM ONLY public.iasql_dependencies").rows)
    if (const auto module = unregistered.find(*row[0]); module != unregistered.end())
      known.modules[module->second].dependencies.push_back(*row[1]);
  for (const pg::TextRow& row :
       seen(pg::as_table_owner(copies[1].oid), "SELECT \"table\", module FROM ONLY public.iasql_tables ORDER BY ctid")
           .rows) {
    if (!unregistered.contains(*row[1])) continue;
    const pg::Rows found = seen(pg::as_extension_owner, R"(
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relname = $1)",
                                {*row[0]});
    const pg::Oid oid = found.rows.empty() ? 0 : static_cast<pg::Oid>(std::stoul(found.rows[0][0].value()));
    known.tables.push_back({*row[0], *row[1], oid, {}, false});
  }
  return known;
}

void write_public_copies() {
  forget_dropped_modules();
  remove_foreign_copies();
  for (const PublicCopy& copy : public_copies) {
    if (copy_state(as_owner(describe_copy, {copy.table, copy.columns})).oid != 0) continue;
    const std::string table = "public." + pg::quoted(copy.table);
    as_owner(copy.create);
    as_owner("COMMENT ON TABLE " + table + " IS " + pg::literal(copy.comment));
    as_owner("GRANT SELECT ON TABLE " + table + " TO PUBLIC");
  }
  // Additions from parents to children, removals the other way round.
  as_owner(R"(INSERT INTO public.iasql_module (name, version) SELECT name, version FROM iasql.module ORDER BY position
              ON CONFLICT (name) DO UPDATE SET version = excluded.version WHERE iasql_module.version <> excluded.version)");
  as_owner(R"(DELETE FROM public.iasql_tables here
              WHERE NOT EXISTS (SELECT FROM iasql.module_table t WHERE t.name = here."table" AND t.module = here.module))");
  as_owner(R"(INSERT INTO public.iasql_tables ("table", module)
              SELECT t.name, t.module FROM iasql.module_table t JOIN iasql.module m ON m.name = t.module
              ORDER BY m.position, t.position ON CONFLICT DO NOTHING)");
  as_owner(R"(DELETE FROM public.iasql_dependencies here
              WHERE NOT EXISTS (SELECT FROM iasql.module m
                                WHERE m.name = here.module AND here.dependency = ANY (m.dependencies)))");
  as_owner(R"(INSERT INTO public.iasql_dependencies (module, dependency)
              SELECT m.name, d.name FROM iasql.module m JOIN iasql.module d ON d.name = ANY (m.dependencies)
              ORDER BY m.position, d.position ON CONFLICT DO NOTHING)");
  as_owner(
      R"(DELETE FROM public.iasql_module here WHERE NOT EXISTS (SELECT FROM iasql.module m WHERE m.name = here.name))");
}

void PgStore::create_module(const engine::Module& module, bool named) {
  forget_dropped_modules();
  try {
    pg::run({.text = std::string(module.sql), .as = pg::as_database_owner});
  } catch (const pg::DatabaseError& error) {
    throw Error(error.sqlstate(), "module " + module.name + " could not be installed: " + error.what(), error.detail(),
                error.hint());
  }
  register_module(module.name, module.version, module.dependencies, named);
  for (std::size_t position = 0; position < module.tables.size(); ++position) {
    const std::string& table = module.tables[position];
    if (!register_table(module.name, table, position, m_account.id))
      throw Error(sqlstate::invalid_spec, "the SQL of module " + module.name + " makes no table \"" + table + "\"");
    as_owner("CREATE TRIGGER iasql_check BEFORE INSERT OR UPDATE ON public." + pg::quoted(table) +
             " FOR EACH ROW EXECUTE FUNCTION iasql.check_row()");
  }
  write_public_copies();
}

engine::Catalogue PgStore::catalogue_with(const std::vector<const engine::Module*>& modules) {
  struct Undo {};
  engine::Catalogue catalogue;
  try {
    pg::call(pg::Guard::subtransaction, [&] {
      for (const engine::Module* module : modules)
        create_module(*module, true);
      catalogue = this->catalogue();
      throw Undo();
    });
  } catch (const Undo&) {
    // The subtransaction is rolled back, as it had to be.
  }
  return catalogue;
}

void PgStore::drop_module(const engine::Module& module) {
  const pg::Rows tables = as_owner(R"(
      SELECT c.oid, format('%I.%I', n.nspname, c.relname)
      FROM iasql.module_table t JOIN pg_class c ON c.oid = t.table_oid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE t.module = $1)",
                                   {module.name});
  std::string list;
  for (const pg::TextRow& row : tables.rows)
    list += (list.empty() ? "" : ", ") + *row[1];
  if (!list.empty())
    pg::run({.text = "DROP TABLE " + list,
             .as = pg::as_table_owner(static_cast<pg::Oid>(std::stoul(tables.rows[0][0].value())))});

  for (const std::string& function : module.functions)
    pg::run({.text = "DROP FUNCTION IF EXISTS " + function, .as = pg::as_database_owner});

  as_owner(R"(
      DELETE FROM iasql.registry USING iasql.module_table
      WHERE module_table.module = $1 AND registry.table_name = module_table.name)",
           {module.name});
  as_owner("DELETE FROM iasql.module_table WHERE module = $1", {module.name});
  as_owner("DELETE FROM iasql.module WHERE name = $1", {module.name});
  write_public_copies();
}

std::vector<std::string> PgStore::existing(const std::vector<std::string>& names) {
  const pg::Rows rows = as_owner(R"(
      SELECT given.name FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS given (name, position)
      WHERE EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'public' AND c.relname = given.name)
         OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                    WHERE n.nspname = 'public' AND t.typname = given.name)
      ORDER BY given.position)",
                                 {json_list(names)});
  std::vector<std::string> result;
  for (const pg::TextRow& row : rows.rows)
    result.push_back(row[0].value());
  return result;
}

void PgStore::confirm() {
  const KnownModules known = known_modules(*m_snapshot);
  for (const KnownModules::Module& module : known.modules)
    if (!module.is_registered) register_module(module.name, module.version, module.dependencies, module.named);
  for (std::size_t index = 0; index < known.tables.size(); ++index) {
    const KnownModules::Table& table = known.tables[index];
    if (!table.is_registered) register_table(table.module, table.name, index, m_account.id);
  }
  as_owner("UPDATE iasql.module_table SET system_identifier = $1, database_oid = $2::oid, account = $3",
           {std::to_string(pg::system_identifier()), std::to_string(pg::database_oid()), m_account.id});
  write_public_copies();
}

} // namespace iasql::extension
