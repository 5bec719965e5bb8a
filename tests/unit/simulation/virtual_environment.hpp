#pragma once

// Time and chance of a simulated world: the clock stands still until somebody advances it, identifiers count up.

#include "net/environment.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <random>

namespace iasql::simulation {

class VirtualClock : public net::Clock {
public:
  net::Time now() override { return m_now; }
  // Zero or less does not suspend.
  net::task<void> sleep(std::chrono::milliseconds duration) override;

  // When the next sleeper wants to wake, or nothing where nobody sleeps.
  std::optional<net::Time> next_waking() const;
  // Sets the time, never back, and resumes the sleepers that are due, in the order of their deadlines.
  void advance_to(net::Time time);
  void advance(std::chrono::milliseconds duration) { advance_to(m_now + duration); }

private:
  struct Pause;
  net::Time m_now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
  std::list<Pause*> m_sleepers;
};

class SeededRandom : public net::Random {
public:
  explicit SeededRandom(std::uint64_t seed) : m_engine(seed) {}
  double fraction() override { return static_cast<double>(m_engine() >> 11) * 0x1.0p-53; }
  std::string uuid() override; // 00000000-0000-4000-8000-<a number that counts up>

private:
  std::mt19937_64 m_engine;
  std::uint64_t m_count = 0;
};

// Runs `work` to its end, advancing the clock whenever it sleeps. Returns its result or throws its exception;
// std::logic_error where it waits for something that time does not bring.
void finish(VirtualClock& clock, const std::function<bool()>& done);
template <typename T>
T run(VirtualClock& clock, net::task<T> work) {
  work.start();
  finish(clock, [&] { return work.done(); });
  return work.result();
}

} // namespace iasql::simulation
