// botocore's cases of which endpoint URL counts: profiles, [services] sections, environments and what a client is made
// with.

#include "aws/endpoint_rules/rules.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"
#include "discovery/configured_endpoint.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace iasql::discovery {

namespace {

// The configuration file that a suite describes.
std::string config_text(const Value& suite) {
  std::string text;
  for (const auto& [name, settings] : suite["profiles"].object()) {
    text += "[profile " + name + "]\n";
    for (const auto& [setting, value] : settings.object())
      text += setting + " = " + value.string() + "\n";
  }
  for (const auto& [name, services] : suite["services"].object()) {
    text += "[services " + name + "]\n";
    for (const auto& [service, settings] : services.object()) {
      text += service + " =\n";
      for (const auto& [setting, value] : settings.object())
        text += "  " + setting + " = " + value.string() + "\n";
    }
  }
  return text;
}

Environment environment_of(const Value& variables) {
  Environment::Variables result;
  for (const auto& [name, value] : variables.object())
    result.emplace(name, value.string());
  return Environment(std::move(result));
}

// Where AWS itself is called.
std::string aws_url(const std::string& service, const std::string& region) {
  const auto folder = conformance::botocore_source() / "botocore" / "data" / service;
  const aws::EndpointRules rules(
      conformance::read_file(conformance::folders_of(folder).back() / "endpoint-rule-set-1.json"));
  std::vector<Value> arguments;
  for (const aws::EndpointParameter& parameter : rules.parameters())
    arguments.push_back(parameter.built_in == "AWS::Region" ? Value(region) : Value());
  return rules.evaluate(arguments).url;
}

TEST(ConfiguredEndpoints, CountInTheOrderOfAwssTools) {
  const Value document = read_json(conformance::read_file(conformance::botocore_source() / "tests" / "functional" /
                                                          "configured_endpoint_urls" / "profile-tests.json"));
  int cases = 0;
  for (const Value& suite : document["testSuites"].array()) {
    const aws::Config config = aws::parse_config(config_text(suite), aws::ConfigFile::configuration, "config");
    for (const Value& test : suite["endpointUrlTests"].array()) {
      ++cases;
      const Value& client = suite["client_configs"][test["client_config"].string()];
      EndpointQuestion question;
      question.profile = test["profile"].string();
      question.service_id = test["service"].string();
      question.given = client["endpoint_url"].text();
      if (client["ignore_configured_endpoint_urls"] == Value(true)) question.configured = ConfiguredEndpoints::ignored;
      std::string url =
          endpoint_url(environment_of(suite["environments"][test["environment"].string()]), config, question);
      if (url.empty()) url = aws_url(question.service_id, suite["profiles"][question.profile]["region"].string());
      EXPECT_EQ(url, test["output"]["endpointUrl"].string()) << test["name"].string();
    }
  }
  std::cout << cases << " cases of configured endpoint URLs\n";
  EXPECT_EQ(cases, 39);
}

} // namespace
} // namespace iasql::discovery
