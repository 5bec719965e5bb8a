#pragma once

#include "console/clock.hpp"

#include <memory>

namespace iasql::console {

// A time that stands still until it is told to go on.
class FakeClock {
public:
  Clock clock() const {
    return [now = m_now] { return *now; };
  }
  void pass(std::chrono::seconds time) { *m_now += time; }

private:
  std::shared_ptr<TimePoint> m_now = std::make_shared<TimePoint>(std::chrono::hours(1));
};

} // namespace iasql::console
