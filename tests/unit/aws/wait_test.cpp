#include "aws/scripted_caller.hpp"
#include "aws/wait.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

Value wait(ScriptedCaller& caller, CountingClock& clock, const char* waiter) {
  return run(wait_until(caller, clock, "ec2", waiter, "eu-west-2", Object{{"VpcIds", Array{"vpc-1"}}}));
}

} // namespace

TEST(Wait, PollsUntilTheStateIsThere) {
  ScriptedCaller caller;
  CountingClock clock;
  caller.answer(R"({"Vpcs":[{"State":"pending"}]})");
  caller.answer(R"({"Vpcs":[]})");
  caller.answer(R"({"Vpcs":[{"State":"available"}]})");
  EXPECT_EQ(wait(caller, clock, "VpcAvailable"), read_json(R"({"Vpcs":[{"State":"available"}]})"));
  EXPECT_EQ(clock.slept, std::chrono::milliseconds(500 + 1000));
  ASSERT_EQ(caller.calls.size(), 3u);
  EXPECT_EQ(caller.calls[2].operation, "DescribeVpcs");
  EXPECT_EQ(caller.calls[2].region, "eu-west-2");
  EXPECT_EQ(caller.calls[2].input, read_json(R"({"VpcIds":["vpc-1"]})"));
}

TEST(Wait, AnErrorThatTheWaiterKnowsIsAState) {
  ScriptedCaller caller;
  CountingClock clock;
  caller.refuse("InvalidVpcID.NotFound");
  caller.answer(R"({"Vpcs":[{}]})");
  EXPECT_NO_THROW(wait(caller, clock, "VpcExists"));
  EXPECT_TRUE(caller.used_up());
}

TEST(Wait, AnyOtherErrorEndsIt) {
  ScriptedCaller caller;
  CountingClock clock;
  caller.refuse("UnauthorizedOperation", 403);
  EXPECT_THROW(wait(caller, clock, "VpcExists"), CallError);
  caller.refuse("", 0);
  EXPECT_THROW(wait(caller, clock, "VpcExists"), CallError);
}

TEST(Wait, AnAnswerThatCannotBeReadIsNoSuccess) {
  ScriptedCaller caller;
  CountingClock clock;
  caller.refuse("UnreadableAnswer", 200);
  Value input = Object{{"RoleName", "deployer"}};
  // It is over once GetRole answers with status 200.
  EXPECT_THROW(run(wait_until(caller, clock, "iam", "RoleExists", "eu-west-2", std::move(input))), CallError);
}

TEST(Wait, GivesUpAfterTheModelsAttemptsTimesItsDelay) {
  ScriptedCaller caller;
  CountingClock clock;
  // 0.5 + 1 + 2 + 4 + 8 seconds, then every 15 until 40 * 15 are over.
  for (int i = 0; i < 6 + 38; ++i)
    caller.answer(R"({"Vpcs":[{"State":"pending"}]})");
  try {
    wait(caller, clock, "VpcAvailable");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::change_failed);
  }
  EXPECT_TRUE(caller.used_up());
  EXPECT_EQ(clock.slept, std::chrono::milliseconds(15500 + 38 * 15000));
}

TEST(Wait, AnUnknownWaiterIsAnError) {
  ScriptedCaller caller;
  CountingClock clock;
  EXPECT_THROW(wait(caller, clock, "VpcHappy"), Error);
}

} // namespace iasql::aws
