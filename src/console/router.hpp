#pragma once

// Which function answers a request, and who may ask it.

#include "console/http.hpp"
#include "console/sessions.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::console {

enum class Access {
  everybody,
  user,          // anyone who is logged in
  administrator, // one who may make users
  owner,         // the user whose {database} it is, or an administrator
};

// A request that was let through.
struct Asked {
  const Request& request;
  std::map<std::string, std::string> parameters; // what stands for {name} in the path
  Value body;                                    // an object; empty for a GET
  Session session;                               // empty where Access::everybody

  const std::string& parameter(const std::string& name) const { return parameters.at(name); }
  // A text of the body; "" where it is missing. Throws BadRequest where it is something else.
  std::string text(std::string_view name) const;
  bool flag(std::string_view name) const;
};

// The answer is 400 with this message.
class BadRequest : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

struct Route {
  std::string method;
  std::string pattern; // "/api/databases/{database}/plan"; a {name} stands for one segment
  Access access;
  std::function<Response(const Asked&)> answer;
  Sessions::Use use = Sessions::Use::by_person;
};

struct Match {
  const Route* route = nullptr; // none where nothing has that path and method
  std::map<std::string, std::string> parameters;
  bool other_method = false; // the path is there, with another method
};

Match find_route(const std::vector<Route>& routes, std::string_view method, std::string_view path);

} // namespace iasql::console
