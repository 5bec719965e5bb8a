#pragma once

// What every request must satisfy before anybody looks at what it asks for, and what every answer carries.

#include "console/http.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iasql::console {

enum class Transport { plain, tls };

// Where the console is reached.
struct Site {
  Transport transport = Transport::plain;
  // "127.0.0.1:8080", "localhost:8080": what a Host header may say. A name that an attacker's DNS gives to our address
  // is none of them.
  std::vector<std::string> hosts;
};

// The refusal (400, 403, 405 or 421) of a request that no page of ours sent; nothing where it may go on.
// Anything but GET needs an Origin that is this site, and JSON as its content type.
std::optional<Response> refuse(const Request& request, const Site& site);

// Adds the headers that keep a browser from doing anything but what the page is for.
void add_security_headers(Response& response, const Site& site);

} // namespace iasql::console
