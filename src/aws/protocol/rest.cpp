#include "aws/protocol/rest.hpp"

#include "aws/protocol/header_members.hpp"
#include "aws/protocol/rest_body.hpp"
#include "aws/protocol/uri_members.hpp"

namespace iasql::aws {

HttpParts serialize_rest(const Service& service, const Operation& operation, const Value& input) {
  HttpParts parts;
  parts.method = operation.http_method.empty() ? "POST" : operation.http_method;
  parts.path = expand_path(service, operation, input);
  parts.query = query_string(operation, input);
  if (operation.input) {
    write_headers(*operation.input, input, parts.headers);
    write_rest_body(service, operation, input, parts);
  }
  return parts;
}

Value parse_rest(const Service& service, const Operation& operation, const net::HttpResponse& response) {
  if (!operation.output) return Object();
  Value output = read_rest_body(service, operation, response);
  Object headers;
  read_headers(*operation.output, response, headers);
  // Most answers have none that is a member, and stay as they were read.
  for (auto& [name, value] : headers)
    output.object().set(name, std::move(value));
  return output;
}

} // namespace iasql::aws
