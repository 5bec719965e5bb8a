#include "simulation/virtual_environment.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace iasql::simulation {

// Registers the coroutine that awaits it; leaving its scope, also by destruction of the frame, takes it off the list.
struct VirtualClock::Pause {
  VirtualClock& clock;
  net::Time until;
  std::coroutine_handle<> waiting;

  Pause(VirtualClock& clock, net::Time until) : clock(clock), until(until) {}
  Pause(const Pause&) = delete;
  ~Pause() { clock.m_sleepers.remove(this); }

  bool await_ready() const { return until <= clock.m_now; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    waiting = awaiting;
    clock.m_sleepers.push_back(this);
  }
  void await_resume() const {}
};

net::task<void> VirtualClock::sleep(std::chrono::milliseconds duration) {
  Pause pause(*this, m_now + duration);
  co_await pause;
}

std::optional<net::Time> VirtualClock::next_waking() const {
  std::optional<net::Time> next;
  for (const Pause* pause : m_sleepers)
    if (!next || pause->until < *next) next = pause->until;
  return next;
}

void VirtualClock::advance_to(net::Time time) {
  while (true) {
    auto next = next_waking();
    if (!next || *next > time) break;
    m_now = std::max(m_now, *next);
    auto due = std::find_if(m_sleepers.begin(), m_sleepers.end(), [&](Pause* pause) { return pause->until == *next; });
    auto waiting = (*due)->waiting;
    m_sleepers.erase(due);
    waiting.resume();
  }
  m_now = std::max(m_now, time);
}

void finish(VirtualClock& clock, const std::function<bool()>& done) {
  while (!done()) {
    auto next = clock.next_waking();
    if (!next) throw std::logic_error("a task waits for something that time does not bring");
    clock.advance_to(*next);
  }
}

std::string SeededRandom::uuid() {
  char text[37];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(++m_count));
  return text;
}

} // namespace iasql::simulation
