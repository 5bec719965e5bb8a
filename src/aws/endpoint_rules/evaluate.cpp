// An EndpointRuleTree and arguments become an endpoint. It runs for every call, so values are small and copied freely:
// texts are views, objects are pointers. What a function makes lives in the evaluation (m_texts and its neighbours,
// lists whose elements stay where they are) until the endpoint is written out.

#include "aws/endpoint_rules/functions.hpp"
#include "aws/endpoint_rules/tree.hpp"
#include "aws/partition.hpp"
#include "aws/uri.hpp"
#include "base/error.hpp"

#include <forward_list>

namespace iasql::aws {

namespace {

constexpr std::size_t longest_text = 65'536;

using Texts = std::vector<std::string_view>;
using Datum = std::variant<std::monostate, bool, std::int64_t, std::string_view, const Partition*, const Arn*,
                           const RuleUrl*, const Texts*>;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(sqlstate::invalid_value, "the endpoint rules cannot be evaluated: " + what);
}

bool is_null(const Datum& datum) {
  return std::holds_alternative<std::monostate>(datum);
}

bool holds(const Datum& datum) {
  const bool* boolean = std::get_if<bool>(&datum);
  return boolean ? *boolean : !is_null(datum);
}

std::string_view text(const Datum& datum) {
  if (const auto* view = std::get_if<std::string_view>(&datum)) return *view;
  refuse("a text is needed where there is none");
}

bool boolean(const Datum& datum) {
  if (const bool* value = std::get_if<bool>(&datum)) return *value;
  refuse("a boolean is needed where there is none");
}

std::size_t number(const Datum& datum) {
  const auto* value = std::get_if<std::int64_t>(&datum);
  if (value && *value >= 0) return static_cast<std::size_t>(*value);
  refuse("a number is needed where there is none");
}

Subdomains subdomains(const Datum& datum) {
  return boolean(datum) ? Subdomains::allowed : Subdomains::refused;
}

Datum attribute_of(const Partition& partition, RuleAttribute attribute) {
  switch (attribute) {
  case RuleAttribute::name:
    return partition.id;
  case RuleAttribute::dns_suffix:
    return partition.dns_suffix;
  case RuleAttribute::dual_stack_dns_suffix:
    return partition.dual_stack_dns_suffix;
  case RuleAttribute::implicit_global_region:
    return partition.implicit_global_region;
  case RuleAttribute::supports_fips:
    return partition.supports_fips;
  case RuleAttribute::supports_dual_stack:
    return partition.supports_dual_stack;
  default:
    refuse("a partition has no such attribute");
  }
}

Datum attribute_of(const Arn& arn, RuleAttribute attribute) {
  switch (attribute) {
  case RuleAttribute::partition:
    return arn.partition;
  case RuleAttribute::service:
    return arn.service;
  case RuleAttribute::region:
    return arn.region;
  case RuleAttribute::account_id:
    return arn.account_id;
  case RuleAttribute::resource_id:
    return &arn.resource_id;
  default:
    refuse("an ARN has no such attribute");
  }
}

Datum attribute_of(const RuleUrl& url, RuleAttribute attribute) {
  switch (attribute) {
  case RuleAttribute::scheme:
    return url.scheme;
  case RuleAttribute::authority:
    return url.authority;
  case RuleAttribute::path:
    return url.path;
  case RuleAttribute::normalized_path:
    return std::string_view(url.normalized_path);
  case RuleAttribute::is_ip:
    return url.is_ip;
  default:
    refuse("a URL has no such attribute");
  }
}

Datum attribute_of(const Datum& object, RuleAttribute attribute) {
  if (attribute == RuleAttribute::none || is_null(object)) return object;
  if (const auto* partition = std::get_if<const Partition*>(&object)) return attribute_of(**partition, attribute);
  if (const auto* arn = std::get_if<const Arn*>(&object)) return attribute_of(**arn, attribute);
  if (const auto* url = std::get_if<const RuleUrl*>(&object)) return attribute_of(**url, attribute);
  refuse("an attribute of what has none");
}

class Evaluation {
public:
  Evaluation(const EndpointRuleTree& tree, const std::vector<Value>& arguments)
      : m_tree(tree), m_arguments(arguments), m_slots(tree.slots) {}

  RuledEndpoint run() {
    if (m_arguments.size() != m_tree.parameters.size()) refuse("there are not as many arguments as parameters");
    for (std::size_t at = 0; at < m_arguments.size(); ++at)
      m_slots[at] = argument(m_tree.parameters[at], m_arguments[at]);
    RuledEndpoint endpoint;
    if (!try_rules(m_tree.rules, endpoint))
      throw Error(sqlstate::invalid_value, "there is no endpoint for this region and these settings");
    return endpoint;
  }

private:
  Datum argument(const EndpointParameter& parameter, const Value& given) {
    const Value& value = given.is_null() ? parameter.default_value : given;
    if (value.is_null()) {
      if (parameter.required)
        throw Error(sqlstate::missing_value, "the endpoint depends on " + parameter.name + ", which is not there");
      return {};
    }
    if (parameter.type == EndpointParameterType::boolean && value.is_boolean()) return value.boolean();
    if (parameter.type == EndpointParameterType::string && value.is_string()) return std::string_view(value.string());
    if (parameter.type != EndpointParameterType::string_array || !value.is_array())
      refuse(parameter.name + " is of another type");
    Texts& texts = m_lists.emplace_front();
    for (const Value& element : value.array()) {
      if (!element.is_string()) refuse(parameter.name + " has an element that is no text");
      texts.push_back(element.string());
    }
    return &texts;
  }

  // Whether a rule held; its endpoint is then in `endpoint`.
  bool try_rules(const std::vector<Rule>& rules, RuledEndpoint& endpoint) {
    for (const Rule& rule : rules) {
      if (!all_hold(rule.conditions)) continue;
      if (const auto* tree = std::get_if<std::vector<Rule>>(&rule.outcome)) {
        if (try_rules(*tree, endpoint)) return true;
      } else if (const auto* error = std::get_if<RuleError>(&rule.outcome)) {
        throw Error(sqlstate::invalid_value, std::string(text(value_of(error->message))));
      } else {
        endpoint = endpoint_of(std::get<RuleEndpointPattern>(rule.outcome));
        return true;
      }
    }
    return false;
  }

  bool all_hold(const std::vector<RuleCall>& conditions) {
    for (const RuleCall& condition : conditions)
      if (!holds(call(condition))) return false;
    return true;
  }

  Datum value_of(const RuleOperand& operand) {
    if (const auto* reference = std::get_if<RuleReference>(&operand))
      return attribute_of(m_slots[reference->slot], reference->attribute);
    if (const auto* pattern = std::get_if<RuleTemplate>(&operand)) {
      if (pattern->pieces.empty()) return std::string_view(pattern->end);
      return keep(expand(*pattern));
    }
    if (const auto* nested = std::get_if<std::shared_ptr<const RuleCall>>(&operand)) return call(**nested);
    if (const auto* constant = std::get_if<bool>(&operand)) return *constant;
    return std::get<std::int64_t>(operand);
  }

  std::string expand(const RuleTemplate& pattern) const {
    std::string result;
    for (const auto& [before, reference] : pattern.pieces) {
      result += before;
      result += text(attribute_of(m_slots[reference.slot], reference.attribute));
      // A text that is twice what was assigned before doubles with each rule.
      if (result.size() > longest_text) refuse("a text is too long");
    }
    return result += pattern.end;
  }

  std::string_view keep(std::string made) { return m_texts.emplace_front(std::move(made)); }

  Datum call(const RuleCall& call) {
    Datum result = apply(call);
    if (call.assigned) m_slots[*call.assigned] = result;
    return result;
  }

  Datum apply(const RuleCall& call) {
    const Datum first = value_of(call.arguments[0]);
    auto second = [&] { return value_of(call.arguments[1]); };
    switch (call.function) {
    case RuleFunction::is_set:
      return !is_null(first);
    case RuleFunction::negation:
      return !holds(first);
    case RuleFunction::string_equals:
      return text(first) == text(second());
    case RuleFunction::boolean_equals:
      return boolean(first) == boolean(second());
    case RuleFunction::attribute_of:
      return element_of(attribute_of(first, call.path.attribute), call.path.index);
    case RuleFunction::partition: {
      const Partition* partition = is_null(first) ? nullptr : find_partition(text(first));
      return partition ? partition : &partitions().front();
    }
    case RuleFunction::is_valid_host_label:
      return !is_null(first) && is_valid_host_label(text(first), subdomains(second()));
    case RuleFunction::is_virtual_hostable_bucket:
      return !is_null(first) && is_virtual_hostable_bucket(text(first), subdomains(second()));
    case RuleFunction::substring: {
      const CountFrom from = boolean(value_of(call.arguments[3])) ? CountFrom::end : CountFrom::start;
      const auto part = rule_substring(text(first), number(second()), number(value_of(call.arguments[2])), from);
      return part ? Datum(*part) : Datum();
    }
    case RuleFunction::uri_encode:
      return is_null(first) ? Datum() : keep(percent_encode(text(first)));
    case RuleFunction::parse_arn: {
      auto arn = is_null(first) ? std::nullopt : parse_arn(text(first));
      return arn ? Datum(&m_arns.emplace_front(std::move(*arn))) : Datum();
    }
    case RuleFunction::parse_url: {
      auto url = is_null(first) ? std::nullopt : parse_rule_url(text(first));
      return url ? Datum(&m_urls.emplace_front(std::move(*url))) : Datum();
    }
    }
    refuse("an unknown function");
  }

  static Datum element_of(const Datum& list, std::optional<std::size_t> index) {
    if (!index || is_null(list)) return list;
    const auto* texts = std::get_if<const Texts*>(&list);
    if (!texts) refuse("an element of what is no list");
    return *index < (*texts)->size() ? Datum((**texts)[*index]) : Datum();
  }

  RuledEndpoint endpoint_of(const RuleEndpointPattern& pattern) {
    RuledEndpoint endpoint{std::string(text(value_of(pattern.url))), property_of(pattern.properties), {}};
    for (const RuleHeader& header : pattern.headers) {
      auto& [name, values] = endpoint.headers.emplace_back(header.name, std::vector<std::string>());
      for (const RuleOperand& value : header.values)
        values.emplace_back(text(value_of(value)));
    }
    return endpoint;
  }

  Value property_of(const RuleProperty& property) const {
    if (const auto* pattern = std::get_if<RuleTemplate>(&property.data)) return expand(*pattern);
    if (const auto* constant = std::get_if<Value>(&property.data)) return *constant;
    if (const auto* elements = std::get_if<std::vector<RuleProperty>>(&property.data)) {
      Array array;
      for (const RuleProperty& element : *elements)
        array.push_back(property_of(element));
      return array;
    }
    Object object;
    for (const auto& [name, member] : std::get<3>(property.data))
      object.add(name, property_of(member));
    return object;
  }

  const EndpointRuleTree& m_tree;
  const std::vector<Value>& m_arguments;
  std::vector<Datum> m_slots;
  std::forward_list<std::string> m_texts;
  std::forward_list<Arn> m_arns;
  std::forward_list<RuleUrl> m_urls;
  std::forward_list<Texts> m_lists;
};

} // namespace

const EndpointRuleTree& EndpointRules::tree() const {
  if (!m_tree) {
    m_tree = std::make_shared<const EndpointRuleTree>(compile_endpoint_rules(m_json));
    m_json = std::string();
  }
  return *m_tree;
}

const std::vector<EndpointParameter>& EndpointRules::parameters() const {
  return tree().parameters;
}

RuledEndpoint EndpointRules::evaluate(const std::vector<Value>& arguments) const {
  return Evaluation(tree(), arguments).run();
}

} // namespace iasql::aws
