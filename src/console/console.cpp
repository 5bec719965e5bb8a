// Takes a request through the checks, in this order: is it for us (host), did a page of ours send it (origin), is there
// anything (path), who asks (session), may he (CSRF token, then user and database), and only then what he wants.
// The order matters: a request that fails one check learns nothing about the next.

#include "console/console.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "console/page.hpp"
#include "console/token.hpp"
#include "hosting/failure.hpp"

#include <iostream>

namespace iasql::console {

namespace {

constexpr std::size_t logins_of_user = 5, logins_from_address = 20, offers_to_user = 20; // in a minute

int status_of(hosting::Reason reason) {
  switch (reason) {
  case hosting::Reason::unknown_database:
    return 404;
  case hosting::Reason::credentials_refused:
  case hosting::Reason::usage:
    return 422;
  case hosting::Reason::not_running:
    return 503;
  case hosting::Reason::failed:
    return 502;
  }
  return 500;
}

Response not_found() {
  return error_response(404, "there is no such thing here");
}

Response log_in_first() {
  return error_response(401, "log in first");
}

Value read_body(const Request& request) {
  if (request.method == "GET") return Object();
  if (request.body.empty()) return Object();
  auto body = read_json(request.body, 8);
  if (!body.is_object()) throw BadRequest("a request's content is a JSON object");
  return body;
}

} // namespace

void add_page_routes(std::vector<Route>& routes) {
  for (const auto& file : page_files())
    routes.push_back({.method = "GET",
                      .pattern = std::string(file.path),
                      .access = Access::everybody,
                      .answer = [file](const Asked&) {
                        return Response{.content_type = std::string(file.content_type),
                                        .body = std::string(file.content)};
                      }});
}

Console::Console(Users::Connect connect, AccountsClient& accounts, Settings settings, Clock clock)
    : m_accounts(accounts), m_settings(std::move(settings)), m_sessions(clock), m_logins_of_user(logins_of_user, clock),
      m_logins_from_address(logins_from_address, clock), m_offers_to_user(offers_to_user, clock),
      m_users(std::move(connect)),
      m_tenant_sessions([&accounts](const auto& database) { return accounts.renew_console_password(database); },
                        m_settings.postgres_host, m_settings.postgres_port),
      m_key_checks([this](const auto& database) { return m_tenant_sessions.connect(database); }, clock) {
  add_page_routes(m_routes);
  add_access_routes(m_routes, *this);
  add_account_routes(m_routes, *this);
  add_database_routes(m_routes, *this);
  add_run_routes(m_routes, *this);
}

Response Console::answer(const Request& request) {
  try {
    return route(request);
  } catch (const BadRequest& error) {
    return error_response(400, error.what());
  } catch (const hosting::Failure& failure) {
    return error_response(status_of(failure.reason()), failure.what(), failure.hint());
  } catch (const hosting::DatabaseError& error) {
    if (!error.sqlstate().empty()) return error_response(422, error.what());
    // What libpq says of a connection names sockets and users; nobody may be logged in yet.
    std::cerr << "iasql console: " << error.what() << std::endl;
    return error_response(503, "PostgreSQL does not answer", "`iasql status` and the console's log say more.");
  } catch (const Error& error) {
    return error_response(error.sqlstate() == sqlstate::invalid_document ? 400 : 502, error.what(), error.hint());
  } catch (const std::exception& error) {
    std::cerr << "iasql console: " << request.method << " failed: " << error.what() << std::endl;
    return error_response(500, "the console has failed at this", "Its log says more.");
  }
}

Response Console::route(const Request& request) {
  if (auto refusal = refuse(request, m_settings.site)) return *refusal;
  auto match = find_route(m_routes, request.method, request.path);
  if (!match.route)
    return match.other_method ? error_response(405, "this cannot be done here in that way") : not_found();
  return ask(*match.route, request, std::move(match.parameters));
}

Response Console::ask(const Route& route, const Request& request, std::map<std::string, std::string> parameters) {
  Asked asked{.request = request, .parameters = std::move(parameters), .body = {}, .session = {}};
  if (route.access == Access::everybody) {
    asked.body = read_body(request);
    return route.answer(asked);
  }
  const auto token = request.cookie(m_settings.cookie);
  const auto session = token ? m_sessions.find(*token, route.use) : std::nullopt;
  if (!session) return log_in_first();
  if (request.method != "GET" && !equal_in_constant_time(request.header("x-csrf-token"), session->csrf_token))
    return error_response(403, "this was not sent by a page of this session", "Load the page again.");
  const auto user = m_users.find(session->user);
  // Wherever the password was changed: here, by another session or by the command line.
  if (!user || user->password_hash != session->password_hash) {
    m_sessions.end(*token);
    return log_in_first();
  }
  if (route.access == Access::administrator && !user->is_administrator)
    return error_response(403, "only an administrator may do this");
  // A database of somebody else and one that does not exist look the same.
  if (route.access == Access::owner && !m_users.may_use(*user, asked.parameter("database"))) return not_found();
  asked.session = *session;
  asked.body = read_body(request);
  return route.answer(asked);
}

hosting::HostedDatabase Console::database(const Asked& asked) const {
  return m_accounts.find(asked.parameter("database"));
}

} // namespace iasql::console
