#pragma once

// The event loop: one epoll descriptor that holds every socket, and the timers in order. It never blocks by itself: the
// waiter given to it does, so that inside PostgreSQL the wait is WaitLatchOrSocket and a cancel ends it.

#include "net/task.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace iasql::net {

using Milliseconds = std::chrono::milliseconds;

class Loop {
public:
  // Waits until `epoll_descriptor` is readable or `timeout` has passed (negative: no timeout); returning early is
  // allowed. May throw Interrupted; whatever the awaited coroutines hold is then released by their destructors.
  using Waiter = std::function<void(int epoll_descriptor, Milliseconds timeout)>;

  // Throws Error (internal_error) where the system has no descriptor left.
  explicit Loop(Waiter waiter);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs `work` to its end and returns its result or throws its exception, or what the waiter throws. Not reentrant.
  // Throws Error (internal_error) when nothing that is being waited for can ever happen.
  template <typename T>
  T run(task<T> work) {
    work.start();
    while (!work.done())
      turn();
    return work.result();
  }

  // Suspends the calling coroutine for `duration` (zero or more).
  task<void> sleep(Milliseconds duration);

  // Calls `ready(events)` (EPOLLIN, EPOLLOUT, …) whenever the descriptor is ready; events 0 forgets it. A descriptor
  // that was closed may still be forgotten.
  using Ready = std::function<void(unsigned events)>;
  void watch(int descriptor, unsigned events, Ready ready);

  // Calls a function once after a while, unless it is armed again, disarmed or destroyed before. The loop must outlive
  // it.
  class Timer {
  public:
    explicit Timer(Loop& loop) : m_loop(loop) {}
    ~Timer() { disarm(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    // `expired` may destroy the timer.
    void arm(Milliseconds duration, std::function<void()> expired);
    void disarm();

  private:
    friend class Loop;
    Loop& m_loop;
    std::function<void()> m_expired;
    std::optional<std::multimap<std::chrono::steady_clock::time_point, Timer*>::iterator> m_position;
  };

private:
  void turn();
  void dispatch_sockets();
  void dispatch_timers();
  struct State;
  std::unique_ptr<State> m_state;
};

// A waiter that polls, for command line tools and tests.
Loop::Waiter polling_waiter();

} // namespace iasql::net
