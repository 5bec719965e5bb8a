#pragma once

// A home directory, variables and an HTTP script for each test, and the chain over them.

#include "aws/scripted_caller.hpp"
#include "aws/scripted_environment.hpp"
#include "base/error.hpp"
#include "discovery/chain.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace iasql::discovery {

struct DiscoveryTest : testing::Test {
  DiscoveryTest() {
    char name[] = "/tmp/iasql-discovery-XXXXXX";
    home = mkdtemp(name);
    std::filesystem::create_directories(home / ".aws/sso/cache");
    variables = {{"HOME", home.string()}, {"AWS_EC2_METADATA_DISABLED", "true"}};
  }
  ~DiscoveryTest() override { std::filesystem::remove_all(home); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(home / name) << text;
    return (home / name).string();
  }
  void answer(int status, std::string body) {
    http.script.emplace_back(net::HttpResponse{status, {}, std::move(body)});
  }
  void silence() {
    http.script.emplace_back(net::TransportError(net::TransportError::Sent::nothing, "nobody is there"));
  }

  Environment environment() const { return Environment(variables); }
  aws::ClientParts parts() { return {http, clock, random, quota, {}}; }

  Discovered look(Question question = {}) {
    auto looking = discover(environment(), read_config_files(environment()), parts(), std::move(question));
    return aws::run(std::move(looking));
  }
  aws::Credentials find(Question question = {}) {
    const auto found = look(std::move(question));
    source = found.source;
    return aws::run(found.provider->credentials());
  }
  // What find() says instead; nothing of it may show a secret.
  std::string failure(Question question = {}) {
    try {
      find(std::move(question));
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::not_connected) << error.what();
      hint = error.hint();
      detail = error.detail();
      const auto all = std::string(error.what()) + hint + detail;
      EXPECT_EQ(all.find("secret"), all.npos) << all;
      return error.what();
    }
    ADD_FAILURE() << "credentials were found: " << source;
    return {};
  }
  std::string sent_header(std::size_t request, const std::string& name) const {
    for (const auto& [header, value] : http.requests.at(request).headers)
      if (header == name) return value;
    return {};
  }

  std::filesystem::path home;
  Environment::Variables variables;
  aws::ScriptedHttp http;
  aws::ScriptedClock clock;
  aws::ScriptedRandom random;
  aws::InProcessQuota quota;
  std::string source, hint, detail;
};

// STS's answer to AssumeRole or AssumeRoleWithWebIdentity.
inline std::string role_session(const std::string& operation, const std::string& id) {
  return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>role-token</SessionToken>"
         "<Expiration>2026-11-22T01:00:00Z</Expiration></Credentials></" +
         operation + "Result></" + operation + "Response>";
}

} // namespace iasql::discovery
