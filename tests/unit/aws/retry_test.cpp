#include "aws/retry.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;
using Kind = FailureKind;

TEST(Retry, ClassifiesFailures) {
  struct Case {
    int status;
    const char* code;
    Kind kind;
  };
  for (const auto& [status, code, kind] : {Case{400, "Throttling", Kind::throttling},
                                           {400, "ThrottlingException", Kind::throttling},
                                           {400, "ThrottledException", Kind::throttling},
                                           {400, "RequestThrottledException", Kind::throttling},
                                           {400, "TooManyRequestsException", Kind::throttling},
                                           {400, "ProvisionedThroughputExceededException", Kind::throttling},
                                           {400, "TransactionInProgressException", Kind::throttling},
                                           {503, "RequestLimitExceeded", Kind::throttling},
                                           {509, "BandwidthLimitExceeded", Kind::throttling},
                                           {400, "LimitExceededException", Kind::throttling},
                                           {400, "RequestThrottled", Kind::throttling},
                                           {503, "SlowDown", Kind::throttling},
                                           {400, "PriorRequestNotComplete", Kind::throttling},
                                           {503, "EC2ThrottledException", Kind::throttling},
                                           {429, "", Kind::throttling},
                                           {429, "SomethingElse", Kind::throttling},
                                           {400, "RequestTimeout", Kind::transient},
                                           {400, "RequestTimeoutException", Kind::transient},
                                           {500, "", Kind::transient},
                                           {500, "InternalError", Kind::transient},
                                           {502, "", Kind::transient},
                                           {503, "Unavailable", Kind::transient},
                                           {504, "", Kind::transient},
                                           {501, "", Kind::lasting},
                                           {505, "", Kind::lasting},
                                           {403, "RequestTimeTooSkewed", Kind::clock_skew},
                                           {400, "RequestExpired", Kind::clock_skew},
                                           {403, "SignatureDoesNotMatch", Kind::clock_skew},
                                           {401, "AuthFailure", Kind::clock_skew},
                                           {400, "InvalidVpcID.NotFound", Kind::lasting},
                                           {400, "ExpiredToken", Kind::lasting},
                                           {404, "", Kind::lasting},
                                           {301, "", Kind::lasting}})
    EXPECT_EQ(classify_failure(status, code), kind) << status << " " << code;
}

TEST(Retry, DelaysGrowUpToTwentySeconds) {
  // The greatest delay of each retry, to the millisecond below.
  auto longest = [](int attempts_made, Kind kind) { return retry_delay(attempts_made, 100, kind, 0.9999999); };
  EXPECT_EQ(longest(1, Kind::transient), 49ms);
  EXPECT_EQ(longest(2, Kind::transient), 99ms);
  EXPECT_EQ(longest(3, Kind::transient), 199ms);
  EXPECT_EQ(longest(9, Kind::transient), 12'799ms);
  EXPECT_EQ(longest(10, Kind::transient), 19'999ms);
  EXPECT_EQ(longest(99, Kind::transient), 19'999ms);
  EXPECT_EQ(longest(1, Kind::throttling), 999ms);
  EXPECT_EQ(longest(2, Kind::throttling), 1'999ms);
  EXPECT_EQ(longest(6, Kind::throttling), 19'999ms);
  EXPECT_EQ(retry_delay(1, 3, Kind::throttling, 0.25), 250ms);
  EXPECT_EQ(retry_delay(2, 3, Kind::transient, 0), 0ms);
}

TEST(Retry, StopsAfterTheLastAttempt) {
  EXPECT_TRUE(retry_delay(1, 3, Kind::transient, 0));
  EXPECT_TRUE(retry_delay(2, 3, Kind::transient, 0));
  EXPECT_FALSE(retry_delay(3, 3, Kind::transient, 0));
  EXPECT_FALSE(retry_delay(3, 3, Kind::throttling, 0));
  EXPECT_FALSE(retry_delay(1, 1, Kind::throttling, 0));
}

TEST(Retry, NeverRepeatsWhatLasts) {
  EXPECT_FALSE(retry_delay(1, 3, Kind::lasting, 0));
  EXPECT_FALSE(retry_delay(1, 3, Kind::clock_skew, 0));
  EXPECT_FALSE(retry_delay(1, 3, Kind::lasting, 0, 10ms));
}

TEST(Retry, DoesAsTheServerAsksWithinFiveSeconds) {
  EXPECT_EQ(retry_delay(1, 3, Kind::throttling, 0.5, 1'500ms), 1'500ms);
  EXPECT_EQ(retry_delay(1, 3, Kind::throttling, 0.5, 100ms), 500ms);
  EXPECT_EQ(retry_delay(1, 3, Kind::throttling, 0.5, 3'600'000ms), 5'500ms);
  EXPECT_EQ(retry_delay(1, 3, Kind::transient, 0, 0ms), 0ms);
}

TEST(Retry, ReadsTheServersWish) {
  EXPECT_EQ(parse_retry_after("1500"), 1'500ms);
  EXPECT_EQ(parse_retry_after("0"), 0ms);
  for (const char* bad : {"", "-1", "1.5", "1s", "soon", " 1", "99999999999999999999999"})
    EXPECT_FALSE(parse_retry_after(bad)) << bad;
}

TEST(RetryQuota, ThirtyFiveTransientRetriesThenNone) {
  RetryQuota quota;
  int taken = 0;
  while (quota.take(Kind::transient))
    ++taken;
  EXPECT_EQ(taken, 35);
  EXPECT_EQ(quota.left(), 10);
  EXPECT_TRUE(quota.take(Kind::throttling));
  EXPECT_TRUE(quota.take(Kind::throttling));
  EXPECT_FALSE(quota.take(Kind::throttling));
  EXPECT_EQ(quota.left(), 0);
}

TEST(RetryQuota, SuccessFillsItUpToItsCapacity) {
  RetryQuota quota;
  quota.reward();
  EXPECT_EQ(quota.left(), 500);
  ASSERT_TRUE(quota.take(Kind::transient));
  EXPECT_EQ(quota.left(), 486);
  quota.refund(Kind::transient);
  EXPECT_EQ(quota.left(), 500);
  ASSERT_TRUE(quota.take(Kind::throttling));
  quota.reward();
  EXPECT_EQ(quota.left(), 496);
  quota.refund(Kind::throttling);
  EXPECT_EQ(quota.left(), 500);
}

} // namespace
} // namespace iasql::aws
