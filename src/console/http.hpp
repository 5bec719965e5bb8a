#pragma once

// Requests and answers as values: what the server read, and what it is to write. Nothing here does I/O.

#include "base/value.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iasql::console {

// Names of headers in lower case. A header that came twice has its values joined with ", " as RFC 9110 says.
using Headers = std::map<std::string, std::string>;

struct Request {
  std::string method; // GET, POST, …
  std::string path;   // decoded, without the query
  Headers headers;
  std::string body;
  std::string address; // the client's, without the port

  // The header's value; "" where there is none.
  const std::string& header(const std::string& name) const;
  // The cookie's value; nothing where there is none, or where there are two of that name.
  std::optional<std::string> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

Response json_response(const Value& value, int status = 200);
// What every refusal looks like: {"error": {"message": …, "hint": …}}; an empty hint is left out.
Response error_response(int status, std::string_view message, std::string_view hint = {});

// A path as it stands in a request line, decoded; nothing where it is no path of ours: no slash at its beginning, a bad
// escape, a control character, an empty segment, or one that is "." or "..".
std::optional<std::string> decode_path(std::string_view target);

} // namespace iasql::console
