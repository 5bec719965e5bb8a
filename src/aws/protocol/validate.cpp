#include "aws/base64.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/protocol/scalar.hpp"
#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "base/names.hpp"
#include "base/utf8.hpp"

namespace iasql::aws {

namespace {

// Deeper than any operation's input; a recursive shape or a document could otherwise exhaust the stack.
constexpr int depth_limit = 128;

// Where a value is in the input: spelled out only for a message.
struct Path {
  const Path* above; // nullptr: the input itself, of the operation `name`
  std::string_view name;
  std::size_t index = 0; // where there is no name

  std::string text() const {
    if (!above) return "the input of " + std::string(name);
    std::string prefix = above->above ? above->text() : std::string();
    if (name.data() == nullptr) return prefix + "[" + std::to_string(index) + "]";
    return prefix + (prefix.empty() ? "" : ".") + std::string(name);
  }
};

[[noreturn]] void wrong_type(const Path& path, std::string_view wanted, const Value& value) {
  std::string_view found = value.is_null()      ? "null"
                           : value.is_boolean() ? "a boolean"
                           : value.is_number()  ? "a number"
                           : value.is_string()  ? "a string"
                           : value.is_array()   ? "an array"
                                                : "an object";
  throw Error(sqlstate::invalid_value, path.text() + " must be " + std::string(wanted) + ", not " + std::string(found));
}

void check_depth(const Path& path, int depth) {
  if (depth > depth_limit)
    throw Error(sqlstate::invalid_value,
                excerpt(path.text(), 80) + "… is nested deeper than " + std::to_string(depth_limit) + " levels");
}

void validate_document(const Value& value, const Path& path, int depth) {
  check_depth(path, depth);
  if (value.is_array())
    for (const Value& element : value.array())
      validate_document(element, path, depth + 1);
  if (value.is_object())
    for (const auto& [name, member] : value.object())
      validate_document(member, path, depth + 1);
}

void validate_scalar(const Shape& shape, const Value& value, const Path& path) {
  switch (shape.type) {
  case ShapeType::integer:
  case ShapeType::long_integer:
    if (!value.is_integer()) wrong_type(path, "an integer", value);
    break;
  case ShapeType::floating: {
    bool special =
        value.is_string() && (value.string() == "NaN" || value.string() == "Infinity" || value.string() == "-Infinity");
    if (!value.is_number() && !special) wrong_type(path, "a number", value);
    break;
  }
  case ShapeType::boolean:
    if (!value.is_boolean()) wrong_type(path, "a boolean", value);
    break;
  case ShapeType::timestamp:
    if (!value.is_string()) wrong_type(path, "a timestamp (RFC 3339)", value);
    if (!parse_timestamp(value.string()))
      throw Error(sqlstate::invalid_value, path.text() + " is not a timestamp (RFC 3339)");
    break;
  case ShapeType::blob:
    if (!value.is_string()) wrong_type(path, "a base64 string", value);
    if (!is_base64(value.string())) throw Error(sqlstate::invalid_value, path.text() + " is not base64");
    break;
  default:
    if (!value.is_string()) wrong_type(path, "a string", value);
  }
}

void validate_value(const Shape& shape, const Value& value, const Path& path, int depth);

void validate_structure(const Shape& shape, const Value& value, const Path& path, int depth) {
  if (!value.is_object()) wrong_type(path, "an object", value);
  for (const auto& [name, member_value] : value.object()) {
    const Member* member = shape.member(name);
    if (!member) {
      std::vector<std::string> known;
      for (const Member& candidate : shape.members)
        known.push_back(candidate.name);
      std::string near = nearest(name, known);
      throw Error(sqlstate::invalid_value, path.text() + " has no member " + name, {},
                  near.empty() ? std::string() : "Did you mean " + near + "?");
    }
    if (!member_value.is_null()) validate_value(*member->shape, member_value, {&path, name}, depth + 1);
  }
  for (const Member& member : shape.members)
    if (member.required && value[member.name].is_null())
      throw Error(sqlstate::missing_value, Path{&path, member.name}.text() + " is required");
}

void validate_value(const Shape& shape, const Value& value, const Path& path, int depth) {
  check_depth(path, depth);
  if (shape.document) return validate_document(value, path, depth);
  switch (shape.type) {
  case ShapeType::structure:
    return validate_structure(shape, value, path, depth);
  case ShapeType::list:
    if (!value.is_array()) wrong_type(path, "an array", value);
    for (std::size_t i = 0; i < value.array().size(); ++i) {
      const Value& element = value.array()[i];
      if (element.is_null() && shape.sparse) continue;
      validate_value(*shape.element.shape, element, {&path, {}, i}, depth + 1);
    }
    return;
  case ShapeType::map:
    if (!value.is_object()) wrong_type(path, "an object", value);
    for (const auto& [name, member] : value.object()) {
      if (member.is_null() && shape.sparse) continue;
      validate_value(*shape.value.shape, member, {&path, name}, depth + 1);
    }
    return;
  default:
    return validate_scalar(shape, value, path);
  }
}

} // namespace

void validate(const Operation& operation, const Value& input) {
  const Path path{nullptr, operation.name};
  if (!input.is_object()) wrong_type(path, "an object", input);
  if (operation.input)
    validate_value(*operation.input, input, path, 0);
  else if (!input.object().empty())
    throw Error(sqlstate::invalid_value, operation.name + " takes no input");
}

void fill_idempotency_tokens(const Operation& operation, Value& input, const std::function<std::string()>& token) {
  if (!operation.input) return;
  for (const Member& member : operation.input->members)
    if (member.idempotency_token && input[member.name].is_null()) input.object().set(member.name, token());
}

} // namespace iasql::aws
