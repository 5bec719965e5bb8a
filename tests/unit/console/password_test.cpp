#include "console/password.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace iasql::console {
namespace {

class Password : public testing::Test {
protected:
  static void SetUpTestSuite() { ASSERT_GE(sodium_init(), 0); }
};

TEST_F(Password, IsStoredAsArgon2id) {
  const auto hash = password_hash("correct horse battery staple");
  EXPECT_EQ(hash.rfind("$argon2id$v=19$m=65536,t=2,p=1$", 0), 0U) << hash;
  EXPECT_TRUE(is_password("correct horse battery staple", hash));
  EXPECT_FALSE(is_password("correct horse battery stapl", hash));
  EXPECT_FALSE(is_password("", hash));
  EXPECT_NE(password_hash("correct horse battery staple"), hash);
}

TEST_F(Password, OfNobodyIsNeverRight) {
  EXPECT_FALSE(is_password("", ""));
  EXPECT_FALSE(is_password("anything at all", ""));
}

TEST_F(Password, IsRandom) {
  const auto password = random_password();
  EXPECT_EQ(password.size(), 24U);
  EXPECT_EQ(password.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
            std::string::npos);
  EXPECT_NE(password, random_password());
}

} // namespace
} // namespace iasql::console
