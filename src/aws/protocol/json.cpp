#include "aws/protocol/json.hpp"

#include "aws/protocol/json_body.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace iasql::aws {

HttpParts serialize_json(const Service& service, const Operation& operation, const Value& input) {
  HttpParts parts;
  parts.method = operation.http_method.empty() ? "POST" : operation.http_method;
  parts.path = "/"; // whatever the model has for it
  std::string version = service.json_version.empty() ? "1.0" : service.json_version;
  parts.headers = {{"Content-Type", "application/x-amz-json-" + version},
                   {"X-Amz-Target", service.target_prefix + "." + operation.name}};
  if (service.query_compatible) parts.headers.emplace_back("x-amzn-query-mode", "true");
  parts.body = operation.input ? write_json(json_body(*operation.input, input)) : "{}";
  return parts;
}

Value parse_json(const Service&, const Operation& operation, const net::HttpResponse& response) {
  if (!operation.output) return Object();
  // An empty body for an output with members is not an empty list of them.
  if (response.body.empty() && operation.output->members.empty()) return Object();
  Value output = parse_json_document(*operation.output, response.body);
  if (!output.is_object())
    throw Error(sqlstate::invalid_document, "the answer to " + operation.name + " is not a JSON object");
  return output;
}

} // namespace iasql::aws
