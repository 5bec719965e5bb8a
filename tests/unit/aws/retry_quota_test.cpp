#include "aws/retry_quota.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;
using Kind = FailureKind;

const net::Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);

struct RetryQuotaTest : testing::Test {
  bool take(Kind kind) { return quota.take("eu-west-2", kind, now); }
  void refund(Kind kind) { quota.refund("eu-west-2", kind, now); }
  void reward() { quota.reward("eu-west-2", now); }
  int left() { return quota.left("eu-west-2", now); }

  InProcessQuota quota;
};

TEST_F(RetryQuotaTest, ThirtyFiveTransientRetriesThenNone) {
  int taken = 0;
  while (take(Kind::transient))
    ++taken;
  EXPECT_EQ(taken, 35);
  EXPECT_EQ(left(), 10);
  EXPECT_TRUE(take(Kind::throttling));
  EXPECT_TRUE(take(Kind::throttling));
  EXPECT_FALSE(take(Kind::throttling));
  EXPECT_EQ(left(), 0);
}

TEST_F(RetryQuotaTest, SuccessFillsItUpToItsCapacity) {
  reward();
  EXPECT_EQ(left(), 500);
  ASSERT_TRUE(take(Kind::transient));
  EXPECT_EQ(left(), 486);
  refund(Kind::transient);
  EXPECT_EQ(left(), 500);
  ASSERT_TRUE(take(Kind::throttling));
  EXPECT_EQ(left(), 495);
  reward();
  EXPECT_EQ(left(), 496);
  refund(Kind::throttling);
  EXPECT_EQ(left(), 500);
}

TEST_F(RetryQuotaTest, EachRegionHasItsOwn) {
  while (take(Kind::transient)) {
  }
  EXPECT_EQ(quota.left("us-east-1", now), 500);
  EXPECT_TRUE(quota.take("us-east-1", Kind::transient, now));
  EXPECT_FALSE(take(Kind::transient));
}

TEST_F(RetryQuotaTest, WhatNobodyUsedForFiveMinutesIsFullAgain) {
  while (take(Kind::transient)) {
  }
  EXPECT_FALSE(quota.take("eu-west-2", Kind::transient, now + 299s));
  EXPECT_FALSE(quota.take("eu-west-2", Kind::transient, now + 598s)); // a refused retry is a use
  EXPECT_EQ(quota.left("eu-west-2", now + 898s), 10);
  EXPECT_EQ(quota.left("eu-west-2", now + 899s), 500);
  EXPECT_TRUE(quota.take("eu-west-2", Kind::transient, now + 899s));
}

QuotaBucket bucket(int account) {
  return {static_cast<std::uint64_t>(account), 0};
}

TEST(QuotaTable, AClockThatWasSetBackForgetsNothingAndBreaksNothing) {
  QuotaTable table{};
  EXPECT_TRUE(table.draw(bucket(1), 400, now));
  EXPECT_FALSE(table.draw(bucket(1), 400, now - 24h));
  EXPECT_EQ(table.left(bucket(1), now - 24h), 100);
}

TEST(QuotaTable, TheLeastRecentlyUsedMakesRoom) {
  QuotaTable table{};
  constexpr int places = QuotaTable::places;
  for (int account = 0; account < places; ++account)
    EXPECT_TRUE(table.draw(bucket(100 + account), 7, now + std::chrono::seconds(account)));
  const net::Time later = now + std::chrono::seconds(places);
  EXPECT_TRUE(table.draw(bucket(100), 7, later)); // now the second is the oldest
  EXPECT_TRUE(table.draw(bucket(1'000), 7, later));
  EXPECT_EQ(table.left(bucket(100), later), 486);
  EXPECT_EQ(table.left(bucket(101), later), 500);
  EXPECT_EQ(table.left(bucket(102), later), 493);
  EXPECT_EQ(table.left(bucket(1'000), later), 493);
}

TEST(QuotaTable, ZerosAreAFullTable) {
  QuotaTable table{};
  EXPECT_EQ(table.left(bucket(0), now), 500);
  EXPECT_TRUE(table.draw(bucket(0), 500, now));
  EXPECT_FALSE(table.draw(bucket(0), 1, now));
  table.fill(bucket(0), 1'000, now);
  EXPECT_EQ(table.left(bucket(0), now), 500);
}

TEST(QuotaTable, BucketsAreOfAccountAndRegion) {
  EXPECT_EQ(quota_bucket("123456789012", "eu-west-2"), quota_bucket("123456789012", "eu-west-2"));
  EXPECT_NE(quota_bucket("123456789012", "eu-west-2"), quota_bucket("123456789012", "eu-west-1"));
  EXPECT_NE(quota_bucket("123456789012", "eu-west-2"), quota_bucket("123456789013", "eu-west-2"));
}

// Whoever names a region in iasql.aws() chooses its hash.
TEST(QuotaTable, NoRegionIsAnotherAccountsBucket) {
  QuotaTable table{};
  const QuotaBucket theirs = quota_bucket("123456789012", "eu-west-2");
  const QuotaBucket forged{quota_bucket("210987654321", "").account, theirs.region};
  EXPECT_TRUE(table.draw(forged, 500, now));
  EXPECT_EQ(table.left(theirs, now), 500);
  EXPECT_EQ(table.left(forged, now), 0);
}

} // namespace
} // namespace iasql::aws
