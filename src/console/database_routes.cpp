// What a page shows of one database. Every statement runs as its owner (tenant_sessions.hpp), and JSON is made by
// PostgreSQL: what is passed on is passed on as it is.

#include "console/console.hpp"
#include "console/token.hpp"

namespace iasql::console {

namespace {

constexpr std::size_t most_rows = 500, most_bytes = std::size_t{2} << 20;

Response json_text(std::string text) {
  Response response;
  response.body = std::move(text);
  return response;
}

std::string one_text(hosting::Database& session, const std::string& statement) {
  return session.query(statement).at(0).at(0).value_or("null");
}

// Of the modules' tables those that are there: the owner may have dropped one.
constexpr const char* tables = R"(
  SELECT t."table" AS name, t.module, pg_catalog.to_regclass('public.' || pg_catalog.quote_ident(t."table")) AS oid
  FROM public.iasql_tables t
  WHERE pg_catalog.to_regclass('public.' || pg_catalog.quote_ident(t."table")) IS NOT NULL)";

std::string modules(hosting::Database& session) {
  if (!session.query("SELECT WHERE to_regclass('public.iasql_tables') IS NULL").empty()) return R"({"installed":[]})";
  std::string counts;
  for (const auto& row : session.query(std::string("SELECT name, module FROM (") + tables + ") AS t ORDER BY 2, 1"))
    counts += (counts.empty() ? "SELECT " : " UNION ALL SELECT ") + session.literal(*row[1]) + " AS module, " +
              session.literal(*row[0]) + " AS name, count(*) AS records FROM ONLY public." +
              session.identifier(*row[0]);
  if (counts.empty()) counts = "SELECT ''::text AS module, ''::text AS name, 0::bigint AS records WHERE false";
  return one_text(session, R"(
    SELECT json_build_object(
      'installed', coalesce(json_agg(json_build_object(
        'module', m.module_name, 'version', m.module_version, 'dependencies', m.dependencies,
        'tables', coalesce((SELECT json_agg(json_build_object('name', c.name, 'records', c.records))
                            FROM ()" +
                               counts + R"() AS c WHERE c.module = m.module_name), '[]'))
        ORDER BY m.module_name), '[]'),
      'available', (SELECT coalesce(json_agg(l.module_name ORDER BY l.module_name), '[]')
                    FROM iasql.iasql_modules_list() AS l))
    FROM iasql.iasql_modules_installed() AS m)");
}

constexpr const char* graph = R"(
  WITH tables AS MATERIALIZED (%)
  SELECT json_build_object(
    'tables', (SELECT coalesce(json_agg(json_build_object('name', name, 'module', module) ORDER BY module, name), '[]')
               FROM tables),
    'references', (SELECT coalesce(json_agg(DISTINCT jsonb_build_object('from', f.name, 'to', t.name)), '[]')
                   FROM pg_constraint AS c JOIN tables AS f ON f.oid = c.conrelid JOIN tables AS t ON t.oid = c.confrelid
                   WHERE c.contype = 'f' AND f.oid <> t.oid)))";

constexpr const char* history = R"(
  SELECT coalesce(json_agg(h), '[]')
  FROM (SELECT "when", who, action, table_name, description, region, aws_request_id, error
        FROM iasql.history ORDER BY "when" DESC LIMIT 200) AS h)";

// The whole plan, with a digest: apply does what was seen, or nothing.
std::string plan_text(hosting::Database& session) {
  return one_text(session, "SELECT coalesce(json_agg(p ORDER BY p.step), '[]') FROM iasql.iasql_plan() AS p");
}

} // namespace

std::string plan_digest(hosting::Database& session) {
  return digest(plan_text(session));
}

void add_database_routes(std::vector<Route>& routes, Console& console) {
  const auto view = [&](const std::string& name, std::function<std::string(hosting::Database&)> text) {
    routes.push_back({"GET", "/api/databases/{database}/" + name, Access::owner,
                      [&console, text = std::move(text)](const Asked& asked) {
                        auto session = console.m_tenant_sessions.connect(console.database(asked));
                        session.query("SET statement_timeout = '30s'");
                        session.query("BEGIN READ ONLY");
                        return json_text(text(session));
                      }});
  };
  view("modules", modules);
  view("graph", [](hosting::Database& session) {
    std::string statement = graph;
    if (!session.query("SELECT WHERE to_regclass('public.iasql_tables') IS NULL").empty())
      return std::string(R"({"tables":[],"references":[]})");
    statement.replace(statement.find('%'), 1, tables);
    return one_text(session, statement);
  });
  view("history", [](hosting::Database& session) { return R"({"history":)" + one_text(session, history) + "}"; });
  view("plan", [](hosting::Database& session) {
    const auto plan = plan_text(session);
    return R"({"digest":")" + digest(plan) + R"(","plan":)" + plan + "}";
  });

  routes.push_back({"POST", "/api/databases/{database}/query", Access::owner, [&console](const Asked& asked) {
                      const auto statement = asked.text("statement");
                      if (statement.find('\0') != std::string::npos) throw BadRequest("SQL has no zero bytes");
                      auto session = console.m_tenant_sessions.connect(console.database(asked));
                      session.query("SET search_path TO \"$user\", public");
                      session.query("SET statement_timeout = '10s'");
                      session.query("BEGIN READ ONLY");
                      // From the first snapshot on PostgreSQL does not let a transaction become read-write again.
                      session.query("SELECT 1");
                      const auto table = session.read(statement, most_rows, most_bytes);
                      Array columns, rows;
                      for (const auto& column : table.columns)
                        columns.emplace_back(column);
                      for (const auto& fields : table.rows) {
                        Array row;
                        for (const auto& field : fields)
                          row.push_back(field ? Value(*field) : Value());
                        rows.emplace_back(std::move(row));
                      }
                      return json_response(
                          Object{{"columns", std::move(columns)}, {"rows", std::move(rows)}, {"is_cut", table.is_cut}});
                    }});
}

} // namespace iasql::console
