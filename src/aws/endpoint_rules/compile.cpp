// A rule set's JSON becomes an EndpointRuleTree. Every name is resolved here: a variable that no condition before it
// assigns, an attribute or function that does not exist is an error when the rule set is read, never in a call. A
// scope is a rule with what is below it, so a variable's slot is the number of names in the scopes around it.

#include "aws/endpoint_rules/tree.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace iasql::aws {

namespace {

// Deeper than any rule set is, and shallow enough for the stack.
constexpr int depth_limit = 64;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(sqlstate::invalid_spec, "the endpoint rules cannot be used: " + what);
}

struct FunctionName {
  std::string_view name;
  RuleFunction function;
  std::size_t arguments;
};

constexpr FunctionName function_names[] = {
    {"isSet", RuleFunction::is_set, 1},
    {"not", RuleFunction::negation, 1},
    {"getAttr", RuleFunction::attribute_of, 2},
    {"stringEquals", RuleFunction::string_equals, 2},
    {"booleanEquals", RuleFunction::boolean_equals, 2},
    {"aws.partition", RuleFunction::partition, 1},
    {"aws.parseArn", RuleFunction::parse_arn, 1},
    {"parseURL", RuleFunction::parse_url, 1},
    {"substring", RuleFunction::substring, 4},
    {"uriEncode", RuleFunction::uri_encode, 1},
    {"isValidHostLabel", RuleFunction::is_valid_host_label, 2},
    {"aws.isVirtualHostableS3Bucket", RuleFunction::is_virtual_hostable_bucket, 2},
};

struct AttributeName {
  std::string_view name;
  RuleAttribute attribute;
};

constexpr AttributeName attribute_names[] = {
    {"name", RuleAttribute::name},
    {"dnsSuffix", RuleAttribute::dns_suffix},
    {"dualStackDnsSuffix", RuleAttribute::dual_stack_dns_suffix},
    {"implicitGlobalRegion", RuleAttribute::implicit_global_region},
    {"supportsFIPS", RuleAttribute::supports_fips},
    {"supportsDualStack", RuleAttribute::supports_dual_stack},
    {"partition", RuleAttribute::partition},
    {"service", RuleAttribute::service},
    {"region", RuleAttribute::region},
    {"accountId", RuleAttribute::account_id},
    {"resourceId", RuleAttribute::resource_id},
    {"scheme", RuleAttribute::scheme},
    {"authority", RuleAttribute::authority},
    {"path", RuleAttribute::path},
    {"normalizedPath", RuleAttribute::normalized_path},
    {"isIp", RuleAttribute::is_ip},
};

RuleAttribute attribute_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(attribute_names), std::end(attribute_names),
                                   [&](const AttributeName& row) { return row.name == name; });
  if (found == std::end(attribute_names)) refuse("no attribute " + std::string(name) + " is known");
  return found->attribute;
}

RulePath path_of(std::string_view text) {
  RulePath path;
  const auto bracket = text.find('[');
  if (bracket != text.npos) {
    std::size_t index = 0;
    const char* begin = text.data() + bracket + 1;
    const char* end = text.data() + text.size();
    auto [rest, failure] = std::from_chars(begin, end, index);
    if (failure != std::errc() || rest + 1 != end || *rest != ']') refuse("no attribute " + std::string(text));
    path.index = index;
  }
  const std::string_view name = text.substr(0, bracket);
  if (!name.empty()) path.attribute = attribute_named(name);
  if (name.empty() && !path.index) refuse("an attribute has no name");
  return path;
}

// The document's parts, each checked for its kind.
const Array& array_in(const Value& value, std::string_view name) {
  if (!value[name].is_array()) refuse(std::string(name) + " is no list");
  return value[name].array();
}

std::string text_in(const Value& value, std::string_view name) {
  if (!value[name].is_string()) refuse(std::string(name) + " is no text");
  return value[name].string();
}

class Compiler {
public:
  EndpointRuleTree compile(const Value& document) {
    EndpointRuleTree tree;
    if (!document["parameters"].is_object()) refuse("there are no parameters");
    for (const auto& [name, value] : document["parameters"].object()) {
      tree.parameters.push_back(parameter(name, value));
      declare(name);
    }
    tree.rules = rules(document, 0);
    tree.slots = m_most_names;
    return tree;
  }

private:
  static EndpointParameter parameter(const std::string& name, const Value& value) {
    EndpointParameter parameter;
    parameter.name = name;
    if (value["builtIn"].is_string()) parameter.built_in = value["builtIn"].string();
    std::string type = text_in(value, "type");
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (type == "boolean")
      parameter.type = EndpointParameterType::boolean;
    else if (type == "stringarray")
      parameter.type = EndpointParameterType::string_array;
    else if (type != "string")
      refuse("parameter " + name + " is of an unknown type");
    parameter.default_value = value["default"];
    parameter.required = value["required"] == Value(true);
    return parameter;
  }

  Slot declare(const std::string& name) {
    if (std::find(m_names.begin(), m_names.end(), name) != m_names.end()) refuse(name + " is assigned twice");
    m_names.push_back(name);
    m_most_names = std::max(m_most_names, m_names.size());
    return static_cast<Slot>(m_names.size() - 1);
  }

  Slot slot(std::string_view name) const {
    auto found = std::find(m_names.begin(), m_names.end(), name);
    if (found == m_names.end()) refuse("nothing assigns " + std::string(name));
    return static_cast<Slot>(found - m_names.begin());
  }

  RuleTemplate template_of(std::string_view text) const {
    RuleTemplate result;
    while (true) {
      const auto brace = text.find_first_of("{}");
      result.end += text.substr(0, brace);
      if (brace == text.npos) return result;
      text.remove_prefix(brace);
      if (text.size() > 1 && text[1] == text[0]) { // a doubled brace stands for itself
        result.end += text[0];
        text.remove_prefix(2);
        continue;
      }
      const auto close = text.find('}');
      if (text[0] == '}' || close == text.npos) refuse("a template's braces do not pair");
      const std::string_view inside = text.substr(1, close - 1);
      const auto hash = inside.find('#');
      RuleReference reference{slot(inside.substr(0, hash)), RuleAttribute::none};
      if (hash != inside.npos) reference.attribute = attribute_named(inside.substr(hash + 1));
      result.pieces.emplace_back(std::move(result.end), reference);
      result.end.clear();
      text.remove_prefix(close + 1);
    }
  }

  RuleOperand operand(const Value& value, int depth) {
    if (value.is_boolean()) return value.boolean();
    if (value.is_integer()) return value.integer();
    if (value.is_string()) return template_of(value.string());
    if (value["ref"].is_string()) return RuleReference{slot(value["ref"].string()), RuleAttribute::none};
    if (value["fn"].is_string()) return std::make_shared<const RuleCall>(call(value, depth + 1));
    refuse("an argument is neither a constant nor a reference nor a function");
  }

  RuleCall call(const Value& value, int depth) {
    if (depth > depth_limit) refuse("functions are nested too deeply");
    const std::string name = text_in(value, "fn");
    const auto* row = std::find_if(std::begin(function_names), std::end(function_names),
                                   [&](const FunctionName& known) { return known.name == name; });
    if (row == std::end(function_names)) refuse("no function " + name + " is known");
    const Array& arguments = array_in(value, "argv");
    if (arguments.size() != row->arguments) refuse(name + " has the wrong number of arguments");
    RuleCall result;
    result.function = row->function;
    result.arguments.push_back(operand(arguments[0], depth));
    if (result.function == RuleFunction::attribute_of) {
      if (!arguments[1].is_string()) refuse("getAttr names no attribute");
      result.path = path_of(arguments[1].string());
    } else {
      for (std::size_t at = 1; at < arguments.size(); ++at)
        result.arguments.push_back(operand(arguments[at], depth));
    }
    if (value["assign"].is_string()) result.assigned = declare(value["assign"].string());
    return result;
  }

  RuleProperty property(const Value& value) const {
    if (value.is_string()) return {template_of(value.string())};
    if (value.is_array()) {
      std::vector<RuleProperty> elements;
      for (const Value& element : value.array())
        elements.push_back(property(element));
      return {std::move(elements)};
    }
    if (value.is_object()) {
      std::vector<RuleMember> members;
      for (const auto& [name, member] : value.object())
        members.push_back({name, property(member)});
      return {std::move(members)};
    }
    return {value};
  }

  RuleEndpointPattern endpoint(const Value& value) {
    if (!value.is_object()) refuse("an endpoint rule has no endpoint");
    RuleEndpointPattern pattern{operand(value["url"], 0), property(value["properties"]), {}};
    if (!value["properties"].is_object()) pattern.properties = property(Object());
    if (value["headers"].is_object()) {
      for (const auto& [name, texts] : value["headers"].object()) {
        RuleHeader header{name, {}};
        if (!texts.is_array()) refuse("header " + name + " has no list of values");
        for (const Value& text : texts.array())
          header.values.push_back(operand(text, 0));
        pattern.headers.push_back(std::move(header));
      }
    }
    return pattern;
  }

  Rule rule(const Value& value, int depth) {
    if (depth > depth_limit) refuse("rules are nested too deeply");
    const std::size_t names_around = m_names.size();
    Rule result;
    for (const Value& condition : array_in(value, "conditions"))
      result.conditions.push_back(call(condition, 0));
    const std::string type = text_in(value, "type");
    if (type == "endpoint")
      result.outcome = endpoint(value["endpoint"]);
    else if (type == "error")
      result.outcome = RuleError{operand(value["error"], 0)};
    else if (type == "tree")
      result.outcome = rules(value, depth + 1);
    else
      refuse("no rule of type " + type + " is known");
    m_names.resize(names_around);
    return result;
  }

  std::vector<Rule> rules(const Value& value, int depth) {
    std::vector<Rule> result;
    for (const Value& element : array_in(value, "rules"))
      result.push_back(rule(element, depth));
    return result;
  }

  std::vector<std::string> m_names; // those in scope, by slot
  std::size_t m_most_names = 0;
};

} // namespace

EndpointRuleTree compile_endpoint_rules(std::string_view json) {
  return Compiler().compile(read_json(json));
}

} // namespace iasql::aws
