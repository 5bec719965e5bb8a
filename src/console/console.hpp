#pragma once

// The console as a function from requests to answers. Its parts are shared by the files with routes.

#include "console/accounts_client.hpp"
#include "console/guard.hpp"
#include "console/http.hpp"
#include "console/key_checks.hpp"
#include "console/rate_limit.hpp"
#include "console/router.hpp"
#include "console/runs.hpp"
#include "console/sessions.hpp"
#include "console/tenant_sessions.hpp"
#include "console/users.hpp"
#include "hosting/hosting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iasql::console {

struct Settings {
  Site site;
  std::string cookie; // the session cookie's name, another for each port: cookies do not know ports
  // Where PostgreSQL takes connections, as connection strings name it.
  std::string postgres_host = "127.0.0.1";
  int postgres_port = 5432;
};

class Console {
public:
  // The connection to the database with the console's own tables, and who does what takes the server's rights.
  Console(Users::Connect connect, AccountsClient& accounts, Settings settings, Clock clock);

  Users& users() { return m_users; }

  // Any number of threads may ask at a time. Never throws.
  Response answer(const Request& request);
  // What every answer of this site carries.
  void finish(Response& response) const { add_security_headers(response, m_settings.site); }

private:
  Response route(const Request& request);
  Response ask(const Route& route, const Request& request, std::map<std::string, std::string> parameters);

  friend void add_page_routes(std::vector<Route>& routes);
  friend void add_access_routes(std::vector<Route>& routes, Console& console);
  friend void add_account_routes(std::vector<Route>& routes, Console& console);
  friend void add_database_routes(std::vector<Route>& routes, Console& console);
  friend void add_run_routes(std::vector<Route>& routes, Console& console);

  hosting::HostedDatabase database(const Asked& asked) const;
  AccountsClient& m_accounts;
  const Settings m_settings;
  Sessions m_sessions;
  RateLimit m_logins_of_user, m_logins_from_address, m_offers_to_user;
  Users m_users;
  TenantSessions m_tenant_sessions;
  KeyChecks m_key_checks;
  Runs m_runs;
  std::vector<Route> m_routes;
};

} // namespace iasql::console
