#include "aws/assumed_role.hpp"
#include "aws/scripted_caller.hpp"
#include "aws/scripted_environment.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;

std::string session(const std::string& id, const std::string& expiration) {
  return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>role secret</SecretAccessKey><SessionToken>role token</SessionToken>"
         "<Expiration>" +
         expiration + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
}

struct AssumedRoleTest : testing::Test {
  std::unique_ptr<CredentialsProvider> provider(Role role) {
    return assumed_role({http, clock, random, quota, {}}, fixed_credentials(Credentials("AKIABASE", "base secret")),
                        std::move(role));
  }
  void answer(int status, std::string body) {
    http.script.emplace_back(net::HttpResponse{status, {}, std::move(body)});
  }

  const std::string arn = "arn:aws:iam::123456789012:role/path/deployer";
  ScriptedHttp http;
  ScriptedClock clock;
  ScriptedRandom random;
  InProcessQuota quota;
};

TEST_F(AssumedRoleTest, AsksStsAndRenewsBeforeTheEnd) {
  answer(200, session("ASIA1", "2026-11-22T01:00:00Z"));
  answer(200, session("ASIA2", "2026-11-22T02:00:00Z"));
  auto role =
      provider({.arn = arn, .external_id = "tenant:7", .session_name = "me", .duration = 3600s, .region = "eu-west-2"});
  auto found = run(role->credentials());
  EXPECT_EQ(found.access_key_id, "ASIA1");
  EXPECT_EQ(found.secret_access_key, "role secret");
  EXPECT_EQ(found.session_token, "role token");
  EXPECT_EQ(found.expires, clock.time + 1h);
  ASSERT_EQ(http.requests.size(), 1);
  EXPECT_EQ(http.requests[0].url, "https://sts.eu-west-2.amazonaws.com/");
  EXPECT_EQ(http.requests[0].body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpath%2Fdeployer"
            "&RoleSessionName=me&DurationSeconds=3600&ExternalId=tenant%3A7");
  clock.time += 44min;
  EXPECT_EQ(run(role->credentials()).access_key_id, "ASIA1");
  clock.time += 2min;
  EXPECT_EQ(run(role->credentials()).access_key_id, "ASIA2");
}

TEST_F(AssumedRoleTest, LeavesOutWhatIsNotGiven) {
  answer(200, session("ASIA1", "2026-11-22T01:00:00Z"));
  run(provider({.arn = arn})->credentials());
  EXPECT_EQ(http.requests.at(0).body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpath%2Fdeployer"
            "&RoleSessionName=iasql-00000000-0000-4000-8000-000000000000");
}

TEST_F(AssumedRoleTest, ARefusalIsAnErrorOfTheConnectionWithAwssWords) {
  answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not authorized to perform "
              "sts:AssumeRole</Message></Error></ErrorResponse>");
  try {
    run(provider({.arn = arn, .external_id = "sesame"})->credentials());
    ADD_FAILURE();
  } catch (const CallError&) {
    ADD_FAILURE() << "it would be taken for the error of the call that needs the credentials";
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
    EXPECT_EQ(error.what(),
              "cannot assume role " + arn + ": AccessDenied: User is not authorized to perform sts:AssumeRole");
    EXPECT_EQ(error.hint(), "Its trust policy must name who assumes it and, where it has one, the external id");
  }
}

TEST_F(AssumedRoleTest, HalfAnAnswerIsAnError) {
  answer(200, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId></Credentials>"
              "</AssumeRoleResult></AssumeRoleResponse>");
  answer(200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>");
  auto role = provider({.arn = arn});
  EXPECT_THROW(run(role->credentials()), Error);
  EXPECT_THROW(run(role->credentials()), Error);
}

TEST_F(AssumedRoleTest, WhatAwsWouldNotTakeIsRefusedAtOnce) {
  const Role bad[] = {
      {.arn = ""},
      {.arn = "arn:aws:iam::1234:role/name"},
      {.arn = arn, .external_id = "a"},
      {.arn = arn, .external_id = "with blank"},
      {.arn = arn, .external_id = std::string(1225, 'a')},
      {.arn = arn, .session_name = "a"},
      {.arn = arn, .session_name = "a/b"},
      {.arn = arn, .session_name = std::string(65, 'a')},
      {.arn = arn, .duration = 899s},
      {.arn = arn, .duration = 12h + 1s},
  };
  for (const auto& role : bad) {
    try {
      provider(role);
      ADD_FAILURE() << role.arn << role.external_id << role.session_name;
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::invalid_value);
    }
  }
  EXPECT_TRUE(http.requests.empty());
}

TEST(AccountOfRole, IsInItsArn) {
  EXPECT_EQ(account_of_role("arn:aws:iam::123456789012:role/name"), "123456789012");
  EXPECT_EQ(account_of_role("arn:aws-cn:iam::123456789012:role/a/b+c=d"), "123456789012");
  for (const char* bad :
       {"", "arn", "arn:aws:iam::123456789012", "arn:aws:iam::123456789012:user/name",
        "arn:aws:iam::12345678901:role/n", "arn:aws:iam::12345678901x:role/n", "arn:aws:sts::123456789012:role/n",
        "arn:aws:iam:eu-west-2:123456789012:role/n", "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/n\nx", "arn:aws:iam::123456789012:role/n/",
        "arn:other:iam::123456789012:role/n", "xarn:aws:iam::123456789012:role/n"})
    EXPECT_EQ(account_of_role(bad), "") << bad;
}

} // namespace
} // namespace iasql::aws
