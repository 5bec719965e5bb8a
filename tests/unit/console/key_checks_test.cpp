#include "console/key_checks.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

struct Case {
  const char* sqlstate;
  const char* message;
  KeyState state;
};

class KeyChecksTest : public testing::TestWithParam<Case> {};

TEST_P(KeyChecksTest, what_an_error_says_of_the_key) {
  const auto report = judge(hosting::DatabaseError(GetParam().message, GetParam().sqlstate));
  EXPECT_EQ(report.state, GetParam().state);
  EXPECT_EQ(report.words, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, KeyChecksTest,
    testing::Values(
        Case{"IQ011", "InvalidClientTokenId: no\nOperation GetCallerIdentity, HTTP status 403", KeyState::refused},
        Case{"IQ011", "ExpiredToken: no\nOperation GetCallerIdentity, HTTP status 400", KeyState::refused},
        Case{"IQ006", "no account is connected", KeyState::refused},
        Case{"IQ011", "InternalFailure: no\nOperation GetCallerIdentity, HTTP status 500", KeyState::unanswered},
        Case{"IQ023", "cannot connect", KeyState::unanswered},
        Case{"57014", "canceling statement due to statement timeout", KeyState::unanswered}));

} // namespace
} // namespace iasql::console
