#include "aws/protocol/protocol.hpp"

#include "aws/protocol/json.hpp"
#include "aws/protocol/query.hpp"
#include "base/error.hpp"

namespace iasql::aws {

namespace {

[[noreturn]] void unsupported(const Service& service) {
  throw Error(sqlstate::invalid_spec, "service " + service.name + " speaks a protocol that is not implemented");
}

} // namespace

HttpParts serialize(const Service& service, const Operation& operation, const Value& input) {
  validate(operation, input);
  switch (service.protocol) {
  case Protocol::query:
  case Protocol::ec2:
    return serialize_query(service, operation, input);
  case Protocol::json:
    return serialize_json(service, operation, input);
  case Protocol::rest_json:
  case Protocol::rest_xml:
    break;
  }
  unsupported(service);
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
    break;
  }
  unsupported(service);
}

} // namespace iasql::aws
