#include "discovery/discovery_test.hpp"

namespace iasql::discovery {
namespace {

struct RoleTest : DiscoveryTest {
  RoleTest() {
    write(".aws/credentials", "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n");
  }
  void role(const std::string& settings) {
    write(".aws/config", "[profile work]\nrole_arn = arn:aws:iam::123456789012:role/deployer\n" + settings);
  }
  // The access key id in the signature.
  std::string signer(std::size_t request) const {
    const auto header = sent_header(request, "Authorization");
    const auto begin = header.find("Credential=") + 11;
    return header.substr(begin, header.find('/', begin) - begin);
  }
  const Question work{.profile = "work"};
};

TEST_F(RoleTest, IsAssumedWithTheKeysOfItsSource) {
  role("source_profile = base\nexternal_id = outside\nrole_session_name = me\nduration_seconds = 1800\n"
       "region = eu-west-2\n");
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  const auto found = find(work);
  EXPECT_EQ(source, "role");
  EXPECT_EQ(found.access_key_id, "ASIAROLE");
  EXPECT_EQ(found.secret_access_key, "role-secret");
  EXPECT_EQ(found.session_token, "role-token");
  EXPECT_EQ(found.expires, clock.time + std::chrono::hours(1));
  EXPECT_EQ(signer(0), "AKIABASE");
  EXPECT_EQ(http.requests[0].url, "https://sts.eu-west-2.amazonaws.com/");
  for (const char* part : {"RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdeployer", "RoleSessionName=me",
                           "ExternalId=outside", "DurationSeconds=1800"})
    EXPECT_NE(http.requests[0].body.find(part), std::string::npos) << part;
}

TEST_F(RoleTest, ChainsAreFollowed) {
  role("source_profile = middle\n[profile middle]\nrole_arn = arn:aws:iam::123456789012:role/middle\n"
       "source_profile = base\n");
  answer(200, role_session("AssumeRole", "ASIAMIDDLE"));
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  EXPECT_EQ(find(work).access_key_id, "ASIAROLE");
  ASSERT_EQ(http.requests.size(), 2);
  EXPECT_EQ(signer(0), "AKIABASE");
  EXPECT_EQ(signer(1), "ASIAMIDDLE");
  EXPECT_EQ(sent_header(1, "X-Amz-Security-Token"), "role-token");
}

TEST_F(RoleTest, KeysOfASourceCountMoreThanItsRole) {
  role("source_profile = both\n[profile both]\nrole_arn = arn:aws:iam::123456789012:role/unused\n"
       "source_profile = base\naws_access_key_id = AKIABOTH\naws_secret_access_key = x\n");
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  find(work);
  EXPECT_EQ(signer(0), "AKIABOTH");
}

TEST_F(RoleTest, AProfileWithKeysMayBeItsOwnSource) {
  role("source_profile = work\naws_access_key_id = AKIAOWN\naws_secret_access_key = x\n");
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  EXPECT_EQ(find(work).access_key_id, "ASIAROLE");
  EXPECT_EQ(signer(0), "AKIAOWN");
}

TEST_F(RoleTest, TheSourceMayBeAPlace) {
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables["AWS_SECRET_ACCESS_KEY"] = "x";
  role("credential_source = Environment\n");
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  EXPECT_EQ(find(work).access_key_id, "ASIAROLE");
  EXPECT_EQ(signer(0), "AKIAENV");

  variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/keys";
  role("credential_source = EcsContainer\n");
  answer(200,
         R"({"AccessKeyId": "ASIAECS", "SecretAccessKey": "x", "Token": "t", "Expiration": "2026-11-22T06:00:00Z"})");
  answer(200, role_session("AssumeRole", "ASIAROLE"));
  find(work);
  EXPECT_EQ(http.requests[1].url, "http://169.254.170.2/keys");
  EXPECT_EQ(signer(2), "ASIAECS");
}

struct BadRole {
  const char* settings;
  const char* message;
};

TEST_F(RoleTest, WhatCannotBeUsedIsAnErrorBeforeAnythingIsSent) {
  const BadRole cases[] = {
      {"", "profile work: it has a role_arn and neither source_profile nor credential_source"},
      {"source_profile = base\ncredential_source = Environment\n",
       "profile work: it has both source_profile and credential_source"},
      {"source_profile = bas\n", "profile work: its source_profile bas does not exist"},
      {"source_profile = empty\n[profile empty]\nregion = x\n",
       "profile work: its source_profile empty has no credentials"},
      {"source_profile = work\n", "profile work: its source_profile leads back to where it came from: work -> work"},
      {"source_profile = two\n[profile two]\nrole_arn = a\nsource_profile = three\n"
       "[profile three]\nrole_arn = a\nsource_profile = two\n",
       "profile three: its source_profile leads back to where it came from: work -> two -> three -> two"},
      {"source_profile = two\n[profile two]\nrole_arn = a\nsource_profile = work\n",
       "profile two: its source_profile leads back to where it came from: work -> two -> work"},
      {"credential_source = Elsewhere\n", "profile work: there is no credential_source Elsewhere"},
      {"credential_source = Environment\n",
       "profile work: its credential_source Environment has nothing: AWS_ACCESS_KEY_ID is not set"},
      {"credential_source = Ec2InstanceMetadata\n",
       "profile work: its credential_source Ec2InstanceMetadata has nothing: AWS_EC2_METADATA_DISABLED is true"},
      {"source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n",
       "profile work: its role needs a code of the device in mfa_serial, which is not asked for here"},
      {"source_profile = base\nduration_seconds = long\n",
       "profile work: its duration_seconds is no number from 900 to 43200"},
      {"source_profile = base\nduration_seconds = 60\n",
       "profile work: its duration_seconds is no number from 900 to 43200"},
  };
  for (const auto& [settings, message] : cases) {
    role(settings);
    EXPECT_EQ(failure(work), message);
  }
  EXPECT_TRUE(http.requests.empty());
  write(".aws/config", "[profile work]\nrole_arn = deployer\nsource_profile = base\n");
  EXPECT_THROW(find(work), Error);
}

TEST_F(RoleTest, ARefusalIsAwss) {
  role("source_profile = base\nexternal_id = wrong\n");
  answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole"
              "</Message></Error></ErrorResponse>");
  EXPECT_EQ(failure(work),
            "cannot assume role arn:aws:iam::123456789012:role/deployer: AccessDenied: not authorized to "
            "perform: sts:AssumeRole");
}

struct WebIdentityTest : DiscoveryTest {};

TEST_F(WebIdentityTest, TheTokenIsReadAtEachRenewal) {
  variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "first");
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/pod";
  variables["AWS_ROLE_SESSION_NAME"] = "pod-1";
  answer(200, role_session("AssumeRoleWithWebIdentity", "ASIAWEB"));
  answer(200, role_session("AssumeRoleWithWebIdentity", "ASIALATER"));
  const auto found = look();
  EXPECT_EQ(found.source, "web identity");
  EXPECT_EQ(aws::run(found.provider->credentials()).access_key_id, "ASIAWEB");
  EXPECT_EQ(sent_header(0, "Authorization"), "") << "it is not signed";
  EXPECT_EQ(http.requests[0].body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
                                   "123456789012%3Arole%2Fpod&RoleSessionName=pod-1&WebIdentityToken=first");
  write("token", "second");
  found.provider->forget(aws::run(found.provider->credentials()));
  EXPECT_EQ(aws::run(found.provider->credentials()).access_key_id, "ASIALATER");
  EXPECT_NE(http.requests[1].body.find("WebIdentityToken=second"), std::string::npos);
}

TEST_F(WebIdentityTest, AProfileMayNameIt) {
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/environment";
  write("token", "t");
  write(".aws/config", "[profile web]\nweb_identity_token_file = ~/token\n"
                       "role_arn = arn:aws:iam::123456789012:role/profile\n");
  answer(200, role_session("AssumeRoleWithWebIdentity", "ASIAWEB"));
  find({.profile = "web"});
  EXPECT_NE(http.requests[0].body.find("role%2Fprofile"), std::string::npos);
}

TEST_F(WebIdentityTest, ErrorsShowNoToken) {
  variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = (home / "token").string();
  EXPECT_EQ(failure(), "there is a web identity token file and no role_arn or AWS_ROLE_ARN");
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/pod";
  EXPECT_EQ(failure(), "there is no web identity token file " + (home / "token").string());
  write("token", "very-secret-token");
  answer(400,
         "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>cannot decode very-secret-token</Message>"
         "</Error></ErrorResponse>");
  EXPECT_EQ(failure(), "cannot assume role arn:aws:iam::123456789012:role/pod with the token in " +
                           (home / "token").string() + ": InvalidIdentityToken: cannot decode ***");
}

} // namespace
} // namespace iasql::discovery
