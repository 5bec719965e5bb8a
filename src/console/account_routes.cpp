// The accounts: list, connect, disconnect, a new password.

#include "aws/credentials.hpp"
#include "console/console.hpp"
#include "hosting/failure.hpp"
#include "hosting/identity.hpp"

#include <regex>

namespace iasql::console {

namespace {

Object describe(const hosting::HostedDatabase& database, const Users& users) {
  const auto owner = users.owner_of(database.name);
  return {{"name", database.name},
          {"alias", database.alias ? Value(*database.alias) : Value()},
          {"role", database.role},
          {"account_id", database.account_id},
          {"region", database.region},
          {"created", database.created},
          {"bytes", static_cast<std::int64_t>(database.bytes)},
          {"owner", owner ? Value(*owner) : Value()}};
}

// Shown once: the answer that carries it is the only place where the password ever is.
Response show_login(const hosting::Login& login, const std::string& host, int port) {
  return json_response(Object{{"role", login.role},
                              {"password", login.password},
                              {"host", host},
                              {"port", port},
                              {"database", login.database}});
}

void require(bool condition, const char* otherwise) {
  if (!condition) throw BadRequest(otherwise);
}

// What else the texts must be, hosting::check() knows.
struct Form {
  aws::Credentials credentials;
  std::string region;
  std::optional<std::string> alias;
  bool emulator = false;
};

Form read_form(const Asked& asked) {
  static const std::regex alias("[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}"), printable("[!-~]*");
  Form form;
  form.credentials = {asked.text("access_key_id"), asked.text("secret_access_key"), asked.text("session_token")};
  form.region = asked.text("region");
  form.emulator = asked.flag("emulator");
  const auto name = asked.text("alias");
  const auto is_secret = [](const std::string& text, std::size_t most) {
    return text.size() <= most && std::regex_match(text, printable);
  };
  require(!form.credentials.secret_access_key.empty() && is_secret(form.credentials.secret_access_key, 512),
          "a secret access key is one line without spaces");
  require(is_secret(form.credentials.session_token, 8192), "a session token is one line without spaces");
  require(name.empty() || std::regex_match(name, alias),
          "a name has up to 63 letters, digits, spaces, dots, dashes and underscores");
  if (!name.empty()) form.alias = name;
  return form;
}

} // namespace

void add_account_routes(std::vector<Route>& routes, Console& console) {
  const auto hosting = [&console] { return hosting::Hosting(console.m_connect); };

  routes.push_back({"GET", "/api/databases", Access::user, [&console, hosting](const Asked& asked) {
                      const auto user = console.m_users.find(asked.session.user);
                      Array databases;
                      for (const auto& database : hosting().list())
                        if (user && console.m_users.may_use(*user, database.name))
                          databases.push_back(describe(database, console.m_users));
                      return json_response(Object{{"databases", std::move(databases)}});
                    }});

  routes.push_back({"POST", "/api/databases", Access::user, [&console, hosting](const Asked& asked) {
                      const auto form = read_form(asked);
                      const auto endpoint =
                          form.emulator ? console.m_settings.emulator_url() : console.m_settings.aws_endpoint_url;
                      if (form.emulator && endpoint.empty())
                        throw hosting::Failure("the emulator does not run", "`iasql up` starts it.");
                      const auto account = hosting::check(form.credentials, form.region, endpoint);
                      Response response;
                      hosting().make(account, form.alias, [&](const hosting::Login& login) {
                        console.m_users.give(login.database, asked.session.user);
                        console.m_users.record(asked.session.user, "connected; password shown", login.database,
                                               asked.request.address);
                        response =
                            show_login(login, console.m_settings.postgres_host, console.m_settings.postgres_port);
                      });
                      return response;
                    }});

  routes.push_back(
      {"POST", "/api/databases/{database}/rotate", Access::owner, [&console, hosting](const Asked& asked) {
         Response response;
         hosting().rotate(console.database(asked), hosting::Sessions::end, [&](const hosting::Login& login) {
           console.m_users.record(asked.session.user, "new password shown", login.database, asked.request.address);
           response = show_login(login, console.m_settings.postgres_host, console.m_settings.postgres_port);
         });
         return response;
       }});

  routes.push_back({"DELETE", "/api/databases/{database}", Access::owner, [&console, hosting](const Asked& asked) {
                      const auto database = console.database(asked);
                      console.m_runs.forget(database.name);
                      hosting().remove(database);
                      console.m_users.record(asked.session.user, "disconnected", database.name, asked.request.address);
                      return json_response(Object());
                    }});
}

} // namespace iasql::console
