// An input in JSON that becomes a request: a byte for the protocol, one for the operation. Nothing of it gets out of
// the place that it was meant for, and the body is what it claims to be.

#include "aws/protocol/protocol.hpp"
#include "aws/protocol/xml.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "fuzz/services.hpp"
#include "fuzz/target.hpp"

#include <algorithm>

namespace iasql::fuzz {

namespace {

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

bool is_control(char c) {
  return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f';
}

// What is sent by the client's own choice of bytes or text is as it is.
bool is_document(const aws::Operation& operation) {
  return operation.name != "PayloadBlob" && operation.name != "PayloadText";
}

void check_body(const aws::Service& service, const std::string& body) {
  constexpr int depth_limit = 500; // an input is less deep
  try {
    if (service.protocol == aws::Protocol::rest_xml) aws::XmlDocument(body, aws::XmlDepth::checked_by_reader);
    if (service.protocol == aws::Protocol::rest_json || service.protocol == aws::Protocol::json)
      read_json(body, depth_limit);
  } catch (const Error& error) {
    require(false, error.what());
  }
}

} // namespace

void run(std::string_view bytes) {
  constexpr aws::Protocol protocols[] = {aws::Protocol::query, aws::Protocol::ec2, aws::Protocol::json,
                                         aws::Protocol::rest_json, aws::Protocol::rest_xml};
  const aws::Service& service = service_of(protocols[take_byte(bytes) % 5]);
  const aws::Operation& operation = take_operation(service, bytes);
  aws::HttpParts parts;
  try {
    parts = aws::serialize(service, operation, read_json(bytes));
  } catch (const Error& error) {
    require_sqlstate(error, {sqlstate::invalid_document, sqlstate::invalid_value, sqlstate::missing_value});
    return;
  }
  if (service.protocol == aws::Protocol::rest_json || service.protocol == aws::Protocol::rest_xml) {
    require(parts.path.starts_with('/'), "a path begins with a slash");
    require(std::all_of(parts.path.begin(), parts.path.end(), is_visible), "a path is encoded");
    require(parts.path.find_first_of("?#") == std::string::npos, "a path is no more than a path");
    require((parts.path + "/").find("/../") == std::string::npos, "a path does not go up");
  }
  require(std::all_of(parts.query.begin(), parts.query.end(), is_visible), "a query string is encoded");
  for (const auto& [name, value] : parts.headers)
    require(std::none_of(name.begin(), name.end(), is_control) && std::none_of(value.begin(), value.end(), is_control),
            "a header is one line");
  if (operation.name != "PayloadBlob") require(is_utf8(parts.body), "a body is UTF-8");
  if (is_document(operation) && !parts.body.empty()) check_body(service, parts.body);
}

} // namespace iasql::fuzz
