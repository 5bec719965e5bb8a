#include "discovery/discovery_test.hpp"
#include "discovery/metadata.hpp"

namespace iasql::discovery {
namespace {

using namespace std::chrono_literals;

constexpr const char* keys =
    R"({"Code": "Success", "AccessKeyId": "ASIAROLE", "SecretAccessKey": "x", "Token": "t",
        "Expiration": "2026-11-22T06:00:00Z"})";

struct ContainerTest : DiscoveryTest {};

TEST_F(ContainerTest, IsAskedAtItsPath) {
  variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1?a=b";
  variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://unused.example/";
  answer(200, keys);
  const auto found = find();
  EXPECT_EQ(source, "container");
  EXPECT_EQ(found.access_key_id, "ASIAROLE");
  EXPECT_EQ(found.session_token, "t");
  EXPECT_EQ(found.expires, clock.time + 6h);
  EXPECT_EQ(http.requests[0].url, "http://169.254.170.2/v2/credentials/1?a=b");
  EXPECT_EQ(sent_header(0, "Authorization"), "");
}

TEST_F(ContainerTest, TheTokenIsReadFromItsFileEachTime) {
  variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic unused";
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = write("token", "first");
  answer(200, keys);
  answer(200, keys);
  const auto found = look();
  const auto used = aws::run(found.provider->credentials());
  EXPECT_EQ(sent_header(0, "Authorization"), "first");
  write("token", "second");
  found.provider->forget(used);
  aws::run(found.provider->credentials());
  EXPECT_EQ(sent_header(1, "Authorization"), "second");
}

TEST_F(ContainerTest, TheTokenMayBeAVariable) {
  variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost:8080/get";
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic abc";
  answer(200, keys);
  find();
  EXPECT_EQ(sent_header(0, "Authorization"), "Basic abc");
  for (const char* bad : {"a\nb", "a\r\nX-Other: b"}) {
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = bad;
    EXPECT_EQ(failure(), "the container's authorization token has a line break");
  }
}

struct UrlCase {
  const char* url;
  bool is_trusted;
};

TEST_F(ContainerTest, TheTokenGoesToTrustedHostsOnly) {
  const UrlCase cases[] = {
      {"http://127.0.0.1/x", true},
      {"http://127.1.2.3:99/x", true},
      {"http://[::1]/x", true},
      {"http://localhost/x", true},
      {"http://169.254.170.2/x", true},
      {"http://169.254.170.23/x", true},
      {"http://[fd00:ec2::23]/x", true},
      {"https://anything.example/x", true},
      {"http://anything.example/x", false},
      {"http://169.254.169.254/x", false},
      {"http://10.0.0.1/x", false},
      {"http://0.0.0.0/x", false},
      {"http://169.254.170.2@evil.example/x", false},
      {"http://169.254.170.2:80@evil.example/x", false},
      {"http://evil.example#@127.0.0.1/", false},
      {"http://evil.example/127.0.0.1", false},
      {"http://127.0.0.1.evil.example/", false},
      {"http://localhost.evil.example/", false},
      {"http://user@127.0.0.1/", false},
      {"http://[::ffff:10.0.0.1]/", false},
      {"ftp://127.0.0.1/x", false},
      {"file:///etc/passwd", false},
      {"127.0.0.1/x", false},
      {"http:///x", false},
      {"http://127.0.0.1 .evil.example/", false},
      {"http://127.0.0.1\r\nHost: evil/", false},
  };
  for (const auto& [url, is_trusted] : cases) {
    SCOPED_TRACE(url);
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    if (is_trusted)
      EXPECT_EQ(look().source, "container");
    else
      EXPECT_EQ(failure(),
                "AWS_CONTAINER_CREDENTIALS_FULL_URI leads elsewhere than to a container's credentials service");
  }
  for (const char* path : {"@evil.example/x", ".evil.example/x", ":80@evil.example/x", "3/x"}) {
    SCOPED_TRACE(path);
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = path;
    EXPECT_EQ(failure(), "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
  }
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(ContainerTest, ThreeAttemptsAreMade) {
  variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  silence();
  answer(500, "very secret");
  answer(200, keys);
  EXPECT_EQ(find().access_key_id, "ASIAROLE");
  EXPECT_EQ(clock.sleeps, (std::vector<std::chrono::milliseconds>{1s, 1s}));
  for (int i = 0; i < 3; ++i)
    answer(500, "very secret");
  EXPECT_EQ(failure(), "the answer of the container's credentials service has status 500");
  for (int i = 0; i < 3; ++i)
    silence();
  EXPECT_EQ(failure(), "no answer from the container's credentials service: nobody is there");
  answer(200, "very secret");
  EXPECT_EQ(failure(), "the answer of the container's credentials service is no JSON object");
  answer(403, "very secret");
  failure();
}

struct InstanceTest : DiscoveryTest {
  InstanceTest() { variables.erase("AWS_EC2_METADATA_DISABLED"); }
  void answer_all(const std::string& document = keys) {
    answer(200, "the-token");
    answer(200, "web-role\n");
    answer(200, document);
  }
  std::string reason() {
    failure();
    const auto begin = detail.rfind("instance: ");
    return begin == detail.npos ? detail : detail.substr(begin + 10);
  }
};

TEST_F(InstanceTest, IsAskedWithATokenOnly) {
  answer_all();
  const auto found = find();
  EXPECT_EQ(source, "instance");
  EXPECT_EQ(found.access_key_id, "ASIAROLE");
  EXPECT_EQ(found.session_token, "t");
  EXPECT_EQ(found.expires, clock.time + 6h);
  ASSERT_EQ(http.requests.size(), 3) << "what the chain has learned is not asked for again";
  EXPECT_EQ(http.requests[0].method, "PUT");
  EXPECT_EQ(http.requests[0].url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(sent_header(0, "x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(http.requests[1].method, "GET");
  EXPECT_EQ(http.requests[1].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(http.requests[2].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/web-role");
  for (int request : {1, 2})
    EXPECT_EQ(sent_header(static_cast<std::size_t>(request), "x-aws-ec2-metadata-token"), "the-token");
}

TEST_F(InstanceTest, VersionOneIsNeverTried) {
  for (int status : {400, 403, 404, 405, 500}) {
    http.requests.clear();
    answer(status, "");
    EXPECT_EQ(reason(), "the instance's metadata service gives no token: status " + std::to_string(status));
    EXPECT_EQ(http.requests.size(), 1);
  }
  http.requests.clear();
  answer(200, "");
  EXPECT_EQ(reason(), "the instance's metadata service gives no token");
  silence();
  EXPECT_EQ(reason(), "the instance's metadata service does not answer");
  EXPECT_EQ(http.requests.size(), 2);
  EXPECT_TRUE(clock.sleeps.empty());
}

TEST_F(InstanceTest, WithoutARoleThereAreNoCredentials) {
  answer(200, "the-token");
  answer(404, "");
  EXPECT_EQ(reason(), "the instance's metadata service names no role: status 404");
  for (const char* name : {"", "../../x", "a b", "a?b"}) {
    answer(200, "the-token");
    answer(200, name);
    EXPECT_EQ(reason(), "the instance's metadata service names no role");
  }
  answer_all(R"({"Code": "AssumeRoleUnauthorizedAccess", "Message": "very secret"})");
  EXPECT_EQ(reason(), "what the instance's metadata service gives for role web-role has no AccessKeyId");
}

TEST_F(InstanceTest, SettingsSayWhereAndHowOften) {
  variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  answer_all();
  find();
  EXPECT_EQ(http.requests[0].url, "http://[fd00:ec2::254]/latest/api/token");
  http.requests.clear();
  variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338";
  variables["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "2";
  silence();
  answer_all();
  find();
  EXPECT_EQ(http.requests[1].url, "http://127.0.0.1:1338/latest/api/token");
  variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "nowhere";
  EXPECT_EQ(failure(), "the endpoint of the instance's metadata service is no URL");
  variables["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  EXPECT_EQ(reason(), "AWS_EC2_METADATA_DISABLED is true");
}

TEST_F(InstanceTest, KeysThatTheServiceCouldNotRenewAreUsedALittleLonger) {
  clock.time += 7h;
  answer_all();
  const auto found = find();
  EXPECT_EQ(found.access_key_id, "ASIAROLE");
  EXPECT_EQ(found.expires, clock.time + 21min);
}

} // namespace
} // namespace iasql::discovery
