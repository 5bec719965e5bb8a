#include "console/fake_clock.hpp"
#include "console/rate_limit.hpp"

#include <gtest/gtest.h>

namespace iasql::console {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, LetsSoManyPassInAMinute) {
  FakeClock time;
  RateLimit limit(5, time.clock());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(limit.attempt("anna"), 0s);
  EXPECT_EQ(limit.attempt("anna"), 60s);
  EXPECT_EQ(limit.attempt("ben"), 0s);
  time.pass(59s);
  EXPECT_EQ(limit.attempt("anna"), 1s);
  time.pass(1s);
  EXPECT_EQ(limit.attempt("anna"), 0s);
}

TEST(RateLimit, Slides) {
  FakeClock time;
  RateLimit limit(2, time.clock());
  EXPECT_EQ(limit.attempt("anna"), 0s);
  time.pass(40s);
  EXPECT_EQ(limit.attempt("anna"), 0s);
  EXPECT_EQ(limit.attempt("anna"), 20s);
  time.pass(20s);
  EXPECT_EQ(limit.attempt("anna"), 0s);
  EXPECT_EQ(limit.attempt("anna"), 40s);
}

TEST(RateLimit, ForgivesWhoWasRight) {
  FakeClock time;
  RateLimit limit(1, time.clock());
  EXPECT_EQ(limit.attempt("anna"), 0s);
  limit.forgive("anna");
  EXPECT_EQ(limit.attempt("anna"), 0s);
  EXPECT_EQ(limit.attempt("anna"), 60s);
}

TEST(RateLimit, DoesNotGrowForEver) {
  FakeClock time;
  RateLimit limit(1, time.clock());
  EXPECT_EQ(limit.attempt("first"), 0s);
  for (std::size_t i = 0; i < RateLimit::most_keys; ++i) {
    if (i == 0) time.pass(1s);
    EXPECT_EQ(limit.attempt(std::to_string(i)), 0s);
  }
  // The newest are still known, the oldest made room.
  EXPECT_GT(limit.attempt(std::to_string(RateLimit::most_keys - 1)), 0s);
  EXPECT_EQ(limit.attempt("first"), 0s);
}

} // namespace
} // namespace iasql::console
