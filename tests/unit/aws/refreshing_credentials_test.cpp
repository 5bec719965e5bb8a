#include "aws/refreshing_credentials.hpp"
#include "aws/scripted_caller.hpp"
#include "aws/scripted_environment.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;

// A source whose renewals end when the test says so, or at once.
class Source : public CredentialsProvider {
public:
  explicit Source(net::Clock& clock) : m_clock(clock) {}

  net::task<Credentials> credentials() override {
    ++asked;
    if (waits) {
      Hold hold{held};
      co_await hold;
    }
    if (fails) throw Error(sqlstate::not_connected, "no luck");
    Credentials next("id-" + std::to_string(asked), "secret", "token");
    if (lifetime > 0min) next.expires = m_clock.now() + lifetime - (is_late ? 2 * lifetime : 0min);
    co_return next;
  }
  void forget(const Credentials& refused) override { forgotten.push_back(refused.access_key_id); }

  void release() {
    auto next = held.front();
    held.pop_front();
    next.resume();
  }

  int asked = 0;
  bool waits = false, fails = false, is_late = false;
  std::chrono::minutes lifetime{60};
  std::vector<std::string> forgotten;
  std::deque<std::coroutine_handle<>> held;

private:
  struct Hold {
    std::deque<std::coroutine_handle<>>& held;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) { held.push_back(handle); }
    void await_resume() const noexcept {}
  };
  net::Clock& m_clock;
};

struct RefreshingCredentialsTest : testing::Test {
  RefreshingCredentialsTest() {
    auto owned = std::make_unique<Source>(clock);
    source = owned.get();
    provider = refreshing_credentials(std::move(owned), clock);
  }
  std::string now() { return run(provider->credentials()).access_key_id; }

  ScriptedClock clock;
  Source* source;
  std::unique_ptr<CredentialsProvider> provider;
};

TEST_F(RefreshingCredentialsTest, AsksOnceUntilFifteenMinutesBeforeTheEnd) {
  EXPECT_EQ(source->asked, 0);
  EXPECT_EQ(now(), "id-1");
  clock.time += 45min;
  EXPECT_EQ(now(), "id-1");
  clock.time += 1s;
  EXPECT_EQ(now(), "id-2");
  EXPECT_EQ(now(), "id-2");
}

TEST_F(RefreshingCredentialsTest, WithoutAnExpiryTheyAreKept) {
  source->lifetime = 0min;
  EXPECT_EQ(now(), "id-1");
  clock.time += 24h * 365;
  EXPECT_EQ(now(), "id-1");
}

TEST_F(RefreshingCredentialsTest, AFailureIsNoErrorUntilTenMinutesBeforeTheEnd) {
  EXPECT_EQ(now(), "id-1");
  source->fails = true;
  clock.time += 46min;
  EXPECT_EQ(now(), "id-1");
  EXPECT_EQ(source->asked, 2);
  EXPECT_EQ(now(), "id-1");
  EXPECT_EQ(source->asked, 2) << "the next try is a minute later";
  clock.time += 1min;
  EXPECT_EQ(now(), "id-1");
  EXPECT_EQ(source->asked, 3);
  clock.time += 3min + 1s;
  EXPECT_THROW(now(), Error);
  source->fails = false;
  EXPECT_EQ(now(), "id-5");
}

TEST_F(RefreshingCredentialsTest, ForgottenOnesAreNotUsedAgain) {
  auto used = run(provider->credentials());
  provider->forget(used);
  EXPECT_EQ(source->forgotten, std::vector<std::string>{"id-1"});
  EXPECT_EQ(now(), "id-2");
  provider->forget(used); // a second call that was under way with the same ones
  EXPECT_EQ(now(), "id-2");
  source->fails = true;
  provider->forget(run(provider->credentials()));
  EXPECT_THROW(now(), Error);
}

TEST_F(RefreshingCredentialsTest, RenewedOnesThatHaveExpiredAreAnError) {
  source->is_late = true;
  EXPECT_THROW(now(), Error);
}

TEST_F(RefreshingCredentialsTest, CallersShareARenewal) {
  source->waits = true;
  std::vector<net::task<Credentials>> callers;
  for (int i = 0; i < 3; ++i)
    callers.push_back(provider->credentials());
  for (auto& caller : callers)
    caller.start();
  EXPECT_EQ(source->asked, 1);
  callers.erase(callers.begin()); // whoever began it may be gone
  source->release();
  for (auto& caller : callers) {
    ASSERT_TRUE(caller.done());
    EXPECT_EQ(caller.result().access_key_id, "id-1");
  }
  EXPECT_EQ(source->asked, 1);
}

TEST_F(RefreshingCredentialsTest, CallersShareAnError) {
  source->waits = source->fails = true;
  auto first = provider->credentials(), second = provider->credentials();
  first.start();
  second.start();
  source->release();
  EXPECT_THROW(first.result(), Error);
  EXPECT_THROW(second.result(), Error);
  EXPECT_EQ(source->asked, 1);
}

TEST_F(RefreshingCredentialsTest, InTheAdvisoryWindowNobodyWaitsForSomebodyElse) {
  EXPECT_EQ(now(), "id-1");
  source->waits = true;
  clock.time += 46min;
  auto first = provider->credentials();
  first.start();
  EXPECT_FALSE(first.done());
  EXPECT_EQ(now(), "id-1");
  source->release();
  EXPECT_EQ(first.result().access_key_id, "id-2");
}

TEST_F(RefreshingCredentialsTest, CallersThatAreDestroyedWhileTheyWaitAreNotResumed) {
  source->waits = true;
  {
    auto first = provider->credentials(), second = provider->credentials();
    first.start();
    second.start();
  }
  source->release();
  EXPECT_EQ(now(), "id-1");
}

TEST_F(RefreshingCredentialsTest, MayBeDestroyedWhileItRenews) {
  source->waits = true;
  {
    auto first = provider->credentials();
    first.start();
  }
  provider.reset();
}

} // namespace
} // namespace iasql::aws
