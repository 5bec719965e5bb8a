// The accounts: list, connect, disconnect, a new password.

#include "console/console.hpp"
#include "hosting/failure.hpp"
#include "hosting/regions.hpp"

#include <regex>

namespace iasql::console {

namespace {

const char* name_of(hosting::Stage stage) {
  switch (stage) {
  case hosting::Stage::making:
    return "making";
  case hosting::Stage::ready:
    return "ready";
  case hosting::Stage::changing_key:
    return "changing_key";
  case hosting::Stage::changing_password:
    return "changing_password";
  case hosting::Stage::removing:
    return "removing";
  }
  return "";
}

const char* name_of(KeyState state) {
  switch (state) {
  case KeyState::unknown:
    return "unknown";
  case KeyState::accepted:
    return "accepted";
  case KeyState::refused:
    return "refused";
  case KeyState::unanswered:
    return "unanswered";
  }
  return "";
}

Object describe(const hosting::HostedDatabase& database, const Value& owner) {
  return {{"name", database.name},
          {"alias", database.alias ? Value(*database.alias) : Value()},
          {"role", database.role},
          {"account_id", database.account_id},
          {"region", database.region},
          {"created", database.created},
          {"bytes", static_cast<std::int64_t>(database.bytes)},
          {"stage", name_of(database.stage)},
          {"owner", owner}};
}

// The databases that this user may see, and whose each is.
std::vector<std::pair<hosting::HostedDatabase, Value>> visible(AccountsClient& accounts, const Users& users,
                                                               const std::string& name) {
  const auto user = users.find(name);
  std::vector<std::pair<hosting::HostedDatabase, Value>> result;
  if (!user) return result;
  const auto owners = users.owners();
  for (auto& database : accounts.list()) {
    const auto owner = owners.find(database.name);
    const bool is_his = owner != owners.end() && owner->second == name;
    if (user->is_administrator || is_his)
      result.emplace_back(std::move(database), owner == owners.end() ? Value() : Value(owner->second));
  }
  return result;
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

bool is_secret(const std::string& text, std::size_t most) {
  static const std::regex printable("[!-~]*");
  return text.size() <= most && std::regex_match(text, printable);
}

std::variant<KeyGiven, RoleGiven> read_access(const Asked& asked) {
  if (const auto arn = asked.text("role_arn"); !arn.empty()) {
    require(asked.text("access_key_id").empty() && asked.text("secret_access_key").empty(),
            "an account is connected with a key or with a role");
    return RoleGiven{arn};
  }
  KeyGiven key{asked.text("access_key_id"), asked.text("secret_access_key"), asked.text("session_token")};
  require(!key.secret_access_key.empty() && is_secret(key.secret_access_key, 512),
          "a secret access key is one line without spaces");
  require(is_secret(key.session_token, 8192), "a session token is one line without spaces");
  return key;
}

std::vector<std::string> read_further_regions(const Asked& asked) {
  std::vector<std::string> result;
  const auto& regions = asked.body["further_regions"];
  if (regions.is_null()) return result;
  require(regions.is_array(), "further_regions is a list");
  for (const auto& region : regions.array()) {
    require(region.is_string(), "further_regions is a list of regions");
    result.emplace_back(region.string());
  }
  return result;
}

Place place_of(const Asked& asked) {
  return asked.flag("emulator") ? Place::emulator : Place::aws;
}

// What else the texts must be, hosting::check() knows.
NewAccount read_form(const Asked& asked) {
  static const std::regex alias("[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}");
  NewAccount account{.access = read_access(asked),
                     .place = place_of(asked),
                     .region = asked.text("region"),
                     .further_regions = read_further_regions(asked),
                     .alias = {},
                     .user = asked.session.user};
  const auto name = asked.text("alias");
  require(name.empty() || std::regex_match(name, alias),
          "a name has up to 63 letters, digits, spaces, dots, dashes and underscores");
  if (!name.empty()) account.alias = name;
  return account;
}

Array regions_json() {
  Array partitions;
  for (auto& partition : hosting::regions_by_partition()) {
    Array regions;
    for (auto& region : partition.regions)
      regions.emplace_back(std::move(region));
    partitions.emplace_back(Object{{"id", partition.partition}, {"regions", std::move(regions)}});
  }
  return partitions;
}

} // namespace

void add_account_routes(std::vector<Route>& routes, Console& console) {
  routes.push_back({"GET", "/api/databases", Access::user, [&console](const Asked& asked) {
                      Array databases;
                      for (const auto& [database, owner] :
                           visible(console.m_accounts, console.m_users, asked.session.user))
                        databases.push_back(describe(database, owner));
                      return json_response(Object{{"databases", std::move(databases)}});
                    }});

  // Apart from the list, and asked for by the page on its own: the list itself never waits for AWS.
  routes.push_back({"GET", "/api/keys", Access::user,
                    [&console](const Asked& asked) {
                      Object keys;
                      for (const auto& [database, owner] :
                           visible(console.m_accounts, console.m_users, asked.session.user)) {
                        if (database.stage != hosting::Stage::ready) continue;
                        const auto report = console.m_key_checks.look(database);
                        keys.set(database.name, Object{{"state", name_of(report.state)},
                                                       {"words", report.words},
                                                       {"is_being_asked", report.is_being_asked}});
                      }
                      return json_response(Object{{"keys", std::move(keys)}});
                    },
                    Sessions::Use::by_page});

  routes.push_back({"GET", "/api/regions", Access::user, [](const Asked&) {
                      return json_response(Object{{"partitions", regions_json()}});
                    }});

  routes.push_back(
      {"POST", "/api/external-ids", Access::user, [&console](const Asked& asked) {
         if (console.m_offers_to_user.attempt(asked.session.user).count() > 0)
           return error_response(429, "too many external ids", "Try again in a minute.");
         const auto role_arn = asked.text("role_arn");
         const auto offer =
             console.m_accounts.offer_trust(asked.session.user, role_arn, asked.text("region"), place_of(asked));
         console.m_users.record(asked.session.user, "external id shown", role_arn, asked.request.address);
         return json_response(Object{{"external_id", offer.external_id}, {"trust_policy", offer.trust_policy}});
       }});

  routes.push_back({"POST", "/api/databases", Access::user, [&console](const Asked& asked) {
                      Response response;
                      console.m_accounts.connect(read_form(asked), [&](const hosting::Login& login) {
                        console.m_users.give(login.database, asked.session.user);
                        console.m_users.record(asked.session.user, "connected; password shown", login.database,
                                               asked.request.address);
                        response =
                            show_login(login, console.m_settings.postgres_host, console.m_settings.postgres_port);
                      });
                      return response;
                    }});

  routes.push_back(
      {"POST", "/api/databases/{database}/rotate", Access::owner, [&console](const Asked& asked) {
         Response response;
         console.m_accounts.rotate(asked.parameter("database"), [&](const hosting::Login& login) {
           console.m_users.record(asked.session.user, "new password shown", login.database, asked.request.address);
           response = show_login(login, console.m_settings.postgres_host, console.m_settings.postgres_port);
         });
         return response;
       }});

  routes.push_back({"DELETE", "/api/databases/{database}", Access::owner, [&console](const Asked& asked) {
                      const auto name = console.database(asked).name;
                      console.m_runs.forget(name);
                      console.m_accounts.remove(name);
                      console.m_key_checks.forget(name);
                      console.m_users.record(asked.session.user, "disconnected", name, asked.request.address);
                      return json_response(Object());
                    }});
}

} // namespace iasql::console
