#include "aws/protocol/json_body.hpp"

#include "aws/protocol/scalar.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"

namespace iasql::aws {

namespace {

[[noreturn]] void wrong_type(const Shape& shape) {
  throw Error(sqlstate::invalid_document,
              "not a " + std::string(type_name(shape.type)) + " where JSON should have shape " + shape.name);
}

} // namespace

Value json_value(const Member& member, const Value& value) {
  const Shape& shape = *member.shape;
  if (value.is_null() || shape.document) return value;
  switch (shape.type) {
  case ShapeType::structure:
    return json_body(shape, value);
  case ShapeType::list: {
    Array elements;
    for (const Value& element : value.array())
      elements.push_back(json_value(shape.element, element));
    return elements;
  }
  case ShapeType::map: {
    Object entries;
    for (const auto& [key, entry] : value.object())
      entries.set(key, json_value(shape.value, entry));
    return entries;
  }
  case ShapeType::timestamp: {
    Timestamp timestamp = *parse_timestamp(value.string());
    std::string format = timestamp_format(member, "unixTimestamp");
    if (format != "unixTimestamp") return format_timestamp(timestamp, format);
    std::int64_t milliseconds = timestamp.time_since_epoch().count();
    if (milliseconds % 1000 == 0) return milliseconds / 1000;
    return static_cast<double>(milliseconds) / 1000;
  }
  default:
    return value;
  }
}

Value json_body(const Shape& shape, const Value& value) {
  if (shape.document) return value;
  Object result;
  for (const Member& member : shape.members)
    if (const Value& found = value[member.name]; !found.is_null())
      result.set(member.wire_name(), json_value(member, found));
  return result;
}

Value parse_json_value(const Shape& shape, const Value& json) {
  if (json.is_null() || shape.document) return json;
  switch (shape.type) {
  case ShapeType::structure:
    return parse_json_body(shape, json);
  case ShapeType::list: {
    if (!json.is_array()) wrong_type(shape);
    Array elements;
    for (const Value& element : json.array())
      if (!element.is_null() || shape.sparse) elements.push_back(parse_json_value(*shape.element.shape, element));
    return elements;
  }
  case ShapeType::map: {
    if (!json.is_object()) wrong_type(shape);
    Object entries;
    for (const auto& [key, entry] : json.object())
      if (!entry.is_null() || shape.sparse) entries.set(key, parse_json_value(*shape.value.shape, entry));
    return entries;
  }
  default:
    if (json.is_array() || json.is_object()) wrong_type(shape);
    return scalar_from_json(shape, json);
  }
}

Value parse_json_body(const Shape& shape, const Value& json) {
  if (!json.is_object()) wrong_type(shape);
  Object result;
  for (const Member& member : shape.members)
    if (const Value& found = json[member.wire_name()]; !found.is_null())
      result.set(member.name, parse_json_value(*member.shape, found));
  return result;
}

} // namespace iasql::aws
