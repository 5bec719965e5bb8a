#pragma once

// The event loop: one epoll descriptor that holds every socket, and a heap of timers. It never blocks by itself: the
// waiter given to it does, so that inside PostgreSQL the wait is WaitLatchOrSocket and a cancel ends it.

#include "net/task.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace iasql::net {

using Milliseconds = std::chrono::milliseconds;

class Loop {
public:
  // Waits until `epoll_descriptor` is readable or `timeout` has passed (negative: no timeout). May throw Interrupted;
  // whatever the awaited coroutines hold is then released by their destructors.
  using Waiter = std::function<void(int epoll_descriptor, Milliseconds timeout)>;

  explicit Loop(Waiter waiter);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs `work` to its end and returns its result or throws its exception. Not reentrant.
  template <typename T>
  T run(task<T> work) {
    work.start();
    while (!work.done())
      turn();
    return work.result();
  }

  // Suspends the calling coroutine for `duration` (zero or more).
  task<void> sleep(Milliseconds duration);

  // For the HTTP client: calls `ready(events)` (EPOLLIN, EPOLLOUT, …) whenever the descriptor is ready; events 0
  // forgets it.
  using Ready = std::function<void(unsigned events)>;
  void watch(int descriptor, unsigned events, Ready ready);
  // For the HTTP client: a single timer that calls `expired`; negative duration disarms it.
  void set_timer(Milliseconds duration, std::function<void()> expired);

private:
  void turn();
  struct State;
  std::unique_ptr<State> m_state;
};

// A waiter that polls, for command line tools and tests.
Loop::Waiter polling_waiter();

} // namespace iasql::net
