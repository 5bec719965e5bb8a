#include "discovery/discovery_test.hpp"

namespace iasql::discovery {
namespace {

constexpr const char* role_credentials = R"({"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "x",
  "sessionToken": "t", "expiration": 1795309200000}})";

struct SingleSignOnTest : DiscoveryTest {
  SingleSignOnTest() {
    write(".aws/config", "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
                         "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n"
                         "[profile former]\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
                         "sso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n");
  }
  // SHA-1 of "corp" and of the start URL.
  void sign_in(const std::string& token, const std::string& expires,
               const std::string& name = "ee0bfd2552fbd840c02cc48b6e823320543c450f") {
    write(".aws/sso/cache/" + name + ".json",
          R"({"startUrl": "u", "accessToken": ")" + token + R"(", "expiresAt": ")" + expires + R"("})");
  }
  const Question work{.profile = "work"};
};

TEST_F(SingleSignOnTest, AsksThePortalWithTheCachedToken) {
  sign_in("bearer", "2026-11-22T01:00:00Z");
  answer(200, role_credentials);
  const auto found = find(work);
  EXPECT_EQ(source, "single sign-on");
  EXPECT_EQ(found.access_key_id, "ASIASSO");
  EXPECT_EQ(found.session_token, "t");
  EXPECT_EQ(found.expires, net::Time(std::chrono::milliseconds(1795309200000)));
  EXPECT_EQ(http.requests[0].method, "GET");
  EXPECT_EQ(
      http.requests[0].url,
      "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Admin&account_id=123456789012");
  EXPECT_EQ(sent_header(0, "x-amz-sso_bearer_token"), "bearer");
  EXPECT_EQ(sent_header(0, "Authorization"), "");
}

TEST_F(SingleSignOnTest, WithoutASessionTheStartUrlNamesTheToken) {
  sign_in("bearer", "2026-11-22T01:00:00Z", "a51746d4aa793ae07b25e90c3a5db96fc7832bd7");
  answer(200, role_credentials);
  EXPECT_EQ(find({.profile = "former"}).access_key_id, "ASIASSO");
}

TEST_F(SingleSignOnTest, WithoutAValidTokenOneHasToSignIn) {
  EXPECT_EQ(failure(work), "profile work: nobody has signed in yet");
  EXPECT_EQ(hint, "Sign in with: aws sso login --profile work");
  sign_in("secret-bearer", "2026-11-22T00:00:00Z");
  EXPECT_EQ(failure(work), "profile work: its sign-on has expired");
  EXPECT_EQ(hint, "Sign in with: aws sso login --profile work");
  sign_in("secret-bearer", "soon");
  EXPECT_NE(failure(work).find("is no token of a sign-on"), std::string::npos);
  EXPECT_TRUE(http.requests.empty());
  sign_in("secret-bearer", "2026-11-22T01:00:00Z");
  answer(401, R"({"__type": "UnauthorizedException", "message": "Session token not found or invalid"})");
  EXPECT_EQ(failure(work), "profile work: its sign-on is no longer valid");
  EXPECT_EQ(hint, "Sign in with: aws sso login --profile work");
  answer(403, R"({"__type": "ForbiddenException", "message": "No access with secret-bearer"})");
  EXPECT_EQ(failure(work), "profile work: no keys of role Admin in account 123456789012: ForbiddenException: No access "
                           "with ***");
}

TEST_F(SingleSignOnTest, SettingsThatAreMissingOrDifferAreErrors) {
  write(".aws/config", "[profile a]\nsso_account_id = 1\nsso_session = none\n"
                       "[profile b]\nsso_account_id = 1\n"
                       "[profile c]\nsso_account_id = 1\nsso_role_name = r\nsso_session = s\nsso_region = eu-west-1\n"
                       "[sso-session s]\nsso_region = us-east-1\nsso_start_url = u\n");
  EXPECT_EQ(failure({.profile = "a"}), "profile a: there is no [sso-session none]");
  EXPECT_EQ(failure({.profile = "b"}), "profile b: it has no sso_role_name");
  EXPECT_EQ(failure({.profile = "c"}), "profile c: its sso_region is not the one of [sso-session s]");
}

} // namespace
} // namespace iasql::discovery
