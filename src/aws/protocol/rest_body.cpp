#include "aws/protocol/rest_body.hpp"

#include "aws/base64.hpp"
#include "aws/protocol/json_body.hpp"
#include "aws/protocol/scalar.hpp"
#include "aws/protocol/xml_input.hpp"
#include "aws/protocol/xml_output.hpp"
#include "aws/quirks.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/names.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

bool is_in_body(const Member& member) {
  return member.location.empty();
}

// What a request has in its path or query string an answer has in its body.
bool may_be_in_answer(const Member& member) {
  return is_in_body(member) || member.location == "uri" || member.location == "querystring";
}

bool has_member(const Shape& shape, bool (*is_wanted)(const Member&)) {
  return std::any_of(shape.members.begin(), shape.members.end(), is_wanted);
}

// Calls `use` with each member of the body that the input has.
template <typename Use>
void each_body_member(const Shape& shape, const Value& input, Use use) {
  for (const Member& member : shape.members)
    if (const Value& found = input[member.name]; is_in_body(member) && !found.is_null()) use(member, found);
}

const Member* payload_member(const Operation& operation, const Shape& shape) {
  if (shape.payload.empty()) return nullptr;
  const Member* member = shape.member(shape.payload);
  if (!member)
    throw Error(sqlstate::invalid_spec, "the payload of " + operation.name + " is no member: " + shape.payload);
  return member;
}

void set_body(HttpParts& parts, std::string body, const char* content_type) {
  parts.body = std::move(body);
  auto names_type = [](const auto& header) { return lower_case(header.first) == "content-type"; };
  if (std::none_of(parts.headers.begin(), parts.headers.end(), names_type))
    parts.headers.emplace_back("Content-Type", content_type);
}

void set_json(HttpParts& parts, const Value& json) {
  set_body(parts, write_json(json), "application/json");
}

void set_xml(HttpParts& parts, std::string_view name, const Member& member, const Value& value) {
  set_body(parts, write_xml(name, member, value), "application/xml");
}

// The element that the structure is: the member's name for it, the shape's, or the shape's name.
std::string_view root_name(const Member& payload) {
  if (!payload.location_name.empty()) return payload.location_name;
  return payload.shape->location_name.empty() ? payload.shape->name : payload.shape->location_name;
}

void write_payload(Protocol protocol, const Member& payload, const Value& value, HttpParts& parts) {
  const Shape& shape = *payload.shape;
  if (value.is_null()) {
    // A JSON service wants an object all the same, but a union is never empty.
    if (protocol == Protocol::rest_json && shape.type == ShapeType::structure && !shape.union_type)
      set_json(parts, Object());
  } else if (shape.type == ShapeType::blob) {
    set_body(parts, base64_bytes(value.string()), "application/octet-stream");
  } else if (shape.type == ShapeType::string) {
    set_body(parts, value.string(), "text/plain");
  } else if (protocol == Protocol::rest_json) {
    set_json(parts, json_value(payload, value));
  } else {
    set_xml(parts, root_name(payload), payload, value);
  }
}

[[noreturn]] void missing(const Operation& operation) {
  throw Error(sqlstate::invalid_document, "the answer to " + operation.name + " has no body");
}

// The element's text where it is what an error's code is, for a message.
std::string short_word(XmlElement element) {
  constexpr std::size_t longest = 60;
  std::string text = element_text(element);
  bool is_word = text.size() <= longest && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                  "0123456789._-") == text.npos;
  return is_word ? text : "(no code)";
}

// What JSON or XML says of a shape. A service that has begun its answer with status 200 may still end it with <Error>.
Value read_document(const Service& service, const Operation& operation, const Shape& shape, const std::string& body) {
  if (service.protocol == Protocol::rest_json) {
    Value value = parse_json_document(shape, body);
    if (value.is_null() && !shape.document) missing(operation);
    return value;
  }
  const XmlDocument document(body, XmlDepth::checked_by_reader);
  XmlElement root = document.root();
  if (local_name(root) == "Error")
    throw Error(sqlstate::invalid_document,
                operation.name + " failed under a status of success: " + short_word(child_element(root, "Code")));
  return parse_xml_structure(shape, document, is_output_unwrapped(service, operation) ? root.parent() : root);
}

bool may_be_empty(const net::HttpResponse& response) {
  constexpr int no_content = 204;
  return response.status == no_content;
}

} // namespace

void write_rest_body(const Service& service, const Operation& operation, const Value& input, HttpParts& parts) {
  const Shape& shape = *operation.input;
  if (const Member* payload = payload_member(operation, shape))
    return write_payload(service.protocol, *payload, input[payload->name], parts);
  if (!has_member(shape, is_in_body)) return;
  Object members;
  if (service.protocol == Protocol::rest_json) {
    each_body_member(shape, input, [&](const Member& member, const Value& value) {
      members.add(Text::permanent(member.wire_name()), json_value(member, value));
    });
    return set_json(parts, std::move(members));
  }
  each_body_member(shape, input, [&](const Member& member, const Value& value) { members.add(member.name, value); });
  if (members.empty()) return;
  Member root;
  root.name = shape.name;
  root.shape = &shape;
  root.location_name = shape.location_name.empty() ? operation.input_name : shape.location_name;
  root.xml_namespace = operation.input_namespace;
  set_xml(parts, root_name(root), root, members);
}

Value read_rest_body(const Service& service, const Operation& operation, const net::HttpResponse& response) {
  const Shape& shape = *operation.output;
  const Member* payload = payload_member(operation, shape);
  if (!payload) {
    if (response.body.empty() && has_member(shape, is_in_body) && !may_be_empty(response)) missing(operation);
    if (response.body.empty() || !has_member(shape, may_be_in_answer)) return Object();
    Value output = read_document(service, operation, shape, response.body);
    std::as_const(output).object(); // or it is an error
    return output;
  }
  Object output;
  const Shape& type = *payload->shape;
  bool is_stream = payload->streaming || type.streaming;
  if (response.body.empty() && !is_stream) {
    if (type.type == ShapeType::structure && !type.union_type && !may_be_empty(response)) missing(operation);
  } else if (type.type == ShapeType::blob) {
    output.set(payload->name, base64_text(response.body));
  } else if (type.type == ShapeType::string) {
    output.set(payload->name, scalar_from_text(type, response.body));
  } else {
    output.set(payload->name, read_document(service, operation, type, response.body));
  }
  return output;
}

} // namespace iasql::aws
