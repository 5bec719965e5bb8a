#pragma once

// Cooperative concurrency in one thread. A task<T> is a lazy coroutine: it starts when awaited (or spawned into a
// TaskGroup) and hands its result, or its exception, to whoever awaits it. Destroying a task that has not finished
// destroys its frame and with it everything it awaits, which is how a cancelled apply unwinds.

#include <cassert>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <list>
#include <optional>
#include <utility>

namespace iasql::net {

template <typename T>
class task;

namespace detail {

struct PromiseBase {
  std::coroutine_handle<> continuation;
  std::exception_ptr error;

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      auto next = self.promise().continuation;
      return next ? next : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { error = std::current_exception(); }
};

template <typename T>
struct Promise : PromiseBase {
  std::optional<T> value;
  task<T> get_return_object() noexcept;
  template <typename U = T>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (error) std::rethrow_exception(error);
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const {
    if (error) std::rethrow_exception(error);
  }
};

} // namespace detail

template <typename T = void>
class [[nodiscard]] task {
public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  task() = default;
  explicit task(Handle handle) : m_handle(handle) {}
  task(task&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      reset();
      m_handle = std::exchange(other.m_handle, nullptr);
    }
    return *this;
  }
  task(const task&) = delete;
  task& operator=(const task&) = delete;
  ~task() { reset(); }

  bool done() const { return !m_handle || m_handle.done(); }
  // Starts the task without anyone awaiting it; whoever owns it looks at done() and result().
  void start() { m_handle.resume(); }
  // The result of a task that is done(); throws what the task threw.
  T result() { return m_handle.promise().take(); }

  auto operator co_await() && noexcept {
    struct Awaiter {
      Handle handle;
      bool await_ready() const noexcept { return handle.done(); }
      // Runs the task up to its first suspension and suspends only if it has not finished by then: a loop that awaits
      // tasks which finish at once then needs no stack, whether or not the compiler makes tail calls (g++ at -O0 and
      // under sanitizers does not).
      bool await_suspend(std::coroutine_handle<> awaiting) noexcept {
        auto awaited = handle;
        awaited.resume();
        if (awaited.done()) return false;
        awaited.promise().continuation = awaiting;
        return true;
      }
      T await_resume() { return handle.promise().take(); }
    };
    assert(m_handle && "a task is awaited once");
    return Awaiter{m_handle};
  }

private:
  void reset() {
    if (m_handle) std::exchange(m_handle, nullptr).destroy();
  }
  Handle m_handle;
};

namespace detail {
template <typename T>
task<T> Promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline task<void> Promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}
} // namespace detail

// Tasks that run side by side within one coroutine, the group's owner, which alone spawns and awaits.
// `co_await group.any()` waits until a spawned task has finished, the one spawned first where several have, and
// rethrows what it threw; it returns at once where there are none. The tasks still running are destroyed with the
// group.
class TaskGroup {
public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts `work` at once, up to its first suspension.
  void spawn(task<void> work) {
    assert(!m_waiting && "only the group's owner spawns");
    auto child = m_children.emplace(m_children.end());
    ++m_running;
    child->work = run(*this, *child, std::move(work));
    child->work.start();
  }

  // Tasks spawned and not yet collected by any().
  std::size_t size() const { return m_children.size(); }

  auto any() {
    struct Awaiter {
      TaskGroup& group;
      bool await_ready() const noexcept {
        return group.m_running < group.m_children.size() || group.m_children.empty();
      }
      void await_suspend(std::coroutine_handle<> awaiting) noexcept { group.m_waiting = awaiting; }
      void await_resume() { group.collect(); }
    };
    return Awaiter{*this};
  }

  // Waits for all of them; the first exception is rethrown, the others' tasks are destroyed with the group.
  task<void> all() {
    while (size() > 0)
      co_await any();
  }

private:
  struct Child {
    task<void> work;
    bool finished = false;
    std::exception_ptr error;
  };

  static task<void> run(TaskGroup& group, Child& child, task<void> work) {
    try {
      co_await std::move(work);
    } catch (...) {
      child.error = std::current_exception();
    }
    child.finished = true;
    --group.m_running;
    // The owner collects this child, and so destroys this frame: it must be suspended for good when that happens.
    if (group.m_waiting) {
      Handover to_owner{std::exchange(group.m_waiting, nullptr)};
      co_await to_owner;
    }
  }

  struct Handover {
    std::coroutine_handle<> next;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return next; }
    void await_resume() const noexcept {}
  };

  void collect() {
    for (auto child = m_children.begin(); child != m_children.end(); ++child) {
      if (!child->finished) continue;
      auto error = child->error;
      m_children.erase(child);
      if (error) std::rethrow_exception(error);
      return;
    }
  }

  std::list<Child> m_children;
  std::size_t m_running = 0;
  std::coroutine_handle<> m_waiting;
};

} // namespace iasql::net
