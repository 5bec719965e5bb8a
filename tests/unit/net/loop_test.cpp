#include "base/error.hpp"
#include "net/loop.hpp"
#include "net/system_environment.hpp"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <regex>
#include <set>
#include <string>

namespace iasql::net {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

struct Pipe {
  Pipe() { EXPECT_EQ(pipe(ends), 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  void fill() { EXPECT_EQ(write(ends[1], "x", 1), 1); }
  void drain() {
    char byte;
    EXPECT_EQ(read(ends[0], &byte, 1), 1);
  }
  int ends[2];
};

task<void> sleep_and_note(Loop& loop, Milliseconds duration, std::string& trace, char mark) {
  co_await loop.sleep(duration);
  trace += mark;
}

TEST(Loop, RunsAndReturns) {
  Loop loop(polling_waiter());
  EXPECT_EQ(loop.run([]() -> task<int> { co_return 5; }()), 5);
  auto thrower = []() -> task<int> {
    throw std::runtime_error("no");
    co_return 0;
  };
  EXPECT_THROW(loop.run(thrower()), std::runtime_error);
}

TEST(Loop, SleepsInTheOrderOfTheDeadlinesAndNotShorter) {
  Loop loop(polling_waiter());
  std::string trace;
  auto started = Steady::now();
  loop.run([](Loop& loop, std::string& trace) -> task<void> {
    TaskGroup group;
    group.spawn(sleep_and_note(loop, 20ms, trace, 'c'));
    group.spawn(sleep_and_note(loop, 1ms, trace, 'a'));
    group.spawn(sleep_and_note(loop, 10ms, trace, 'b'));
    group.spawn(sleep_and_note(loop, 0ms, trace, '0'));
    co_await group.all();
  }(loop, trace));
  EXPECT_EQ(trace, "0abc");
  EXPECT_GE(Steady::now() - started, 20ms);
}

TEST(Loop, WaitsAsLongAsTheNextTimerAndNoShorter) {
  std::vector<Milliseconds> waits;
  Loop loop([&](int, Milliseconds timeout) {
    waits.push_back(timeout);
    usleep(static_cast<useconds_t>(timeout.count() * 1000));
  });
  loop.run(loop.sleep(5ms));
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_LE(waits[0], 5ms);
  EXPECT_GE(waits[0], 1ms);
}

TEST(Loop, AWaiterMayReturnEarly) {
  int waits = 0;
  Loop loop([&](int, Milliseconds) {
    ++waits;
    usleep(1000);
  });
  loop.run(loop.sleep(5ms));
  EXPECT_GE(waits, 2);
}

TEST(Loop, ASleeperThatIsDestroyedNeverWakes) {
  Loop loop(polling_waiter());
  std::string trace;
  loop.run([](Loop& loop, std::string& trace) -> task<void> {
    {
      TaskGroup group;
      group.spawn(sleep_and_note(loop, 2ms, trace, 'x'));
      group.spawn(sleep_and_note(loop, 1ms, trace, 'a'));
      co_await group.any();
    }
    co_await loop.sleep(5ms);
  }(loop, trace));
  EXPECT_EQ(trace, "a");
}

TEST(Loop, TwoSleepersDueAtOnceMayDestroyEachOther) {
  // Both are due in the same turn; the first one's end destroys the second.
  Loop loop([](int, Milliseconds) { usleep(3000); });
  std::string trace;
  loop.run([](Loop& loop, std::string& trace) -> task<void> {
    TaskGroup group;
    group.spawn(sleep_and_note(loop, 0ms, trace, 'a'));
    group.spawn(sleep_and_note(loop, 1ms, trace, 'x'));
    co_await group.any();
  }(loop, trace));
  EXPECT_EQ(trace, "a");
}

TEST(Loop, AnInterruptedWaitUnwindsEverything) {
  int turns = 0;
  Loop loop([&](int, Milliseconds) {
    if (++turns == 3) throw Interrupted();
  });
  auto held = std::make_shared<int>(1);
  auto work = [](Loop& loop, std::shared_ptr<int> held) -> task<void> {
    auto child = [](Loop& loop, std::shared_ptr<int>) -> task<void> { co_await loop.sleep(1h); };
    TaskGroup group;
    for (int i = 0; i < 5; ++i)
      group.spawn(child(loop, held));
    co_await group.all();
  };
  EXPECT_THROW(loop.run(work(loop, held)), Interrupted);
  EXPECT_EQ(held.use_count(), 1);
  // The loop is usable afterwards, and no timer is left.
  EXPECT_THROW(loop.run([]() -> task<void> { co_await std::suspend_always(); }()), Error);
}

TEST(Loop, SaysSoWhenNothingCanEverHappen) {
  Loop loop(polling_waiter());
  EXPECT_THROW(loop.run([]() -> task<void> { co_await std::suspend_always(); }()), Error);
}

TEST(Loop, CallsBackWhenADescriptorIsReady) {
  Loop loop(polling_waiter());
  Pipe pipe;
  int calls = 0;
  loop.watch(pipe.ends[0], EPOLLIN, [&](unsigned events) {
    EXPECT_TRUE(events & EPOLLIN);
    pipe.drain();
    ++calls;
  });
  pipe.fill();
  loop.run(loop.sleep(2ms));
  EXPECT_EQ(calls, 1);
  loop.watch(pipe.ends[0], 0, nullptr);
  pipe.fill();
  loop.run(loop.sleep(2ms));
  EXPECT_EQ(calls, 1);
  loop.watch(pipe.ends[0], 0, nullptr); // once more does no harm
}

TEST(Loop, ACallbackMayForgetEveryDescriptor) {
  Loop loop(polling_waiter());
  Pipe first, second;
  int calls = 0;
  auto forget_both = [&](unsigned) {
    ++calls;
    loop.watch(first.ends[0], 0, nullptr);
    loop.watch(second.ends[0], 0, nullptr);
  };
  loop.watch(first.ends[0], EPOLLIN, forget_both);
  loop.watch(second.ends[0], EPOLLIN, forget_both);
  first.fill();
  second.fill();
  loop.run(loop.sleep(2ms));
  EXPECT_EQ(calls, 1);
}

TEST(Loop, AnEventOfAFormerWatchIsNotTheNewOnes) {
  Loop loop(polling_waiter());
  Pipe first, second;
  std::string trace;
  // Whichever is called first watches the other anew: the event that is pending for the other was the old watch's.
  auto rewatch = [&](int self, int other) {
    return [&, self, other](unsigned) {
      trace += "old ";
      loop.watch(self, 0, nullptr);
      loop.watch(other, EPOLLIN, [&, other](unsigned) {
        trace += "new";
        loop.watch(other, 0, nullptr);
      });
    };
  };
  loop.watch(first.ends[0], EPOLLIN, rewatch(first.ends[0], second.ends[0]));
  loop.watch(second.ends[0], EPOLLIN, rewatch(second.ends[0], first.ends[0]));
  first.fill();
  second.fill();
  loop.run(loop.sleep(0ms));
  EXPECT_EQ(trace, "old ");
  loop.run(loop.sleep(0ms));
  EXPECT_EQ(trace, "old new");
}

TEST(Loop, ATimerCanBeArmedAgainDisarmedAndDestroyed) {
  Loop loop(polling_waiter());
  std::string trace;
  Loop::Timer again(loop), off(loop);
  auto gone = std::make_unique<Loop::Timer>(loop);
  again.arm(1ms, [&] { trace += "first"; });
  again.arm(2ms, [&] { trace += "second"; });
  off.arm(1ms, [&] { trace += "off"; });
  off.disarm();
  gone->arm(1ms, [&] { trace += "gone"; });
  gone.reset();
  auto itself = std::make_unique<Loop::Timer>(loop);
  itself->arm(1ms, [&] {
    itself.reset();
    trace += "itself ";
  });
  loop.run(loop.sleep(5ms));
  EXPECT_EQ(trace, "itself second");
}

TEST(LoopClock, SleepsAndTellsTheTime) {
  Loop loop(polling_waiter());
  LoopClock clock(loop);
  auto before = clock.now();
  loop.run(clock.sleep(3ms));
  EXPECT_GE(clock.now() - before, 2ms);
}

TEST(SystemRandom, FractionsAreInTheUnitInterval) {
  SystemRandom random;
  double least = 1, greatest = 0;
  for (int i = 0; i < 10'000; ++i) {
    double fraction = random.fraction();
    ASSERT_GE(fraction, 0);
    ASSERT_LT(fraction, 1);
    least = std::min(least, fraction);
    greatest = std::max(greatest, fraction);
  }
  EXPECT_LT(least, 0.01);
  EXPECT_GT(greatest, 0.99);
}

TEST(SystemRandom, UuidsAreOfVersionFourAndDiffer) {
  SystemRandom random;
  std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    auto uuid = random.uuid();
    ASSERT_TRUE(std::regex_match(uuid, form)) << uuid;
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

} // namespace
} // namespace iasql::net
