// The cloud in memory is as awkward as AWS.

#include "simulation/simulated_cloud.hpp"
#include "simulation/things.hpp"

#include <gtest/gtest.h>

namespace iasql::simulation {
namespace {

using aws::CallError;

class SimulatedCloudTest : public testing::Test {
protected:
  static aws::Call call_of(const std::string& operation, Object input) {
    return {.service = "things", .operation = operation, .region = simulated_region, .input = std::move(input)};
  }
  Value call(const std::string& operation, Object input) {
    return run(clock, door.call(call_of(operation, std::move(input)))).output;
  }
  std::string code_of(const std::string& operation, Object input) {
    try {
      call(operation, std::move(input));
    } catch (const CallError& error) {
      return error.code();
    }
    return "";
  }
  VirtualClock clock;
  Cloud cloud{thing_handlers()};
  CloudDoor door{cloud, clock, "tenant"};
};

TEST_F(SimulatedCloudTest, NamesAreUnique) {
  call("CreateNamed", {{"Name", "one"}});
  EXPECT_EQ(code_of("CreateNamed", {{"Name", "one"}}), "ThingAlreadyExists");
  EXPECT_EQ(call("DescribeNamed", {})["Things"].array().size(), 1u);
}

TEST_F(SimulatedCloudTest, ATokenMakesACreateOnce) {
  auto first = call("CreateTokened", {{"A", 1}, {"ClientToken", "t"}});
  auto again = call("CreateTokened", {{"A", 1}, {"ClientToken", "t"}});
  EXPECT_EQ(first, again);
  call("CreateTokened", {{"A", 1}, {"ClientToken", "u"}});
  EXPECT_EQ(cloud.existing().size(), 2u);
}

TEST_F(SimulatedCloudTest, ParentsStayWhileTheyHaveChildren) {
  const std::string parent = call("CreateHidden", {}).at_path("Thing.ThingId").string();
  const std::string child = call("CreateChild", {{"ParentId", parent}}).at_path("Thing.ThingId").string();
  EXPECT_EQ(code_of("DeleteHidden", {{"ThingId", parent}}), "DependencyViolation");
  call("DeleteChild", {{"ThingId", child}});
  call("DeleteHidden", {{"ThingId", parent}});
  EXPECT_TRUE(cloud.existing().empty());
}

TEST_F(SimulatedCloudTest, ListingsLagBehind) {
  cloud.read_lag = std::chrono::seconds(10);
  const std::string id = call("CreateHidden", {}).at_path("Thing.ThingId").string();
  EXPECT_TRUE(call("DescribeHidden", {})["Things"].array().empty());
  EXPECT_EQ(code_of("DescribeHidden", {{"ThingIds", Array{id}}}), "ThingNotFound");
  clock.advance(std::chrono::seconds(10));
  EXPECT_EQ(call("DescribeHidden", {})["Things"].array().size(), 1u);
  call("DeleteHidden", {{"ThingId", id}});
  EXPECT_EQ(call("DescribeHidden", {})["Things"].array().size(), 1u);
  EXPECT_EQ(code_of("DeleteHidden", {{"ThingId", id}}), "ThingNotFound");
  clock.advance(std::chrono::seconds(10));
  EXPECT_TRUE(call("DescribeHidden", {})["Things"].array().empty());
}

TEST_F(SimulatedCloudTest, ListsComeInPages) {
  cloud.page_size = 2;
  for (int i = 0; i < 3; ++i)
    call("CreateHidden", {});
  auto first = call("DescribeHidden", {});
  EXPECT_EQ(first["Things"].array().size(), 2u);
  auto second = call("DescribeHidden", {{"NextToken", first["NextToken"]}});
  EXPECT_EQ(second["Things"].array().size(), 1u);
  EXPECT_TRUE(second["NextToken"].is_null());
}

TEST_F(SimulatedCloudTest, FaultsSayWhatIsKnown) {
  using Effect = CallError::Effect;
  auto effect_of = [&](Fault fault) {
    door.fault = [fault](const aws::Call&) { return fault; };
    try {
      call("CreateHidden", {});
    } catch (const CallError& error) {
      return error.facts().effect;
    }
    throw std::logic_error("no error");
  };
  EXPECT_EQ(effect_of(Fault::not_sent), Effect::none);
  EXPECT_EQ(effect_of(Fault::throttled), Effect::none);
  EXPECT_EQ(effect_of(Fault::refused), Effect::none);
  EXPECT_EQ(effect_of(Fault::dropped), Effect::unknown);
  EXPECT_TRUE(cloud.existing().empty());
  EXPECT_EQ(effect_of(Fault::lost_answer), Effect::unknown);
  EXPECT_EQ(cloud.existing().size(), 1u);
  EXPECT_EQ(effect_of(Fault::late), Effect::unknown);
  EXPECT_EQ(cloud.existing().size(), 1u);
  clock.advance(std::chrono::seconds(30));
  cloud.land_due(clock.now());
  EXPECT_EQ(cloud.existing().size(), 2u);
}

TEST_F(SimulatedCloudTest, AStepwiseCallWaitsBeforeItIsSentAndBeforeItsAnswer) {
  door.stepwise = true;
  auto work = door.call(call_of("CreateHidden", {}));
  work.start();
  ASSERT_EQ(door.waiting().size(), 1u);
  EXPECT_TRUE(cloud.existing().empty());
  door.resume(*door.waiting()[0], Fault::none);
  EXPECT_EQ(cloud.existing().size(), 1u);
  EXPECT_FALSE(work.done());
  ASSERT_EQ(door.waiting().size(), 1u);
  door.resume(*door.waiting()[0], Fault::none);
  EXPECT_TRUE(work.done());
}

TEST_F(SimulatedCloudTest, AnAbandonedCallLeavesNothingWaiting) {
  door.stepwise = true;
  {
    auto work = door.call(call_of("CreateHidden", {}));
    work.start();
    ASSERT_EQ(door.waiting().size(), 1u);
  }
  EXPECT_TRUE(door.waiting().empty());
}

TEST(VirtualClockTest, WakesSleepersInOrder) {
  VirtualClock clock;
  std::string order;
  auto sleeper = [](VirtualClock& clock, std::string& order, int seconds) -> net::task<void> {
    auto pause = clock.sleep(std::chrono::seconds(seconds));
    co_await std::move(pause);
    order += std::to_string(seconds);
  };
  auto late = sleeper(clock, order, 2), early = sleeper(clock, order, 1);
  late.start();
  early.start();
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(order, "12");
  auto dropped = sleeper(clock, order, 3);
  dropped.start();
  dropped = {};
  EXPECT_FALSE(clock.next_waking());
}

} // namespace
} // namespace iasql::simulation
