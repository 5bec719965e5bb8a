// A call's endpoint in four steps: the arguments of the rules' parameters (what the client knows itself, then what the
// operation says, which counts more), the rules, the checks, and what the endpoint's properties say of signing.

#include "aws/endpoint.hpp"

#include "aws/endpoint_url.hpp"
#include "aws/jmespath.hpp"
#include "aws/partition.hpp"
#include "aws/quirks.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <iterator>

namespace iasql::aws {

namespace {

// A call as the built-in parameters see it. `own_url` is settings.url, checked, or "".
struct Circumstances {
  const Service& service;
  const Operation& operation;
  const Value& input;
  std::string_view region;
  const EndpointSettings& settings;
  std::string own_url;

  bool is_own() const { return !own_url.empty(); }
};

// Endpoints of one's own cannot be combined with variants of AWS's.
Value use_fips(const Circumstances& call) {
  return call.settings.fips && !call.is_own();
}
Value use_dual_stack(const Circumstances& call) {
  return call.settings.dual_stack && !call.is_own();
}
Value own_endpoint(const Circumstances& call) {
  return call.is_own() ? Value(call.own_url) : Value();
}
Value region(const Circumstances& call) {
  return call.region;
}
Value account_id(const Circumstances& call) {
  return call.settings.account_id.empty() ? Value() : Value(call.settings.account_id);
}
Value account_id_mode(const Circumstances& call) {
  switch (call.settings.account_id_endpoints) {
  case AccountIdEndpoints::preferred:
    return "preferred";
  case AccountIdEndpoints::disabled:
    return "disabled";
  case AccountIdEndpoints::required:
    return "required";
  }
  return {};
}

// A bucket that an ARN names cannot be a part of the path; other hosts than AWS's seldom have names below them.
Value force_path_style(const Circumstances& call) {
  if (needs_path_style(call.service, call.operation)) return true;
  const Value& bucket = call.input["Bucket"];
  if (call.settings.accelerate || (bucket.is_string() && bucket.string().view().starts_with("arn:"))) return false;
  return call.is_own() ? call.settings.bucket_addressing != BucketAddressing::virtual_host
                       : call.settings.bucket_addressing == BucketAddressing::path;
}
Value accelerate(const Circumstances& call) {
  return call.settings.accelerate;
}
Value use_arn_region(const Circumstances& call) {
  return call.settings.use_arn_region.value_or(true);
}
Value control_uses_arn_region(const Circumstances& call) {
  return call.settings.use_arn_region.value_or(false);
}
Value disable_multi_region_access_points(const Circumstances& call) {
  return call.settings.disable_multi_region_access_points;
}
Value no_global_endpoint(const Circumstances&) {
  return false;
}

struct BuiltIn {
  std::string_view name;
  Value (*value)(const Circumstances&);
};

constexpr BuiltIn built_ins[] = {
    {"AWS::Region", region},
    {"AWS::UseDualStack", use_dual_stack},
    {"AWS::UseFIPS", use_fips},
    {"SDK::Endpoint", own_endpoint},
    {"AWS::S3::ForcePathStyle", force_path_style},
    {"AWS::S3::Accelerate", accelerate},
    {"AWS::S3::UseGlobalEndpoint", no_global_endpoint},
    {"AWS::S3::UseArnRegion", use_arn_region},
    {"AWS::S3::DisableMultiRegionAccessPoints", disable_multi_region_access_points},
    {"AWS::S3Control::UseArnRegion", control_uses_arn_region},
    {"AWS::STS::UseGlobalEndpoint", no_global_endpoint},
    {"AWS::Auth::AccountId", account_id},
    {"AWS::Auth::AccountIdEndpointMode", account_id_mode},
};

Value built_in_value(const EndpointParameter& parameter, const Circumstances& call) {
  if (parameter.built_in.empty()) return endpoint_setting(call.service, parameter.name);
  const auto* found = std::find_if(std::begin(built_ins), std::end(built_ins),
                                   [&](const BuiltIn& row) { return row.name == parameter.built_in; });
  if (found == std::end(built_ins))
    throw Error(sqlstate::invalid_spec, "the endpoint rules of " + call.service.name + " ask for " +
                                            parameter.built_in + ", which is not known here");
  return found->value(call);
}

// From what counts least to what counts most: what the client knows, JMESPath expressions for the input, members of
// the input, constants of the operation.
std::vector<Value> rule_arguments(const Circumstances& call) {
  const std::vector<EndpointParameter>& parameters = call.service.endpoint_rules.parameters();
  std::vector<Value> arguments;
  arguments.reserve(parameters.size());
  for (const EndpointParameter& parameter : parameters)
    arguments.push_back(built_in_value(parameter, call));
  auto set = [&](std::string_view name, const Value& value) {
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [&](const EndpointParameter& parameter) { return parameter.name == name; });
    if (found != parameters.end() && !value.is_null())
      arguments[static_cast<std::size_t>(found - parameters.begin())] = value;
  };
  for (const auto& [name, path] : call.operation.operation_context_params)
    set(name, JmesPath(path).search(call.input));
  if (call.operation.input)
    for (const Member& member : call.operation.input->members)
      if (!member.context_param.empty()) set(member.context_param, call.input[member.name]);
  for (const auto& [name, value] : call.operation.static_context_params)
    set(name, value);
  return arguments;
}

RuledEndpoint evaluate_rules(const Circumstances& call) {
  if (call.service.endpoint_rules.empty()) {
    if (call.is_own()) return {call.own_url, Object(), {}};
    throw Error(sqlstate::invalid_spec, "service " + call.service.name +
                                            " has no endpoint rules: where it is called is "
                                            "not known");
  }
  try {
    return call.service.endpoint_rules.evaluate(rule_arguments(call));
  } catch (const Error& error) {
    if (error.sqlstate() != sqlstate::invalid_value) throw;
    throw Error(sqlstate::invalid_value, printable_message(error.what()),
                "AWS's endpoint rules of service " + call.service.name + " say so of " + call.operation.name + " in " +
                    std::string(call.region),
                "Nothing was sent. The region, the names and ARNs in the input and the endpoint's settings must fit");
  }
}

AuthScheme scheme_named(const Value& name) {
  if (name == Value("sigv4")) return AuthScheme::sigv4;
  if (name == Value("sigv4a")) return AuthScheme::sigv4a;
  return AuthScheme::none;
}

// The first scheme that can be signed with one region, else the first that is known at all.
const Value* choose_scheme(const Value& schemes) {
  const Value* chosen = nullptr;
  for (const Value& scheme : schemes.array()) {
    const AuthScheme kind = scheme_named(scheme["name"]);
    if (kind == AuthScheme::sigv4) return &scheme;
    if (kind == AuthScheme::sigv4a && !chosen) chosen = &scheme;
  }
  return chosen;
}

bool is_anonymous(const Operation& operation) {
  return operation.auth_type == "none" || (!operation.auth.empty() && operation.auth.front() == "smithy.api#noAuth");
}

// A region that is no place, "aws-global", is signed for as its partition's region for global services.
std::string_view place_of(std::string_view region) {
  return region.ends_with("-global") ? find_partition(region)->implicit_global_region : region;
}

void set_signing(Endpoint& endpoint, const Circumstances& call, const Value& schemes) {
  endpoint.signing_name = call.service.signing_name;
  endpoint.signing_region = place_of(call.region);
  if (is_anonymous(call.operation)) {
    endpoint.auth_scheme = AuthScheme::none;
    return;
  }
  if (!schemes.is_array() || schemes.array().empty()) return;
  const Value* scheme = choose_scheme(schemes);
  if (!scheme)
    throw Error(sqlstate::invalid_value,
                call.operation.name + " of " + call.service.name +
                    " is signed here in a way that is not known: " + schemes.array().front()["name"].text());
  endpoint.auth_scheme = scheme_named((*scheme)["name"]);
  if (const Value& name = (*scheme)["signingName"]; name.is_string()) endpoint.signing_name = name.string();
  if (const Value& region = (*scheme)["signingRegion"]; region.is_string()) endpoint.signing_region = region.string();
  if (const Value& regions = (*scheme)["signingRegionSet"]; regions.is_array()) {
    endpoint.signing_region.clear();
    for (const Value& region : regions.array())
      endpoint.signing_region += (endpoint.signing_region.empty() ? "" : ",") + region.text();
  }
  if ((*scheme)["disableDoubleEncoding"] == Value(true)) endpoint.path_encoding = PathEncoding::once;
}

// Where the rules put the account's id before the host, the operation's own prefix would do it once more.
bool has_account_in_rules(const Operation& operation) {
  const Value* required = operation.static_context_params.find("RequiresAccountId");
  return required && *required == Value(true) && operation.host_prefix == "{AccountId}.";
}

} // namespace

Endpoint resolve_endpoint(const Service& service, const Operation& operation, const Value& input,
                          std::string_view region, const EndpointSettings& settings) {
  check_region(region);
  const std::string own_url = settings.url.empty() ? std::string() : checked_endpoint_url(settings.url);
  const Circumstances call{service, operation, input, region, settings, own_url};
  RuledEndpoint ruled = evaluate_rules(call);
  while (ruled.url.ends_with('/'))
    ruled.url.pop_back();
  if (call.is_own())
    check_url_at(own_url, ruled.url);
  else
    check_aws_url(ruled.url);

  Endpoint endpoint;
  endpoint.url = std::move(ruled.url);
  for (auto& [name, values] : ruled.headers)
    if (!values.empty()) endpoint.headers.emplace_back(std::move(name), std::move(values.front()));
  set_signing(endpoint, call, ruled.properties["authSchemes"]);
  // The operator's URL is used as it is: an emulator's address has no names below it.
  if (call.is_own() || has_account_in_rules(operation)) endpoint.host_prefix = HostPrefix::left_out;
  return endpoint;
}

std::string request_url(const Endpoint& endpoint, const HttpParts& parts) {
  const auto authority_start = endpoint.url.find("://") + 3;
  const auto authority_end = std::min(endpoint.url.find('/', authority_start), endpoint.url.size());
  std::string url = endpoint.url.substr(0, authority_start);
  if (endpoint.host_prefix == HostPrefix::added && !parts.host_prefix.empty()) {
    check_host(parts.host_prefix + endpoint.url.substr(authority_start, authority_end - authority_start));
    url += parts.host_prefix;
  }
  url += endpoint.url.substr(authority_start);
  const bool has_endpoint_path = authority_end < endpoint.url.size();
  url += parts.path.empty() && !has_endpoint_path ? "/" : parts.path;
  if (!parts.query.empty()) url += "?" + parts.query;
  return url;
}

} // namespace iasql::aws
