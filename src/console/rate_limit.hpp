#pragma once

#include "console/clock.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace iasql::console {

// At most so many attempts for each key (a user's name, an address) within any minute.
class RateLimit {
public:
  static constexpr std::chrono::seconds window{60};
  // Beyond so many keys the oldest are forgotten: memory is worth more than their limit.
  static constexpr std::size_t most_keys = 10'000;

  RateLimit(std::size_t attempts, Clock clock) : m_attempts(attempts), m_clock(std::move(clock)) {}

  // Counts an attempt; 0 where it may go on, else the seconds until the next may. A refused attempt does not count.
  std::chrono::seconds attempt(const std::string& key);
  // The attempts of that key were right after all.
  void forgive(const std::string& key);

private:
  void forget_old();

  const std::size_t m_attempts;
  const Clock m_clock;
  std::mutex m_mutex;
  std::map<std::string, std::deque<TimePoint>> m_keys;
};

} // namespace iasql::console
