#include "aws/protocol/protocol.hpp"

#include "aws/protocol/checksum.hpp"
#include "aws/protocol/compression.hpp"
#include "aws/protocol/json.hpp"
#include "aws/protocol/query.hpp"
#include "aws/protocol/rest.hpp"
#include "aws/quirks.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

// Events go on arriving for as long as the call lasts, which no value can be.
void refuse_event_streams(const Service& service, const Operation& operation) {
  for (const Shape* side : {operation.input, operation.output})
    if (side && std::any_of(side->members.begin(), side->members.end(),
                            [](const Member& member) { return member.shape->event_stream; }))
      throw Error(sqlstate::invalid_value,
                  service.name + " " + operation.name + " is a stream of events, which is not implemented");
}

bool is_host_label(std::string_view text) {
  constexpr std::size_t longest = 63;
  if (text.empty() || text.size() > longest || text.front() == '-' || text.back() == '-') return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
         std::string_view::npos;
}

// "{AccountId}.data." with the input's members in the braces; only what can be part of a host name is let in.
std::string expand_host_prefix(const Operation& operation, const Value& input) {
  std::string result;
  std::string_view rest = operation.host_prefix;
  while (!rest.empty()) {
    auto open = rest.find('{'), close = rest.find('}');
    result += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    if (close == std::string_view::npos || close < open)
      throw Error(sqlstate::invalid_spec, "host prefix of " + operation.name + " has braces that do not pair");
    std::string_view name = rest.substr(open + 1, close - open - 1);
    std::string label = input[name].text();
    if (!is_host_label(label))
      throw Error(sqlstate::invalid_value, std::string(name) + " must be a part of a host name");
    result += label;
    rest.remove_prefix(close + 1);
  }
  return result;
}

HttpParts serialize_input(const Service& service, const Operation& operation, const Value& input) {
  switch (service.protocol) {
  case Protocol::query:
  case Protocol::ec2:
    return serialize_query(service, operation, input);
  case Protocol::json:
    return serialize_json(service, operation, input);
  case Protocol::rest_json:
  case Protocol::rest_xml:
    return serialize_rest(service, operation, input);
  }
  throw Error(sqlstate::internal_error, "no such protocol");
}

} // namespace

HttpParts serialize(const Service& service, const Operation& operation, const Value& input) {
  refuse_event_streams(service, operation);
  validate(operation, input);
  HttpParts parts = serialize_input(service, operation, input);
  parts.host_prefix = expand_host_prefix(operation, input);
  add_service_headers(service, parts.headers);
  compress_body(operation, parts);
  add_checksum(operation, input, parts);
  return parts;
}

Value parse(const Service& service, const Operation& operation, const net::HttpResponse& response) {
  switch (service.protocol) {
  case Protocol::query:
  case Protocol::ec2:
    return parse_query(service, operation, response);
  case Protocol::json:
    return parse_json(service, operation, response);
  case Protocol::rest_json:
  case Protocol::rest_xml:
    return parse_rest(service, operation, response);
  }
  throw Error(sqlstate::internal_error, "no such protocol");
}

} // namespace iasql::aws
