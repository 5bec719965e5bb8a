#pragma once

// A rule set as it is evaluated: names are resolved to slots, functions and attributes to enumerators, templates cut
// into pieces. compile.cpp makes it, evaluate.cpp walks it.

#include "aws/endpoint_rules/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace iasql::aws {

enum class RuleFunction {
  is_set,
  negation,
  attribute_of,
  string_equals,
  boolean_equals,
  partition,
  parse_arn,
  parse_url,
  substring,
  uri_encode,
  is_valid_host_label,
  is_virtual_hostable_bucket,
};

// What getAttr and "{variable#attribute}" may name, of whatever kind of object.
enum class RuleAttribute {
  none, // the value itself
  // of a partition
  name,
  dns_suffix,
  dual_stack_dns_suffix,
  implicit_global_region,
  supports_fips,
  supports_dual_stack,
  // of an ARN
  partition,
  service,
  region,
  account_id,
  resource_id,
  // of a URL
  scheme,
  authority,
  path,
  normalized_path,
  is_ip,
};

// "resourceId[1]", "dnsSuffix", "[0]".
struct RulePath {
  RuleAttribute attribute = RuleAttribute::none;
  std::optional<std::size_t> index;
};

using Slot = std::uint32_t; // parameters have the first slots, in their order; a scope's variables those after them

struct RuleReference {
  Slot slot = 0;
  RuleAttribute attribute = RuleAttribute::none;
};

// A text with values in it: before each value, and at last after all of them, a constant.
struct RuleTemplate {
  std::vector<std::pair<std::string, RuleReference>> pieces;
  std::string end;
};

struct RuleCall;

// What an argument is before evaluation. The pointer keeps the type's size small and complete.
using RuleOperand = std::variant<bool, std::int64_t, RuleTemplate, RuleReference, std::shared_ptr<const RuleCall>>;

struct RuleCall {
  RuleFunction function = RuleFunction::is_set;
  std::vector<RuleOperand> arguments; // of attribute_of only the first: the second is `path`
  RulePath path;
  std::optional<Slot> assigned; // where the result is kept
};

struct RuleMember;

// A property of an endpoint: JSON whose texts may be templates.
struct RuleProperty {
  std::variant<Value, RuleTemplate, std::vector<RuleProperty>, std::vector<RuleMember>> data;
};

struct RuleMember {
  std::string name;
  RuleProperty value;
};

struct RuleHeader {
  std::string name;
  std::vector<RuleOperand> values;
};

struct RuleEndpointPattern {
  RuleOperand url;
  RuleProperty properties;
  std::vector<RuleHeader> headers;
};

struct RuleError {
  RuleOperand message;
};

struct Rule;

struct Rule {
  std::vector<RuleCall> conditions;
  std::variant<RuleEndpointPattern, RuleError, std::vector<Rule>> outcome;
};

struct EndpointRuleTree {
  std::vector<EndpointParameter> parameters;
  std::vector<Rule> rules;
  std::size_t slots = 0; // as many as are in use at most
};

// Throws Error: see EndpointRules.
EndpointRuleTree compile_endpoint_rules(std::string_view json);

} // namespace iasql::aws
