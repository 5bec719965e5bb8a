#include "net/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace iasql::net {
namespace {

// Suspends whoever awaits it until open() is called.
struct Gate {
  std::coroutine_handle<> waiting;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting = handle; }
  void await_resume() const noexcept {}
  void open() { std::exchange(waiting, nullptr).resume(); }
};

// Sets its flag when it is destroyed.
struct Guard {
  explicit Guard(bool& released) : m_released(released) {}
  ~Guard() { m_released = true; }
  Guard(const Guard&) = delete;
  bool& m_released;
};

task<int> number(int value) {
  co_return value;
}
task<int> failing() {
  throw std::runtime_error("no");
  co_return 0;
}
task<void> pass(Gate& gate, std::string& trace, std::string name) {
  trace += name + "<";
  co_await gate;
  trace += name + ">";
}
task<void> pass_and_fail(Gate& gate, std::string message) {
  co_await gate;
  throw std::runtime_error(message);
}
task<void> hold(Gate& gate, bool& released) {
  Guard guard(released);
  co_await gate;
}

TEST(Task, StartsOnlyWhenAwaited) {
  bool ran = false;
  auto work = [](bool& flag) -> task<void> {
    flag = true;
    co_return;
  }(ran);
  EXPECT_FALSE(ran);
  EXPECT_FALSE(work.done());
  work.start();
  EXPECT_TRUE(ran);
  EXPECT_TRUE(work.done());
}

TEST(Task, HandsItsResultOn) {
  auto sum = []() -> task<int> { co_return co_await number(1) + co_await number(2); }();
  sum.start();
  ASSERT_TRUE(sum.done());
  EXPECT_EQ(sum.result(), 3);
}

TEST(Task, CarriesWhatCanOnlyBeMoved) {
  auto work = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); }();
  work.start();
  EXPECT_EQ(*work.result(), 7);
}

TEST(Task, HandsItsExceptionOn) {
  auto outer = []() -> task<std::string> {
    std::string caught;
    try {
      co_await failing();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_return caught;
  }();
  outer.start();
  EXPECT_EQ(outer.result(), "no");

  auto uncaught = []() -> task<int> { co_return co_await failing() + 1; }();
  uncaught.start();
  ASSERT_TRUE(uncaught.done());
  EXPECT_THROW(uncaught.result(), std::runtime_error);
}

TEST(Task, ContinuesWhenWhatItAwaitsIsResumed) {
  Gate gate;
  std::string trace;
  auto outer = [](Gate& gate, std::string& trace) -> task<void> {
    co_await pass(gate, trace, "a");
    co_await pass(gate, trace, "b");
    trace += ".";
  }(gate, trace);
  outer.start();
  EXPECT_EQ(trace, "a<");
  gate.open();
  EXPECT_EQ(trace, "a<a>b<");
  EXPECT_FALSE(outer.done());
  gate.open();
  EXPECT_EQ(trace, "a<a>b<b>.");
  EXPECT_TRUE(outer.done());
}

TEST(Task, DestroyedUnfinishedReleasesWhatItAwaits) {
  Gate gate;
  bool inner_released = false, outer_released = false;
  {
    auto outer = [](Gate& gate, bool& inner, bool& outer) -> task<void> {
      Guard guard(outer);
      co_await hold(gate, inner);
    }(gate, inner_released, outer_released);
    outer.start();
    EXPECT_FALSE(inner_released);
  }
  EXPECT_TRUE(inner_released);
  EXPECT_TRUE(outer_released);
}

TEST(Task, NeverStartedIsDestroyedWithItsArguments) {
  auto argument = std::make_shared<int>(1);
  {
    auto work = [](std::shared_ptr<int> held) -> task<int> { co_return *held; }(argument);
    EXPECT_EQ(argument.use_count(), 2);
  }
  EXPECT_EQ(argument.use_count(), 1);
}

TEST(Task, ALoopOverTasksThatFinishAtOnceNeedsNoStack) {
  auto work = []() -> task<long> {
    long sum = 0;
    for (int i = 0; i < 200'000; ++i)
      sum += co_await number(1);
    co_return sum;
  }();
  work.start();
  EXPECT_EQ(work.result(), 200'000);
}

TEST(TaskGroup, RunsSideBySideAndCollectsInTheOrderOfFinishing) {
  Gate first, second;
  std::string trace;
  auto owner = [](Gate& first, Gate& second, std::string& trace) -> task<void> {
    TaskGroup group;
    group.spawn(pass(first, trace, "a"));
    group.spawn(pass(second, trace, "b"));
    trace += "|";
    co_await group.any();
    trace += "1";
    EXPECT_EQ(group.size(), 1u);
    co_await group.any();
    trace += "2";
    EXPECT_EQ(group.size(), 0u);
  }(first, second, trace);
  owner.start();
  EXPECT_EQ(trace, "a<b<|");
  second.open();
  EXPECT_EQ(trace, "a<b<|b>1");
  first.open();
  EXPECT_EQ(trace, "a<b<|b>1a>2");
  EXPECT_TRUE(owner.done());
}

TEST(TaskGroup, CollectsWhatFinishedBeforeAnyoneWaited) {
  auto owner = []() -> task<int> {
    TaskGroup group;
    int sum = 0;
    auto add = [](int& sum, int value) -> task<void> {
      sum += value;
      co_return;
    };
    group.spawn(add(sum, 1));
    group.spawn(add(sum, 10));
    EXPECT_EQ(sum, 11);
    co_await group.all();
    EXPECT_EQ(group.size(), 0u);
    co_return sum;
  }();
  owner.start();
  ASSERT_TRUE(owner.done());
  EXPECT_EQ(owner.result(), 11);
}

TEST(TaskGroup, WithoutTasksWaitsForNothing) {
  auto owner = []() -> task<void> {
    TaskGroup group;
    co_await group.any();
    co_await group.all();
  }();
  owner.start();
  EXPECT_TRUE(owner.done());
}

TEST(TaskGroup, RethrowsAndDestroysTheOthers) {
  Gate failing, other;
  bool released = false;
  auto owner = [](Gate& failing, Gate& other, bool& released) -> task<std::string> {
    std::string caught;
    try {
      TaskGroup group;
      group.spawn(hold(other, released));
      group.spawn(pass_and_fail(failing, "boom"));
      co_await group.all();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    co_return caught;
  }(failing, other, released);
  owner.start();
  EXPECT_FALSE(released);
  failing.open();
  EXPECT_TRUE(released);
  ASSERT_TRUE(owner.done());
  EXPECT_EQ(owner.result(), "boom");
}

TEST(TaskGroup, GoesOnAfterAFailureThatItsOwnerCaught) {
  Gate failing, other;
  std::string trace;
  auto owner = [](Gate& failing, Gate& other, std::string& trace) -> task<void> {
    TaskGroup group;
    group.spawn(pass(other, trace, "a"));
    group.spawn(pass_and_fail(failing, "boom"));
    while (group.size() > 0) {
      try {
        co_await group.any();
        trace += "ok";
      } catch (const std::runtime_error& error) {
        trace += error.what();
      }
    }
  }(failing, other, trace);
  owner.start();
  failing.open();
  other.open();
  EXPECT_TRUE(owner.done());
  EXPECT_EQ(trace, "a<booma>ok");
}

TEST(TaskGroup, DestroyedWithItsOwnerReleasesEveryTask) {
  Gate first, second;
  bool first_released = false, second_released = false;
  {
    auto owner = [](Gate& first, Gate& second, bool& a, bool& b) -> task<void> {
      TaskGroup group;
      group.spawn(hold(first, a));
      group.spawn(hold(second, b));
      co_await group.all();
    }(first, second, first_released, second_released);
    owner.start();
  }
  EXPECT_TRUE(first_released);
  EXPECT_TRUE(second_released);
}

TEST(TaskGroup, RefillsWhileItRuns) {
  // A limit of three at a time over many tasks, as an apply does it.
  struct Station {
    std::list<Gate> gates;
    int running = 0, most = 0;
  } station;
  auto work = [](Station& station) -> task<void> {
    ++station.running;
    station.most = std::max(station.most, station.running);
    auto& gate = station.gates.emplace_back();
    co_await gate;
    --station.running;
  };
  auto owner = [](Station& station, auto work) -> task<int> {
    TaskGroup group;
    int finished = 0;
    for (int i = 0; i < 50; ++i) {
      while (group.size() >= 3) {
        co_await group.any();
        ++finished;
      }
      group.spawn(work(station));
    }
    while (group.size() > 0) {
      co_await group.any();
      ++finished;
    }
    co_return finished;
  }(station, work);
  owner.start();
  while (!owner.done()) {
    auto gate = station.gates.begin();
    while (!gate->waiting)
      ++gate;
    gate->open();
  }
  EXPECT_EQ(owner.result(), 50);
  EXPECT_EQ(station.most, 3);
}

} // namespace
} // namespace iasql::net
