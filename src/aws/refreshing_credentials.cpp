#include "aws/refreshing_credentials.hpp"

#include "base/error.hpp"

#include <chrono>
#include <coroutine>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace iasql::aws {

namespace {

using namespace std::chrono_literals;

constexpr auto advisory_window = 15min;
constexpr auto mandatory_window = 10min;
constexpr auto pause_after_failure = 1min;

// One renewal and the coroutines that wait for its end. It belongs to no caller, so that a caller that is destroyed
// while it waits takes nobody else's renewal along.
struct Renewal {
  struct Wait {
    explicit Wait(Renewal& awaited) : renewal(awaited) {}
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait() {
      if (is_waiting) renewal.waiting.remove(this);
    }
    bool await_ready() const noexcept { return renewal.is_done; }
    void await_suspend(std::coroutine_handle<> awaiting) {
      handle = awaiting;
      renewal.waiting.push_back(this);
      is_waiting = true;
    }
    void await_resume() const noexcept {}

    Renewal& renewal;
    std::coroutine_handle<> handle;
    bool is_waiting = false;
  };

  void finish() {
    is_done = true;
    while (!waiting.empty()) {
      Wait* next = waiting.front();
      waiting.pop_front();
      next->is_waiting = false;
      next->handle.resume();
    }
  }

  bool is_done = false;
  std::exception_ptr error;
  std::list<Wait*> waiting;
};

class RefreshingCredentials : public CredentialsProvider {
public:
  RefreshingCredentials(std::unique_ptr<CredentialsProvider> source, net::Clock& clock)
      : m_source(std::move(source)), m_clock(clock) {}

  net::task<Credentials> credentials() override {
    const bool is_mandatory = expires_within(mandatory_window);
    if (!is_mandatory && (!expires_within(advisory_window) || m_renewal || m_clock.now() < m_next_try))
      co_return *m_current;

    auto renewal = m_renewal ? m_renewal : start();
    Renewal::Wait wait(*renewal);
    co_await wait;
    if (renewal->error && is_mandatory) std::rethrow_exception(renewal->error);
    if (!m_current) throw Error(sqlstate::not_connected, "AWS credentials were refused while they were renewed");
    co_return *m_current;
  }

  void forget(const Credentials& refused) override {
    m_source->forget(refused);
    if (m_current && m_current->access_key_id == refused.access_key_id &&
        m_current->session_token == refused.session_token)
      m_current.reset();
  }

private:
  bool expires_within(std::chrono::minutes window) {
    return !m_current || (m_current->expires && *m_current->expires - m_clock.now() < window);
  }

  std::shared_ptr<Renewal> start() {
    m_tasks.remove_if([](const net::task<void>& task) { return task.done(); });
    auto renewal = std::make_shared<Renewal>();
    m_renewal = renewal;
    auto& task = m_tasks.emplace_back(renew(renewal));
    task.start();
    return renewal;
  }

  net::task<void> renew(std::shared_ptr<Renewal> renewal) {
    try {
      auto asked = m_source->credentials();
      auto renewed = co_await std::move(asked);
      if (renewed.expires && *renewed.expires <= m_clock.now())
        throw Error(sqlstate::not_connected, "the renewed AWS credentials have expired already", {},
                    "Is this machine's clock right?");
      m_current = std::move(renewed);
    } catch (...) {
      renewal->error = std::current_exception();
      m_next_try = m_clock.now() + pause_after_failure;
    }
    m_renewal.reset();
    renewal->finish();
  }

  std::unique_ptr<CredentialsProvider> m_source;
  net::Clock& m_clock;
  std::optional<Credentials> m_current;
  net::Time m_next_try;
  std::shared_ptr<Renewal> m_renewal; // the one that runs
  std::list<net::task<void>> m_tasks; // its task, and ended ones: a task cannot destroy itself
};

} // namespace

std::unique_ptr<CredentialsProvider> refreshing_credentials(std::unique_ptr<CredentialsProvider> source,
                                                            net::Clock& clock) {
  return std::make_unique<RefreshingCredentials>(std::move(source), clock);
}

} // namespace iasql::aws
