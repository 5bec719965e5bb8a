// Apply, sync and install: calls to AWS that take their time. A page starts one and asks how it is getting on.

#include "base/json.hpp"
#include "console/console.hpp"
#include "console/plan_digest.hpp"

#include <regex>

namespace iasql::console {

namespace {

constexpr const char* as_json = "SELECT coalesce(json_agg(r), '[]') FROM ";

std::string one_text(hosting::Database& session, const std::string& statement,
                     const std::vector<hosting::Parameter>& parameters = {}) {
  return session.query(statement, parameters).at(0).at(0).value_or("null");
}

// In one transaction with the look at the plan: what is applied is what was seen, or nothing.
std::string apply(hosting::Database& session, const std::string& seen, bool may_lose_data) {
  session.query("BEGIN");
  if (may_lose_data) session.query("SET LOCAL iasql.allow_data_loss = on");
  if (plan_digest(session) != seen)
    throw BadRequest("the plan is another than the one that was shown; nothing was applied");
  auto result = one_text(session, std::string(as_json) + "iasql.iasql_apply() AS r");
  session.query("COMMIT");
  return result;
}

std::string call(hosting::Database& session, const std::string& function) {
  return one_text(session, as_json + ("iasql." + function + "() AS r"));
}

Object describe(const RunReport& run) {
  Object result{{"number", run.number}, {"kind", run.kind}, {"pid", run.backend}};
  switch (run.state) {
  case RunState::running:
    result.set("state", "running");
    break;
  case RunState::done:
    result.set("state", "done");
    result.set("result", read_json(run.result));
    break;
  case RunState::failed:
    result.set("state", "failed");
    result.set("error", Object{{"message", run.error.message}, {"sqlstate", run.error.sqlstate}});
    break;
  }
  return result;
}

std::string modules_literal(hosting::Database& session, const Value& modules) {
  std::string names;
  for (const auto& module : modules.array())
    names += (names.empty() ? "" : ", ") + session.literal(module.string());
  return names;
}

Runs::Work work_of(const Asked& asked) {
  const auto kind = asked.text("kind");
  if (kind == "apply")
    return [seen = asked.text("digest"), may_lose_data = asked.flag("may_lose_data")](hosting::Database& session) {
      return apply(session, seen, may_lose_data);
    };
  if (kind == "sync") return [](hosting::Database& session) { return call(session, "iasql_sync"); };
  if (kind == "plan_sync") return [](hosting::Database& session) { return call(session, "iasql_plan_sync"); };
  if (kind == "install") {
    const auto& modules = asked.body["modules"];
    if (!modules.is_array() || modules.array().empty()) throw BadRequest("install which modules?");
    for (const auto& module : modules.array())
      if (!module.is_string() || !std::regex_match(module.text(), std::regex("[a-z][a-z0-9_]{0,62}")))
        throw BadRequest("a module's name is one such as aws_vpc");
    return [modules](hosting::Database& session) {
      return one_text(session, as_json + ("iasql.iasql_install(" + modules_literal(session, modules) + ") AS r"));
    };
  }
  throw BadRequest("kind is apply, sync, plan_sync or install");
}

// A look at the journal from another session sees each call as soon as it is made.
constexpr const char* progress = R"(
  SELECT coalesce(json_agg(p), '[]')
  FROM (SELECT pid, transaction_state = 'in progress' AS is_under_way, started, extract(epoch FROM elapsed)::float8 AS seconds, action, table_name, description, region, state,
               aws_operation, error
        FROM iasql.progress) AS p)";

} // namespace

void add_run_routes(std::vector<Route>& routes, Console& console) {
  routes.push_back({"POST", "/api/databases/{database}/runs", Access::owner, [&console](const Asked& asked) {
                      auto work = work_of(asked);
                      const auto database = console.database(asked);
                      auto session = std::make_shared<hosting::Database>(console.m_tenant_sessions.connect(database));
                      const auto run =
                          console.m_runs.start(database.name, asked.text("kind"), std::move(session), std::move(work));
                      console.m_users.record(asked.session.user, run.kind, database.name, asked.request.address);
                      return json_response(describe(run), 202);
                    }});

  routes.push_back({"GET", "/api/databases/{database}/progress", Access::owner,
                    [&console](const Asked& asked) {
                      const auto database = console.database(asked);
                      // First the run, then its calls: a run that is done has all of them.
                      const auto run = console.m_runs.latest(database.name);
                      auto session = console.m_tenant_sessions.connect(database);
                      session.query("SET statement_timeout = '10s'");
                      return json_response(Object{{"run", run.number ? Value(describe(run)) : Value()},
                                                  {"calls", read_json(one_text(session, progress))}});
                    },
                    Sessions::Use::by_page});

  routes.push_back({"POST", "/api/databases/{database}/runs/cancel", Access::owner, [&console](const Asked& asked) {
                      console.m_runs.cancel(console.database(asked).name);
                      return json_response(Object());
                    }});
}

} // namespace iasql::console
