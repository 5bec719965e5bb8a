#include "aws/protocol/scalar.hpp"

#include "aws/base64.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace iasql::aws {

namespace {

[[noreturn]] void unreadable(const Shape& shape, std::string_view text) {
  throw Error(sqlstate::invalid_document, "not a " + std::string(type_name(shape.type)) + " of shape " + shape.name +
                                              ": \"" + (shape.sensitive ? "(sensitive)" : excerpt(text)) + "\"");
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

template <typename T>
std::optional<T> number_from(std::string_view text) {
  T number{};
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_special_number(std::string_view text) {
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

std::optional<Value> integer_from(double number) {
  constexpr double limit = 9223372036854775808.0; // 2^63
  if (!(number >= -limit && number < limit) || number != std::trunc(number)) return std::nullopt;
  return Value(static_cast<std::int64_t>(number));
}

std::optional<Value> read_text(const Shape& shape, std::string_view text) {
  switch (shape.type) {
  case ShapeType::integer:
  case ShapeType::long_integer:
    if (auto number = number_from<std::int64_t>(trimmed(text))) return Value(*number);
    if (auto number = number_from<double>(trimmed(text))) return integer_from(*number);
    return std::nullopt;
  case ShapeType::floating:
    text = trimmed(text);
    if (is_special_number(text)) return Value(text);
    // from_chars also reads "inf" and "nan", which are not what AWS writes.
    if (auto number = number_from<double>(text); number && std::isfinite(*number)) return Value(*number);
    return std::nullopt;
  case ShapeType::boolean:
    text = trimmed(text);
    if (text == "true" || text == "True" || text == "1") return Value(true);
    if (text == "false" || text == "False" || text == "0") return Value(false);
    return std::nullopt;
  case ShapeType::timestamp:
    if (auto found = parse_timestamp(trimmed(text))) return Value(format_timestamp(*found, "iso8601"));
    return std::nullopt;
  case ShapeType::blob:
    text = trimmed(text);
    if (is_base64(text)) return Value(text);
    return std::nullopt;
  default:
    return Value(text);
  }
}

std::optional<Value> read_number(const Shape& shape, const Value& json) {
  switch (shape.type) {
  case ShapeType::integer:
  case ShapeType::long_integer:
    if (json.is_integer()) return json;
    return integer_from(json.number());
  case ShapeType::floating:
    return json;
  case ShapeType::timestamp:
    if (auto found = timestamp_from_seconds(json.number())) return Value(format_timestamp(*found, "iso8601"));
    return std::nullopt;
  case ShapeType::string:
    return Value(write_json(json));
  default:
    return std::nullopt;
  }
}

} // namespace

std::string_view type_name(ShapeType type) {
  switch (type) {
  case ShapeType::structure:
    return "structure";
  case ShapeType::list:
    return "list";
  case ShapeType::map:
    return "map";
  case ShapeType::string:
    return "string";
  case ShapeType::integer:
  case ShapeType::long_integer:
    return "integer";
  case ShapeType::floating:
    return "number";
  case ShapeType::boolean:
    return "boolean";
  case ShapeType::timestamp:
    return "timestamp";
  case ShapeType::blob:
    return "blob";
  }
  return "";
}

std::string timestamp_format(const Member& member, std::string_view otherwise) {
  if (!member.timestamp_format.empty()) return member.timestamp_format;
  if (!member.shape->timestamp_format.empty()) return member.shape->timestamp_format;
  return std::string(otherwise);
}

std::string_view checked_text(const Shape& shape, std::string_view text) {
  if (!is_utf8(text)) throw Error(sqlstate::invalid_document, "a text of shape " + shape.name + " is not UTF-8");
  return text;
}

Value scalar_from_text(const Shape& shape, std::string_view text) {
  auto value = read_text(shape, checked_text(shape, text));
  if (!value) unreadable(shape, text);
  return *std::move(value);
}

Value scalar_from_json(const Shape& shape, const Value& json) {
  std::optional<Value> value;
  if (json.is_string())
    value = read_text(shape, json.string());
  else if (json.is_number())
    value = read_number(shape, json);
  else if (json.is_boolean() && shape.type == ShapeType::boolean)
    value = json;
  else if (json.is_boolean() && shape.type == ShapeType::string)
    value = json.boolean() ? "true" : "false";
  if (!value) unreadable(shape, write_json(json));
  return *std::move(value);
}

std::string scalar_to_text(const Shape& shape, const Value& value, std::string_view timestamp_format) {
  if (shape.type == ShapeType::timestamp) return format_timestamp(*parse_timestamp(value.string()), timestamp_format);
  return value.text();
}

} // namespace iasql::aws
