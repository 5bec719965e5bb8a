// botocore's cases for the endpoint rule sets: each service has a list of parameters with the endpoint, or the error,
// that they become.

#include "aws/endpoint_rules/rules.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace iasql::aws {

namespace {

namespace fs = std::filesystem;

fs::path rules_file(const std::string& service) {
  return conformance::folders_of(conformance::botocore_source() / "botocore" / "data" / service).back() /
         "endpoint-rule-set-1.json";
}

std::vector<Value> arguments_for(const EndpointRules& rules, const Value& named) {
  std::vector<Value> arguments;
  for (const EndpointParameter& parameter : rules.parameters())
    arguments.push_back(named[parameter.name]);
  return arguments;
}

Value headers_of(const RuledEndpoint& endpoint) {
  Object headers;
  for (const auto& [name, values] : endpoint.headers)
    headers.add(name, Array(values.begin(), values.end()));
  return headers;
}

// What differs, or "".
std::string run_case(const EndpointRules& rules, const Value& test) {
  const Value& expected = test["expect"];
  try {
    const RuledEndpoint endpoint = rules.evaluate(arguments_for(rules, test["params"]));
    if (!expected["error"].is_null()) return "no error but " + endpoint.url;
    const Value& wanted = expected["endpoint"];
    auto or_empty = [](const Value& value) { return value.is_null() ? Value(Object()) : value; };
    if (endpoint.url != wanted["url"].string()) return "the URL is " + endpoint.url;
    if (endpoint.properties != or_empty(wanted["properties"])) return write_json(endpoint.properties);
    if (headers_of(endpoint) != or_empty(wanted["headers"])) return write_json(headers_of(endpoint));
  } catch (const Error& error) {
    if (expected["error"].is_null() || error.what() != expected["error"].string())
      return std::string("the error is ") + error.what();
  }
  return "";
}

TEST(Endpoints, RuleSets) {
  int cases = 0;
  for (const fs::path& folder :
       conformance::folders_of(conformance::botocore_source() / "tests" / "functional" / "endpoint-rules")) {
    const std::string service = folder.filename().string();
    const EndpointRules rules(conformance::read_file(rules_file(service)));
    const Value document = read_json(conformance::read_file(folder / "endpoint-tests-1.json"));
    for (const Value& test : document["testCases"].array()) {
      ++cases;
      EXPECT_EQ(run_case(rules, test), "") << service << ": " << test["documentation"].text() << "\n"
                                           << write_json(test);
    }
  }
  std::cout << cases << " cases of endpoint rule sets\n";
  EXPECT_EQ(cases, 14589);
}

} // namespace
} // namespace iasql::aws
