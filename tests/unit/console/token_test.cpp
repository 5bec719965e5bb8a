#include "console/token.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

TEST(Token, HasADigestThatIsNotItself) {
  const auto token = random_token();
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(digest(token), digest(token));
  EXPECT_NE(digest(token), token);
  EXPECT_NE(digest(token), digest(random_token()));
}

TEST(EqualInConstantTime, IsEquality) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
}

} // namespace
} // namespace iasql::console
