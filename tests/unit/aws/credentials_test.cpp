#include "aws/credentials.hpp"
#include "base/json.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

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

TEST(Credentials, SecretsAreTakenOutOfDocuments) {
  Value document = read_json(R"({"key": "a secret that is longer than any short string", "number": 1})");
  EXPECT_EQ(take_secret(document, "key"), "a secret that is longer than any short string");
  EXPECT_EQ(document["key"].text(), std::string(45, '\0'));
  EXPECT_EQ(take_secret(document, "number"), "");
  EXPECT_EQ(take_secret(document, "missing"), "");
  Value text("no object");
  EXPECT_EQ(take_secret(text, "key"), "");
}

} // namespace
} // namespace iasql::aws
