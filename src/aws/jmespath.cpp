#include "aws/jmespath.hpp"

// A syntax tree and a document become what the expression finds in it: evaluate() looks at the node's kind and leaves
// the work to a function of that kind. The parser is in a file of its own because it knows nothing of values.

#include "aws/jmespath_syntax.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

using Node = JmesPath::Node;
using Kind = Node::Kind;

Value evaluate(const Node& node, const Value& value);

Value evaluate_index(const Node& node, const Value& value) {
  if (!value.is_array()) return {};
  auto size = static_cast<std::int64_t>(value.array().size());
  std::int64_t at = *node.start < 0 ? *node.start + size : *node.start;
  if (at < 0 || at >= size) return {};
  return value.array()[static_cast<std::size_t>(at)];
}

Value evaluate_slice(const Node& node, const Value& value) {
  if (!value.is_array()) return {};
  auto size = static_cast<std::int64_t>(value.array().size());
  std::int64_t step = std::clamp(node.step.value_or(1), -size - 1, size + 1);
  const std::int64_t lowest = step < 0 ? -1 : 0, highest = step < 0 ? size - 1 : size;
  auto place = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
    if (!given) return otherwise;
    if (*given < -size) return lowest;
    return std::clamp(*given < 0 ? *given + size : *given, lowest, highest);
  };
  std::int64_t start = place(node.start, step < 0 ? highest : lowest),
               stop = place(node.stop, step < 0 ? lowest : highest);
  Array result;
  for (std::int64_t at = start; step < 0 ? at > stop : at < stop; at += step)
    result.push_back(value.array()[static_cast<std::size_t>(at)]);
  return result;
}

Value evaluate_flatten(const Value& value) {
  if (!value.is_array()) return {};
  Array result;
  for (const Value& element : value.array()) {
    if (element.is_array())
      result.append(element.array().begin(), element.array().end());
    else
      result.push_back(element);
  }
  return result;
}

// What `right` finds in each element, without nulls.
void project(const Node& right, const Value& element, Array& result) {
  Value found = evaluate(right, element);
  if (!found.is_null()) result.push_back(std::move(found));
}

Value evaluate_projection(const Node& node, const Value& value) {
  Value left = evaluate(node.children[0], value);
  Array result;
  if (node.kind == Kind::object_projection) {
    if (!left.is_object()) return {};
    for (const auto& [name, member] : left.object())
      project(node.children[1], member, result);
    return result;
  }
  if (!left.is_array()) return {};
  for (const Value& element : left.array())
    if (node.kind == Kind::projection || is_truthy(evaluate(node.children[2], element)))
      project(node.children[1], element, result);
  return result;
}

Value evaluate_comparison(const Node& node, const Value& value) {
  Value left = evaluate(node.children[0], value), right = evaluate(node.children[1], value);
  if (node.name == "==") return left == right;
  if (node.name == "!=") return !(left == right);
  if (!left.is_number() || !right.is_number()) return {};
  if (node.name == "<") return left.number() < right.number();
  if (node.name == "<=") return left.number() <= right.number();
  if (node.name == ">") return left.number() > right.number();
  return left.number() >= right.number();
}

std::string_view type_of(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

[[noreturn]] void wrong_argument(const Node& node, const Value& argument) {
  throw Error(sqlstate::invalid_value, "JMESPath function " + node.name + " does not take an argument of type " +
                                           std::string(type_of(argument)));
}

std::int64_t count_characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

Value length(const Node& node, const Value& value) {
  if (value.is_string()) return count_characters(value.string());
  if (value.is_array()) return static_cast<std::int64_t>(value.array().size());
  if (value.is_object()) return static_cast<std::int64_t>(value.object().size());
  wrong_argument(node, value);
}

Value contains(const Node& node, const Value& value, const Value& wanted) {
  if (value.is_array()) return std::find(value.array().begin(), value.array().end(), wanted) != value.array().end();
  if (!value.is_string()) wrong_argument(node, value);
  return wanted.is_string() && value.string().view().find(wanted.string()) != std::string_view::npos;
}

Value members(const Node& node, const Value& value) {
  if (!value.is_object()) wrong_argument(node, value);
  Array result;
  for (const auto& [name, member] : value.object())
    result.push_back(node.name == "keys" ? Value(name) : member);
  return result;
}

Value begins_or_ends(const Node& node, const Value& text, const Value& wanted) {
  if (!text.is_string()) wrong_argument(node, text);
  if (!wanted.is_string()) wrong_argument(node, wanted);
  return node.name == "starts_with" ? text.string().view().starts_with(wanted.string())
                                    : text.string().view().ends_with(wanted.string());
}

Value evaluate_function(const Node& node, const Value& value) {
  std::vector<Value> arguments;
  for (const Node& child : node.children)
    arguments.push_back(evaluate(child, value));
  if (node.name == "length") return length(node, arguments[0]);
  if (node.name == "contains") return contains(node, arguments[0], arguments[1]);
  if (node.name == "keys" || node.name == "values") return members(node, arguments[0]);
  if (node.name == "type") return type_of(arguments[0]);
  if (node.name == "not_null") {
    auto found = std::find_if(arguments.begin(), arguments.end(), [](const Value& v) { return !v.is_null(); });
    return found == arguments.end() ? Value() : *found;
  }
  return begins_or_ends(node, arguments[0], arguments[1]);
}

// A multiselect of null is null.
Value evaluate_multiselect(const Node& node, const Value& value) {
  if (value.is_null()) return {};
  if (node.kind == Kind::list) {
    Array result;
    for (const Node& child : node.children)
      result.push_back(evaluate(child, value));
    return result;
  }
  Object result;
  for (std::size_t i = 0; i < node.names.size(); ++i)
    result.set(node.names[i], evaluate(node.children[i], value));
  return result;
}

Value evaluate(const Node& node, const Value& value) {
  switch (node.kind) {
  case Kind::current:
    return value;
  case Kind::field:
    return value[node.name];
  case Kind::literal:
    return node.value;
  case Kind::index:
    return evaluate_index(node, evaluate(node.children[0], value));
  case Kind::slice:
    return evaluate_slice(node, evaluate(node.children[0], value));
  case Kind::chain:
    return evaluate(node.children[1], evaluate(node.children[0], value));
  case Kind::flatten:
    return evaluate_flatten(evaluate(node.children[0], value));
  case Kind::projection:
  case Kind::object_projection:
  case Kind::filter:
    return evaluate_projection(node, value);
  case Kind::list:
  case Kind::hash:
    return evaluate_multiselect(node, value);
  case Kind::either: {
    Value left = evaluate(node.children[0], value);
    return is_truthy(left) ? left : evaluate(node.children[1], value);
  }
  case Kind::both: {
    Value left = evaluate(node.children[0], value);
    return is_truthy(left) ? evaluate(node.children[1], value) : left;
  }
  case Kind::negation:
    return !is_truthy(evaluate(node.children[0], value));
  case Kind::comparison:
    return evaluate_comparison(node, value);
  case Kind::function:
    return evaluate_function(node, value);
  }
  return {};
}

} // namespace

bool is_truthy(const Value& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.boolean();
  if (value.is_string()) return !value.string().empty();
  if (value.is_array()) return !value.array().empty();
  if (value.is_object()) return !value.object().empty();
  return true;
}

JmesPath::JmesPath(std::string_view expression) : m_root(std::make_unique<Node>(parse_jmespath(expression))) {}
JmesPath::JmesPath(JmesPath&&) noexcept = default;
JmesPath& JmesPath::operator=(JmesPath&&) noexcept = default;
JmesPath::~JmesPath() = default;

Value JmesPath::search(const Value& document) const {
  return evaluate(*m_root, document);
}

} // namespace iasql::aws
