#include "net/loop.hpp"

#include "base/error.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>

namespace iasql::net {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

[[noreturn]] void throw_system_error(const char* what) {
  throw Error(sqlstate::internal_error, std::string(what) + ": " + std::strerror(errno));
}

} // namespace

struct Loop::State {
  struct Watch {
    std::uint32_t generation;
    std::shared_ptr<Ready> ready;
  };

  Waiter waiter;
  int epoll_descriptor = -1;
  std::uint32_t last_generation = 0;
  std::unordered_map<int, Watch> watches;
  std::multimap<SteadyTime, Timer*> timers;
};

Loop::Loop(Waiter waiter) : m_state(std::make_unique<State>()) {
  m_state->waiter = std::move(waiter);
  m_state->epoll_descriptor = epoll_create1(EPOLL_CLOEXEC);
  if (m_state->epoll_descriptor < 0) throw_system_error("cannot make an epoll descriptor");
}

Loop::~Loop() {
  close(m_state->epoll_descriptor);
}

task<void> Loop::sleep(Milliseconds duration) {
  struct Sleep {
    Timer timer;
    Milliseconds duration;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> sleeping) {
      timer.arm(duration, [sleeping] { sleeping.resume(); });
    }
    void await_resume() const noexcept {}
  };
  Sleep sleep{Timer(*this), duration};
  co_await sleep;
}

void Loop::watch(int descriptor, unsigned events, Ready ready) {
  if (events == 0) {
    m_state->watches.erase(descriptor);
    epoll_ctl(m_state->epoll_descriptor, EPOLL_CTL_DEL, descriptor, nullptr);
    return;
  }
  // An event that epoll has reported for an earlier watch of the same number is told apart by its generation.
  auto generation = ++m_state->last_generation;
  epoll_event event{};
  event.events = events;
  event.data.u64 = std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(descriptor);
  int failed = epoll_ctl(m_state->epoll_descriptor, EPOLL_CTL_MOD, descriptor, &event);
  if (failed && errno == ENOENT) failed = epoll_ctl(m_state->epoll_descriptor, EPOLL_CTL_ADD, descriptor, &event);
  if (failed) throw_system_error("cannot watch a socket");
  m_state->watches.insert_or_assign(descriptor, State::Watch{generation, std::make_shared<Ready>(std::move(ready))});
}

void Loop::Timer::arm(Milliseconds duration, std::function<void()> expired) {
  disarm();
  m_expired = std::move(expired);
  auto deadline = std::chrono::steady_clock::now() + std::max(duration, Milliseconds(0));
  m_position = m_loop.m_state->timers.emplace(deadline, this);
}

void Loop::Timer::disarm() {
  if (!m_position) return;
  m_loop.m_state->timers.erase(*m_position);
  m_position.reset();
  m_expired = nullptr;
}

void Loop::turn() {
  if (m_state->timers.empty() && m_state->watches.empty())
    throw Error(sqlstate::internal_error, "the event loop has nothing left to wait for");
  Milliseconds timeout(-1);
  if (!m_state->timers.empty()) {
    auto left = m_state->timers.begin()->first - std::chrono::steady_clock::now();
    timeout = std::max(std::chrono::ceil<Milliseconds>(left), Milliseconds(0));
  }
  m_state->waiter(m_state->epoll_descriptor, timeout);
  dispatch_sockets();
  dispatch_timers();
}

void Loop::dispatch_sockets() {
  std::array<epoll_event, 64> events;
  int count = epoll_wait(m_state->epoll_descriptor, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    auto descriptor = static_cast<int>(events[i].data.u64 & 0xffffffff);
    auto watched = m_state->watches.find(descriptor);
    if (watched == m_state->watches.end() || watched->second.generation != events[i].data.u64 >> 32) continue;
    // The callback may forget this descriptor, and with it itself.
    auto ready = watched->second.ready;
    (*ready)(events[i].events);
  }
}

void Loop::dispatch_timers() {
  // What a callback arms anew waits for the next turn, so that sockets get theirs.
  auto now = std::chrono::steady_clock::now();
  while (!m_state->timers.empty() && m_state->timers.begin()->first <= now) {
    Timer* timer = m_state->timers.begin()->second;
    m_state->timers.erase(m_state->timers.begin());
    timer->m_position.reset();
    auto expired = std::move(timer->m_expired);
    expired();
  }
}

Loop::Waiter polling_waiter() {
  return [](int epoll_descriptor, Milliseconds timeout) {
    pollfd waited{epoll_descriptor, POLLIN, 0};
    auto bounded = std::clamp<std::int64_t>(timeout.count(), -1, 3'600'000);
    if (poll(&waited, 1, static_cast<int>(bounded)) < 0 && errno != EINTR)
      throw_system_error("cannot wait for sockets");
  };
}

} // namespace iasql::net
