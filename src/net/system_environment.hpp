#pragma once

// The real time and chance: the loop's timers, the system's clock and its random number generator.

#include "net/environment.hpp"
#include "net/loop.hpp"

namespace iasql::net {

class LoopClock : public Clock {
public:
  // The loop must outlive the clock.
  explicit LoopClock(Loop& loop) : m_loop(loop) {}
  Time now() override { return std::chrono::system_clock::now(); }
  task<void> sleep(std::chrono::milliseconds duration) override { return m_loop.sleep(duration); }

private:
  Loop& m_loop;
};

class SystemRandom : public Random {
public:
  double fraction() override;
  std::string uuid() override;
};

} // namespace iasql::net
