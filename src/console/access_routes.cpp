// Logging in and out, passwords, and the administrator's users.

#include "console/console.hpp"
#include "console/password.hpp"

namespace iasql::console {

namespace {

void require_good_password(const std::string& password) {
  if (password.size() < shortest_password || password.size() > longest_password)
    throw BadRequest("a password has " + std::to_string(shortest_password) + " to " + std::to_string(longest_password) +
                     " characters");
}

} // namespace

void add_access_routes(std::vector<Route>& routes, Console& console) {
  const auto set_cookie = [&console](const std::string& token, const char* age) {
    return std::pair<std::string, std::string>(
        "Set-Cookie", console.m_settings.cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" + age +
                          (console.m_settings.site.transport == Transport::tls ? "; Secure" : ""));
  };

  routes.push_back({"POST", "/api/login", Access::everybody, [&console, set_cookie](const Asked& asked) {
                      const auto name = asked.text("user"), password = asked.text("password");
                      const auto& address = asked.request.address;
                      const auto wait = std::max(console.m_logins_from_address.attempt(address),
                                                 console.m_logins_of_user.attempt(name.substr(0, 64)));
                      if (wait.count() > 0) {
                        auto response = error_response(429, "too many attempts",
                                                       "Try again in " + std::to_string(wait.count()) + " seconds.");
                        response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
                        return response;
                      }
                      const auto user = console.m_users.find(name);
                      const bool right =
                          password.size() <= longest_password && is_password(password, user ? user->password_hash : "");
                      if (!right) {
                        console.m_users.record(user ? user->name : "", "login refused", "", address);
                        return error_response(401, "user or password is wrong");
                      }
                      console.m_logins_of_user.forgive(name);
                      // A session that the browser had, whoever's it was, is not taken further.
                      if (const auto former = asked.request.cookie(console.m_settings.cookie))
                        console.m_sessions.end(*former);
                      console.m_users.record(user->name, "login", "", address);
                      auto response = json_response(Object{{"user", user->name}});
                      const auto token = console.m_sessions.begin(user->name, user->password_hash);
                      response.headers.push_back(set_cookie(token, ""));
                      return response;
                    }});

  routes.push_back({"POST", "/api/logout", Access::user, [&console, set_cookie](const Asked& asked) {
                      console.m_sessions.end(*asked.request.cookie(console.m_settings.cookie));
                      auto response = json_response(Object());
                      response.headers.push_back(set_cookie("", "; Max-Age=0"));
                      return response;
                    }});

  routes.push_back({"GET", "/api/session", Access::user, [&console](const Asked& asked) {
                      const auto user = console.m_users.find(asked.session.user);
                      const auto endpoints = console.m_accounts.endpoints();
                      return json_response(Object{{"user", asked.session.user},
                                                  {"is_administrator", user && user->is_administrator},
                                                  {"csrf_token", asked.session.csrf_token},
                                                  {"emulator_url", endpoints.emulator},
                                                  {"aws_endpoint_url", endpoints.aws}});
                    }});

  routes.push_back({"POST", "/api/password", Access::user, [&console, set_cookie](const Asked& asked) {
                      const auto former = asked.text("former"), password = asked.text("password");
                      require_good_password(password);
                      const auto& name = asked.session.user;
                      if (console.m_logins_of_user.attempt(name).count() > 0)
                        return error_response(429, "too many attempts", "Try again in a minute.");
                      const auto user = console.m_users.find(name);
                      if (former.size() > longest_password || !is_password(former, user ? user->password_hash : ""))
                        return error_response(422, "the present password is wrong");
                      const auto hash = password_hash(password);
                      console.m_users.set_password_hash(name, hash);
                      console.m_users.record(name, "password changed", name, asked.request.address);
                      auto response = json_response(Object());
                      response.headers.push_back(set_cookie(console.m_sessions.begin(name, hash), ""));
                      return response;
                    }});

  routes.push_back({"GET", "/api/users", Access::administrator, [&console](const Asked&) {
                      Array users;
                      for (const auto& user : console.m_users.list())
                        users.push_back(Object{{"name", user.name}, {"is_administrator", user.is_administrator}});
                      return json_response(Object{{"users", std::move(users)}});
                    }});

  routes.push_back({"POST", "/api/users", Access::administrator, [&console](const Asked& asked) {
                      const auto name = asked.text("name"), password = random_password();
                      console.m_users.add(
                          {.name = name, .is_administrator = false, .password_hash = password_hash(password)});
                      console.m_users.record(asked.session.user, "user made", name, asked.request.address);
                      return json_response(Object{{"name", name}, {"password", password}});
                    }});

  routes.push_back({"DELETE", "/api/users/{user}", Access::administrator, [&console](const Asked& asked) {
                      const auto user = console.m_users.find(asked.parameter("user"));
                      if (!user) return error_response(404, "there is no such user");
                      if (user->is_administrator) throw BadRequest("an administrator stays");
                      console.m_users.remove(user->name);
                      console.m_users.record(asked.session.user, "user removed", user->name, asked.request.address);
                      return json_response(Object());
                    }});
}

} // namespace iasql::console
