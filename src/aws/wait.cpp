#include "aws/wait.hpp"

#include "aws/jmespath.hpp"
#include "aws/model.hpp"
#include "base/error.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

constexpr std::chrono::milliseconds first_pause{500};

// What one poll brought: an output, or the error that AWS answered with.
struct Poll {
  Value output;
  std::optional<CallError> error;
};

bool matches_path(const Acceptor& acceptor, const Value& output) {
  Value found;
  try {
    found = JmesPath(acceptor.argument).search(output);
  } catch (const Error& error) {
    // length() of a member that this output lacks: the acceptor does not match.
    if (error.sqlstate() != sqlstate::invalid_value) throw;
    return false;
  }
  if (acceptor.matcher == "path") return found == acceptor.expected;
  if (!found.is_array()) return false;
  auto is_expected = [&](const Value& element) { return element == acceptor.expected; };
  const Array& elements = found.array();
  if (acceptor.matcher == "pathAll")
    return !elements.empty() && std::all_of(elements.begin(), elements.end(), is_expected);
  return std::any_of(elements.begin(), elements.end(), is_expected);
}

bool matches(const Acceptor& acceptor, const Poll& poll) {
  if (acceptor.matcher == "status") {
    constexpr std::int64_t success = 200;
    return acceptor.expected == Value(poll.error ? std::int64_t{poll.error->facts().status} : success);
  }
  if (acceptor.matcher == "error") {
    if (acceptor.expected.is_boolean()) return acceptor.expected.boolean() == poll.error.has_value();
    return poll.error && acceptor.expected == Value(poll.error->code());
  }
  return !poll.error && matches_path(acceptor, poll.output);
}

// The state that the first matching acceptor says, or "" where none matches.
std::string state_of(const Waiter& waiter, const Poll& poll) {
  for (const Acceptor& acceptor : waiter.acceptors)
    if (matches(acceptor, poll)) return acceptor.state;
  return {};
}

// A refusal by AWS is a poll's result; what never reached AWS or was never answered is not, nor is an answer that
// cannot be read: under status 200 it would look like what many waiters wait for.
net::task<Poll> poll_once(Caller& caller, Call call) {
  Poll poll;
  try {
    Answer answer = co_await caller.call(std::move(call));
    poll.output = std::move(answer.output);
  } catch (const CallError& error) {
    constexpr int first_refusal = 300;
    if (error.facts().status < first_refusal) throw;
    poll.error = error;
  }
  co_return poll;
}

} // namespace

net::task<Value> wait_until(Caller& caller, net::Clock& clock, std::string service, std::string waiter,
                            std::string region, Value input) {
  const Waiter* found = aws::service(service).find_waiter(waiter);
  if (!found) throw Error(sqlstate::invalid_spec, "service " + service + " has no waiter " + waiter);
  const std::string name = service + " waiter " + waiter + " in " + region;
  // Often at first, because most waits are short, then as seldom as the model says; for as long as its attempts take.
  const std::chrono::milliseconds delay = std::chrono::seconds(found->delay_seconds);
  const net::Time until = clock.now() + delay * found->max_attempts;
  std::chrono::milliseconds pause = std::min(delay, first_pause);
  while (true) {
    Call call;
    call.service = service;
    call.operation = found->operation;
    call.region = region;
    call.input = input;
    Poll poll = co_await poll_once(caller, std::move(call));
    std::string state = state_of(*found, poll);
    if (state == "success") co_return std::move(poll.output);
    if (state == "failure")
      throw Error(sqlstate::change_failed, name + " found a state that is a failure",
                  poll.error ? poll.error->what() : "");
    if (state.empty() && poll.error) throw *poll.error;
    if (clock.now() + pause > until)
      throw Error(sqlstate::change_failed,
                  name + " gave up after " + std::to_string(found->delay_seconds * found->max_attempts) + " s");
    co_await clock.sleep(pause);
    pause = std::min(pause * 2, delay);
  }
}

} // namespace iasql::aws
