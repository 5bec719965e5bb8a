// Modules come and go: their tables are made as the database's owner, dropped as the tables' owner, and registered in
// schema iasql, which is the truth. The tables iasql_module, iasql_tables and iasql_dependencies in schema public are
// copies of it that clients read and dumps carry. They belong to the database's owner and are written as that owner:
// who owns schema public can put anything in their place, triggers included, and none of it may run with more rights. A
// trigger of ours keeps clients from writing them; who removes it harms a copy.

#include "extension/store_modules.hpp"

#include "base/json.hpp"
#include "extension/pg/call.hpp"
#include "extension/pg/server.hpp"
#include "extension/store.hpp"
#include "extension/store_sql.hpp"
#include "modules/modules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace iasql::extension {

namespace {

struct PublicCopy {
  const char* table;
  const char* columns; // a client may add others
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

int copy_writes = 0; // statements of ours that write a copy right now

struct WritingCopy {
  WritingCopy() { ++copy_writes; }
  ~WritingCopy() { --copy_writes; }
};

struct CopyState {
  pg::Oid oid = 0; // 0: there is none
  bool is_of_database_owner = false, has_our_columns = false, is_kept = false;
};

constexpr const char* describe_copy = R"(
  SELECT c.oid, c.relkind = 'r' AND c.relowner = d.datdba,
    c.relkind = 'r' AND NOT EXISTS (
      SELECT FROM string_to_table($2, ',') AS ours (name)
      WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = ours.name AND a.attnum > 0)),
    EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = c.oid AND t.tgname = 'iasql_keep' AND p.proname = 'keep_copy' AND t.tgenabled = 'O')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_database d
  WHERE n.nspname = 'public' AND c.relname = $1 AND d.datname = current_database())";

CopyState copy_state(const pg::Rows& rows) {
  if (rows.rows.empty()) return {};
  const pg::TextRow& row = rows.rows[0];
  return {static_cast<pg::Oid>(std::stoul(*row[0])), row[1] == "t", row[2] == "t", row[3] == "t"};
}

CopyState copy_state(const PublicCopy& copy) {
  return copy_state(as_owner(describe_copy, {copy.table, copy.columns}));
}

// A copy that came out of a dump belongs to whoever restored it; it is made anew rather than trusted.
void remove_foreign_copies() {
  const PublicCopy* foreign = nullptr;
  pg::Oid foreign_oid = 0;
  std::string list;
  for (const PublicCopy& copy : public_copies) {
    const CopyState state = copy_state(copy);
    if (state.oid == 0 || (state.is_of_database_owner && state.has_our_columns)) continue;
    if (!state.has_our_columns)
      throw Error(sqlstate::table_exists, "public." + std::string(copy.table) + " exists and is not iasql's", {},
                  "Rename or drop it, then call iasql.repair()");
    foreign = &copy;
    foreign_oid = state.oid;
    list += (list.empty() ? "public." : ", public.") + pg::quoted(copy.table);
  }
  if (foreign != nullptr)
    pg::run({.text = "DROP TABLE " + list, .as = pg::as_table_owner(foreign_oid, foreign->table)});
}

// As the database's owner, whose tables the copies are. `document` is $1.
void write_copy(std::size_t index, std::string text, const std::string& document) {
  const PublicCopy& copy = public_copies[index];
  const WritingCopy writing;
  pg::run(
      {.text = std::move(text), .parameters = {document}, .as = pg::as_table_owner(copy_state(copy).oid, copy.table)});
}

// What the registry says, as a document that the copies' owner may read.
std::string document_of(std::string text) {
  return as_owner("SELECT coalesce(jsonb_agg(copied ORDER BY position), '[]') FROM (" + std::move(text) + ") copied")
      .rows.at(0)
      .at(0)
      .value();
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

// The table's oid; 0 where there is no such table. Of `columns` all that it has, where none is named.
pg::Oid register_table(const std::string& module, const std::string& table, const std::vector<std::string>& columns,
                       std::size_t position, const std::string& account) {
  const pg::Rows rows = as_owner(R"(
      INSERT INTO iasql.module_table (name, module, position, table_oid, columns, system_identifier, database_oid, account)
      SELECT c.relname, $2, $3::integer, c.oid,
             ARRAY(SELECT a.attname::text FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     AND ($7 = '[]' OR $7::jsonb ? a.attname::text) ORDER BY a.attnum),
             $4, $5::oid, $6
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relname = $1 AND c.relkind = 'r'
      RETURNING table_oid)",
                                 {table, module, std::to_string(position), std::to_string(pg::system_identifier()),
                                  std::to_string(pg::database_oid()), account, json_list(columns)});
  return rows.rows.empty() ? 0 : static_cast<pg::Oid>(std::stoul(rows.rows[0][0].value()));
}

// As the library knows them: restoring a dump into a database that has the copies already leaves that table empty.
std::vector<std::string> dependencies_of(const std::string& module) {
  for (const engine::Module& known : modules::all_modules())
    if (known.name == module) return known.dependencies;
  return {};
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
  std::set<std::string> unregistered;
  for (const pg::TextRow& row : seen(pg::as_table_owner(copies[0].oid, public_copies[0].table),
                                     "SELECT name, version FROM ONLY public.iasql_module ORDER BY ctid")
                                    .rows) {
    if (std::ranges::any_of(known.modules, [&](const auto& module) { return module.name == *row[0]; })) continue;
    unregistered.insert(*row[0]);
    known.modules.push_back({*row[0], *row[1], true, dependencies_of(*row[0]), false});
  }
  if (unregistered.empty()) return known;
  for (const pg::TextRow& row : seen(pg::as_table_owner(copies[1].oid, public_copies[1].table),
                                     "SELECT \"table\", module FROM ONLY public.iasql_tables ORDER BY ctid")
                                    .rows) {
    if (!unregistered.contains(*row[1])) continue;
    const pg::Rows found = seen(pg::as_extension_owner, R"(
        SELECT c.oid, to_jsonb(string_to_array(split_part(encode(t.tgargs, 'escape'), '\000', 1), ','))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'iasql_check'
        WHERE n.nspname = 'public' AND c.relname = $1)",
                                {*row[0]});
    if (found.rows.empty())
      known.tables.push_back({*row[0], *row[1], 0, {}, false});
    else
      known.tables.push_back({*row[0], *row[1], static_cast<pg::Oid>(std::stoul(found.rows[0][0].value())),
                              texts_of(found.rows[0][1]), false});
  }
  return known;
}

void refuse_to_write_copy(const std::string& table) {
  if (copy_writes > 0) return;
  // Where nothing is installed a dump may be restored: its modules stay unconfirmed until the next sync.
  if (as_owner("SELECT FROM iasql.module LIMIT 1").rows.empty()) return;
  throw Error(sqlstate::insufficient_privilege, "table " + table + " is kept by iasql and is for reading", {},
              "iasql_install() and iasql_uninstall() change it");
}

namespace {

// Makes the copies where they are missing.
void make_public_copies() {
  remove_foreign_copies();
  for (const PublicCopy& copy : public_copies) {
    const CopyState state = copy_state(copy);
    const std::string table = "public." + pg::quoted(copy.table);
    if (state.oid == 0)
      pg::run({.text = std::string(copy.create) + "; COMMENT ON TABLE " + table + " IS " + pg::literal(copy.comment) +
                       "; GRANT SELECT ON TABLE " + table + " TO PUBLIC",
               .as = pg::as_database_owner});
    if (!state.is_kept)
      pg::run({.text = "CREATE OR REPLACE TRIGGER iasql_keep BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON " +
                       table + " FOR EACH STATEMENT EXECUTE FUNCTION iasql.keep_copy()",
               .as = pg::as_database_owner});
  }
}

// Makes the copies' rows equal to the registry's.
void write_public_copies() {
  // A deferred trigger of the owner's would fire in nobody knows whose name; as in PgStore::written().
  pg::run({.text = "SET CONSTRAINTS ALL IMMEDIATE"});
  forget_dropped_modules();
  make_public_copies();
  const std::string modules = document_of("SELECT name, version, position FROM iasql.module");
  const std::string tables = document_of(R"(
      SELECT t.name AS "table", t.module, row_number() OVER (ORDER BY m.position, t.position) AS position
      FROM iasql.module_table t JOIN iasql.module m ON m.name = t.module)");
  const std::string dependencies = document_of(R"(
      SELECT m.name AS module, d.name AS dependency, row_number() OVER (ORDER BY m.position, d.position) AS position
      FROM iasql.module m JOIN iasql.module d ON d.name = ANY (m.dependencies))");
  // Additions from parents to children, removals the other way round.
  write_copy(0, R"(
      INSERT INTO public.iasql_module (name, version)
      SELECT name, version FROM jsonb_to_recordset($1::jsonb) AS given (name text, version text, position bigint)
      ORDER BY position
      ON CONFLICT (name) DO UPDATE SET version = excluded.version WHERE iasql_module.version <> excluded.version)",
             modules);
  write_copy(1, R"(
      DELETE FROM public.iasql_tables here
      WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS given ("table" text, module text)
                        WHERE given."table" = here."table" AND given.module = here.module))",
             tables);
  write_copy(1, R"(
      INSERT INTO public.iasql_tables ("table", module)
      SELECT "table", module
      FROM jsonb_to_recordset($1::jsonb) AS given ("table" text, module text, position bigint)
      ORDER BY position ON CONFLICT DO NOTHING)",
             tables);
  write_copy(2, R"(
      DELETE FROM public.iasql_dependencies here
      WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS given (module text, dependency text)
                        WHERE given.module = here.module AND given.dependency = here.dependency))",
             dependencies);
  write_copy(2, R"(
      INSERT INTO public.iasql_dependencies (module, dependency)
      SELECT module, dependency
      FROM jsonb_to_recordset($1::jsonb) AS given (module text, dependency text, position bigint)
      ORDER BY position ON CONFLICT DO NOTHING)",
             dependencies);
  write_copy(0, R"(
      DELETE FROM public.iasql_module here
      WHERE NOT EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS given (name text) WHERE given.name = here.name))",
             modules);
}

} // namespace

void repair_public_copies() {
  // Where nothing is installed, what the copies say came out of a dump and waits for the next sync to confirm it.
  if (as_owner("SELECT FROM iasql.module LIMIT 1").rows.empty())
    make_public_copies();
  else
    write_public_copies();
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
    const pg::Oid oid = register_table(module.name, table, {}, position, m_account.id);
    if (oid == 0)
      throw Error(sqlstate::invalid_spec, "the SQL of module " + module.name + " makes no table \"" + table + "\"");
    // Its argument goes into a dump, and tells a restored copy which columns are the module's.
    const pg::Rows columns = as_owner(
        "SELECT quote_literal(array_to_string(columns, ',')) FROM iasql.module_table WHERE name = $1", {table});
    pg::run({.text = "CREATE TRIGGER iasql_check BEFORE INSERT OR UPDATE ON public." + pg::quoted(table) +
                     " FOR EACH ROW EXECUTE FUNCTION iasql.check_row(" + columns.rows.at(0).at(0).value() + ")",
             .as = pg::as_table_owner(oid, table)});
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
      SELECT c.oid, c.relname
      FROM iasql.module_table t JOIN pg_class c ON c.oid = t.table_oid
      WHERE t.module = $1)",
                                   {module.name});
  std::string list;
  for (const pg::TextRow& row : tables.rows)
    list += (list.empty() ? "public." : ", public.") + pg::quoted(*row[1]);
  if (!list.empty())
    pg::run(
        {.text = "DROP TABLE " + list,
         .as = pg::as_table_owner(static_cast<pg::Oid>(std::stoul(tables.rows[0][0].value())), *tables.rows[0][1])});

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
    if (!table.is_registered) register_table(table.module, table.name, table.columns, index, m_account.id);
  }
  as_owner("UPDATE iasql.module_table SET system_identifier = $1, database_oid = $2::oid, account = $3",
           {std::to_string(pg::system_identifier()), std::to_string(pg::database_oid()), m_account.id});
  write_public_copies();
}

} // namespace iasql::extension
