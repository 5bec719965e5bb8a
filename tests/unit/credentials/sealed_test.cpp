#include "base/error.hpp"
#include "credentials/sealed.hpp"

#include <gtest/gtest.h>

namespace iasql::credentials {
namespace {

const Destination here{7'123'456'789'012'345'678u, 16'384, "123456789012"};
constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

AccessKey access_key() {
  return {"AKIAIOSFODNN7EXAMPLE", LockedBytes(secret), LockedBytes(std::string_view("token"))};
}

std::string refusal(const LockedBytes& key, const Destination& destination, std::string_view sealed) {
  try {
    open(key, destination, sealed);
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
    return error.what();
  }
  return "opened";
}

TEST(Sealed, OpensForItsDestination) {
  auto pair = generate_key_pair();
  auto opened = open(pair.secret_key, here, seal(pair.public_key, here, access_key()));
  EXPECT_EQ(opened.access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(opened.secret_access_key.view(), secret);
  EXPECT_EQ(opened.session_token.view(), "token");
}

TEST(Sealed, LongLivedKeyHasNoSessionToken) {
  auto pair = generate_key_pair();
  AccessKey key{"AKIAIOSFODNN7EXAMPLE", LockedBytes(secret), {}};
  EXPECT_EQ(open(pair.secret_key, here, seal(pair.public_key, here, key)).session_token.size(), 0u);
}

TEST(Sealed, ShowsNothingAndDiffersEachTime) {
  auto pair = generate_key_pair();
  auto first = seal(pair.public_key, here, access_key());
  EXPECT_NE(first, seal(pair.public_key, here, access_key()));
  EXPECT_EQ(first.find(secret), std::string::npos);
  EXPECT_EQ(first.find("AKIA"), std::string::npos);
}

TEST(Sealed, RefusesAnotherDestination) {
  auto pair = generate_key_pair();
  auto sealed = seal(pair.public_key, here, access_key());
  auto other_cluster = here, other_database = here, other_account = here;
  other_cluster.system_identifier++;
  other_database.database++;
  other_account.account_id = "210987654321";
  for (const auto& elsewhere : {other_cluster, other_database, other_account})
    EXPECT_EQ(refusal(pair.secret_key, elsewhere, sealed),
              "the stored AWS key was sealed for another database or account");
}

TEST(Sealed, RefusesAnotherKeyAndEveryDamage) {
  auto pair = generate_key_pair();
  auto sealed = seal(pair.public_key, here, access_key());
  const std::string unreadable = "the stored AWS key cannot be opened with this server's key file";
  EXPECT_EQ(refusal(generate_key_pair().secret_key, here, sealed), unreadable);
  for (std::size_t size = 0; size < sealed.size(); ++size)
    ASSERT_EQ(refusal(pair.secret_key, here, std::string_view(sealed).substr(0, size)), unreadable) << size;
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto damaged = sealed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_EQ(refusal(pair.secret_key, here, damaged), unreadable) << at;
  }
}

TEST(Sealed, PublicHalfBelongsToItsSecretHalf) {
  auto pair = generate_key_pair();
  EXPECT_EQ(public_half(pair.secret_key), pair.public_key);
  EXPECT_THROW(public_half(LockedBytes(std::size_t(31))), Error);
}

} // namespace
} // namespace iasql::credentials
