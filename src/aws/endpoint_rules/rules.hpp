#pragma once

// Rule sets of endpoints: what botocore's endpoint-rule-set-1.json says, as a value that turns the parameters of a call
// (region, settings, a bucket's name) into the URL to call and how to sign for it. The language is Smithy's
// (smithy.io, "Endpoint Rule Set"): rules are tried in order, a rule whose conditions hold is an endpoint, an error or
// a tree of further rules.

#include "base/value.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iasql::aws {

enum class EndpointParameterType { string, boolean, string_array };

struct EndpointParameter {
  std::string name;     // "Bucket"
  std::string built_in; // what the client itself knows, "AWS::Region", or ""
  EndpointParameterType type = EndpointParameterType::string;
  Value default_value; // or null
  bool required = false;
};

struct RuledEndpoint {
  std::string url;
  Value properties; // an object: "authSchemes" and more
  std::vector<std::pair<std::string, std::vector<std::string>>> headers;
};

struct EndpointRuleTree;

// A rule set. Its text is compiled when it is first evaluated and dropped then; copies share what is compiled. Not for
// several threads at a time.
class EndpointRules {
public:
  EndpointRules() = default; // no rules
  EndpointRules(std::string json) : m_json(std::move(json)) {}

  bool empty() const { return m_json.empty() && !m_tree; }

  // Throws Error: invalid_document for a text that is no JSON, invalid_spec for one that is no rule set or uses a
  // function that is not known here.
  const std::vector<EndpointParameter>& parameters() const;

  // `arguments`: one for each parameter in their order, null where there is none. Throws what parameters() throws;
  // Error (invalid_value) with the rule's message where an error rule holds, where no rule holds and for an argument of
  // another type than its parameter's; Error (missing_value) for a required one that is null without a default.
  RuledEndpoint evaluate(const std::vector<Value>& arguments) const;

private:
  const EndpointRuleTree& tree() const;

  mutable std::string m_json;
  mutable std::shared_ptr<const EndpointRuleTree> m_tree;
};

} // namespace iasql::aws
