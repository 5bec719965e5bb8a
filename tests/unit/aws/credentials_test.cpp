#include "aws/credentials.hpp"
#include "base/error.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace iasql::aws {
namespace {

// A home directory of its own, and an environment without AWS's variables, for each test.
struct CredentialsTest : testing::Test {
  CredentialsTest() {
    char name[] = "/tmp/iasql-credentials-XXXXXX";
    home = mkdtemp(name);
    std::filesystem::create_directory(home / ".aws");
    for (const char* variable : variables)
      if (const char* value = std::getenv(variable)) former.emplace_back(variable, value);
    for (const char* variable : variables)
      unsetenv(variable);
    setenv("HOME", home.c_str(), 1);
  }
  ~CredentialsTest() override {
    for (const char* variable : variables)
      unsetenv(variable);
    for (const auto& [variable, value] : former)
      setenv(variable.c_str(), value.c_str(), 1);
    std::filesystem::remove_all(home);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(home / name) << text; }

  static constexpr const char* variables[] = {"HOME",
                                              "AWS_ACCESS_KEY_ID",
                                              "AWS_SECRET_ACCESS_KEY",
                                              "AWS_SESSION_TOKEN",
                                              "AWS_CONFIG_FILE",
                                              "AWS_SHARED_CREDENTIALS_FILE"};
  std::filesystem::path home;
  std::vector<std::pair<std::string, std::string>> former;
};

TEST_F(CredentialsTest, TheEnvironmentNeedsBothParts) {
  EXPECT_FALSE(credentials_from_environment());
  setenv("AWS_ACCESS_KEY_ID", "AKIA1", 1);
  EXPECT_FALSE(credentials_from_environment());
  setenv("AWS_SECRET_ACCESS_KEY", "", 1);
  EXPECT_FALSE(credentials_from_environment());
  setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
  auto found = credentials_from_environment();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "AKIA1");
  EXPECT_EQ(found->secret_access_key, "secret");
  EXPECT_EQ(found->session_token, "");
  setenv("AWS_SESSION_TOKEN", "token", 1);
  EXPECT_EQ(credentials_from_environment()->session_token, "token");
}

TEST_F(CredentialsTest, WithoutFilesThereIsNothing) {
  EXPECT_FALSE(credentials_from_profile("default"));
}

TEST_F(CredentialsTest, ReadsTheProfileOfThatName) {
  write(".aws/credentials", "# comment\r\n"
                            "aws_access_key_id = outside\n"
                            "[default]\r\n"
                            "aws_access_key_id = AKIADEFAULT\r\n"
                            "aws_secret_access_key=de/fault+secret==\r\n"
                            "; another\n"
                            "[ other ]\n"
                            "aws_access_key_id\t=  AKIAOTHER\n"
                            "s3 =\n"
                            "  aws_access_key_id = nested\n"
                            "aws_secret_access_key = other secret\n"
                            "aws_session_token = token\n"
                            "no equals sign\n"
                            "[last]\n"
                            "region = eu-west-2");
  auto found = credentials_from_profile("default");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "AKIADEFAULT");
  EXPECT_EQ(found->secret_access_key, "de/fault+secret==");
  EXPECT_EQ(found->session_token, "");
  found = credentials_from_profile("other");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->access_key_id, "AKIAOTHER");
  EXPECT_EQ(found->secret_access_key, "other secret");
  EXPECT_EQ(found->session_token, "token");
  EXPECT_FALSE(credentials_from_profile("last"));
  EXPECT_FALSE(credentials_from_profile("missing"));
  EXPECT_FALSE(credentials_from_profile(""));
}

TEST_F(CredentialsTest, TheCredentialsFileComesBeforeTheConfiguration) {
  write(".aws/config", "[profile one]\naws_access_key_id = A\naws_secret_access_key = a\n"
                       "[profile two]\naws_access_key_id = B\naws_secret_access_key = b\n"
                       "[default]\naws_access_key_id = D\naws_secret_access_key = d\n");
  EXPECT_EQ(credentials_from_profile("one")->access_key_id, "A");
  EXPECT_EQ(credentials_from_profile("default")->access_key_id, "D");
  write(".aws/credentials", "[one]\naws_access_key_id = C\naws_secret_access_key = c\n");
  EXPECT_EQ(credentials_from_profile("one")->access_key_id, "C");
  EXPECT_EQ(credentials_from_profile("two")->access_key_id, "B");
}

TEST_F(CredentialsTest, FilesMayLieElsewhere) {
  write("elsewhere", "[default]\naws_access_key_id = E\naws_secret_access_key = e\n");
  setenv("AWS_SHARED_CREDENTIALS_FILE", "~/elsewhere", 1);
  EXPECT_EQ(credentials_from_profile("default")->access_key_id, "E");
  setenv("AWS_SHARED_CREDENTIALS_FILE", (home / "elsewhere").c_str(), 1);
  EXPECT_EQ(credentials_from_profile("default")->access_key_id, "E");
}

TEST_F(CredentialsTest, HalfAKeyIsAnErrorThatDoesNotShowIt) {
  write(".aws/credentials", "[one]\naws_secret_access_key = verysecret\n[two]\naws_access_key_id = AKIA\n");
  for (const char* profile : {"one", "two"}) {
    try {
      credentials_from_profile(profile);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
      EXPECT_EQ(std::string(error.what()).find("verysecret"), std::string::npos);
    }
  }
}

TEST_F(CredentialsTest, FilesThatCannotBeReadAreAnError) {
  std::filesystem::create_directory(home / ".aws/credentials");
  EXPECT_THROW(credentials_from_profile("default"), Error);
  std::filesystem::remove(home / ".aws/credentials");
  write(".aws/credentials", std::string((1u << 20) + 1, '#'));
  EXPECT_THROW(credentials_from_profile("default"), Error);
  write(".aws/credentials", std::string(1u << 20, '#'));
  EXPECT_FALSE(credentials_from_profile("default"));
  if (geteuid() != 0) { // root may read anything
    std::filesystem::permissions(home / ".aws/credentials", std::filesystem::perms::none);
    EXPECT_THROW(credentials_from_profile("default"), Error);
  }
}

TEST_F(CredentialsTest, SurvivesAnyBytes) {
  std::string bytes = "[default]\n";
  for (unsigned state = 1, i = 0; i < 20'000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    bytes += static_cast<char>(state >> 24);
  }
  write(".aws/credentials", bytes);
  EXPECT_FALSE(credentials_from_profile("default"));
}

TEST(Credentials, AreCopiedMovedAndWiped) {
  Credentials first("id", "a secret that is longer than any short string", "token");
  Credentials second = first;
  EXPECT_EQ(second.secret_access_key, first.secret_access_key);
  Credentials third = std::move(second);
  EXPECT_EQ(third.session_token, "token");
  third = Credentials("other", "x");
  EXPECT_EQ(third.access_key_id, "other");
  EXPECT_EQ(third.session_token, "");
  third = first;
  EXPECT_EQ(third.secret_access_key, first.secret_access_key);

  std::string secret = "0123456789abcdef0123456789abcdef";
  const char* memory = secret.data();
  auto size = secret.size();
  wipe(secret);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(std::string(memory, size), std::string(size, '\0'));
}

TEST(Credentials, FixedOnesAreAlwaysTheSame) {
  auto provider = fixed_credentials(Credentials("id", "secret"));
  net::Loop loop(net::polling_waiter());
  EXPECT_EQ(loop.run(provider->credentials()).access_key_id, "id");
  EXPECT_EQ(loop.run(provider->credentials()).secret_access_key, "secret");
}

} // namespace
} // namespace iasql::aws
