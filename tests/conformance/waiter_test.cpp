// Every waiter of botocore's service models, of all their versions: its acceptors are of known kinds, their expressions
// compile, and it runs to success, to failure and out of time on outcomes made up for it.
//
// One can never succeed, whoever reads it; see broken_waiter.
//
// An outcome is an output or an error. Outputs are drawn from the operation's output shape, with the members that the
// acceptors' expressions name and the values that they expect, until one is found that the waiter's first matching
// acceptor judges as wanted; chance is seeded, so a run is always the same.

#include "aws/jmespath.hpp"
#include "aws/wait.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/listing_models.hpp"
#include "unit/aws/scripted_caller.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <random>
#include <set>
#include <variant>

namespace iasql::aws {

namespace {

// It wants all elements of a boolean to be true, which has none; the models of later versions mend it.
constexpr std::string_view broken_waiter = "ec2@2015-10-01 KeyPairExists";

using Outcome = std::variant<Value, CallError>;

CallError refusal(std::string code, int status) {
  CallError::Facts facts;
  facts.code = std::move(code);
  facts.status = status;
  return CallError(std::move(facts));
}

bool accepts(const Acceptor& acceptor, const Outcome& outcome) {
  const CallError* error = std::get_if<CallError>(&outcome);
  if (acceptor.matcher == "status") return acceptor.expected == Value(error ? error->facts().status : 200);
  if (acceptor.matcher == "error")
    return acceptor.expected.is_boolean() ? acceptor.expected.boolean() == (error != nullptr)
                                          : error && acceptor.expected == Value(error->code());
  if (error) return false;
  Value found;
  try {
    found = JmesPath(acceptor.argument).search(std::get<Value>(outcome));
  } catch (const Error&) {
    return false;
  }
  if (acceptor.matcher == "path") return found == acceptor.expected;
  if (!found.is_array()) return false;
  auto is_expected = [&](const Value& element) { return element == acceptor.expected; };
  const Array& elements = found.array();
  return acceptor.matcher == "pathAny"
             ? std::any_of(elements.begin(), elements.end(), is_expected)
             : !elements.empty() && std::all_of(elements.begin(), elements.end(), is_expected);
}

std::string state_of(const Waiter& waiter, const Outcome& outcome) {
  for (const Acceptor& acceptor : waiter.acceptors)
    if (accepts(acceptor, outcome)) return acceptor.state;
  return "";
}

// Gives the first outcomes once each and the last one for ever.
class Outcomes : public Caller {
public:
  std::vector<Outcome> outcomes;
  std::size_t calls = 0;

  net::task<Answer> call(Call) override {
    const Outcome& outcome = outcomes[std::min(calls++, outcomes.size() - 1)];
    if (auto* error = std::get_if<CallError>(&outcome)) throw *error;
    Answer answer;
    answer.output = std::get<Value>(outcome);
    co_return answer;
  }
};

class WaiterCase {
public:
  explicit WaiterCase(const conformance::Listed& listed)
      : m_listed(listed), m_waiter(*service(listed.service).find_waiter(listed.name)),
        m_operation(service(listed.service).operation(listed.operation)) {
    for (const Acceptor& acceptor : m_waiter.acceptors) {
      read_words(acceptor.argument);
      if (acceptor.expected.is_string()) m_texts.insert(acceptor.expected.string());
    }
  }

  void run() {
    check_acceptors();
    ends_in_success();
    bool can_fail = has_state("failure");
    if (can_fail) ends_in_failure();
    runs_out_of_time();
    passes_on_an_error_that_it_does_not_know();
  }

  bool has_state(const std::string& state) const {
    return std::any_of(m_waiter.acceptors.begin(), m_waiter.acceptors.end(),
                       [&](const Acceptor& acceptor) { return acceptor.state == state; });
  }

private:
  void check_acceptors() {
    EXPECT_GT(m_waiter.delay_seconds, 0);
    EXPECT_GT(m_waiter.max_attempts, 0);
    EXPECT_FALSE(m_waiter.acceptors.empty());
    for (const Acceptor& acceptor : m_waiter.acceptors) {
      EXPECT_TRUE(acceptor.state == "success" || acceptor.state == "failure" || acceptor.state == "retry");
      if (acceptor.matcher.starts_with("path")) {
        EXPECT_NO_THROW(JmesPath path(acceptor.argument)) << acceptor.argument;
        EXPECT_TRUE(acceptor.matcher == "path" || acceptor.matcher == "pathAll" || acceptor.matcher == "pathAny");
        EXPECT_TRUE(acceptor.expected.is_string() || acceptor.expected.is_boolean() || acceptor.expected.is_number());
      } else if (acceptor.matcher == "status") {
        EXPECT_TRUE(acceptor.expected.is_integer());
      } else {
        EXPECT_EQ(acceptor.matcher, "error");
        EXPECT_TRUE(acceptor.expected.is_string() || acceptor.expected.is_boolean());
      }
    }
  }

  // The words of an expression: names of members, and texts and numbers that it compares with.
  void read_words(const std::string& expression) {
    std::string word;
    for (char c : expression + " ") {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') {
        word += c;
        continue;
      }
      if (!word.empty()) (m_names.insert(word), m_texts.insert(word));
      word.clear();
    }
  }

  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[m_chance() % from.size()];
  }
  bool happens(unsigned percent) { return m_chance() % 100 < percent; }

  Value draw(const Shape& shape, int depth) {
    switch (shape.type) {
    case ShapeType::structure: {
      Object result;
      if (depth > 8) return result;
      for (const Member& member : shape.members)
        if (m_names.contains(member.name) && happens(90)) result.set(member.name, draw(*member.shape, depth + 1));
      return result;
    }
    case ShapeType::list: {
      Array result;
      for (unsigned count = happens(85) ? 1 + m_chance() % 2 : 0; count > 0; --count)
        result.push_back(draw(*shape.element.shape, depth + 1));
      return result;
    }
    case ShapeType::map:
      return happens(50) ? Object{{"key", draw(*shape.value.shape, depth + 1)}} : Object();
    case ShapeType::boolean:
      return happens(50);
    case ShapeType::integer:
    case ShapeType::long_integer:
      return static_cast<std::int64_t>(m_chance() % 3);
    case ShapeType::floating:
      return 0.5;
    default: {
      std::vector<std::string> texts(m_texts.begin(), m_texts.end());
      texts.emplace_back("another");
      return pick(texts);
    }
    }
  }

  // An outcome of the wanted state; of a state "" one that no acceptor knows.
  std::optional<Outcome> find(const std::string& state) {
    std::vector<Outcome> simple = {Value(Object())};
    for (const Acceptor& acceptor : m_waiter.acceptors) {
      if (acceptor.matcher == "error")
        simple.emplace_back(refusal(acceptor.expected.is_string() ? acceptor.expected.string() : "Any", 400));
      if (acceptor.matcher == "status" && acceptor.expected.integer() != 200)
        simple.emplace_back(refusal("Status", static_cast<int>(acceptor.expected.integer())));
    }
    for (const Outcome& outcome : simple)
      if (state_of(m_waiter, outcome) == state && (!state.empty() || std::holds_alternative<Value>(outcome)))
        return outcome;
    if (!m_operation.output) return std::nullopt;
    constexpr int tries = 3000;
    for (int i = 0; i < tries; ++i) {
      Outcome outcome = draw(*m_operation.output, 0);
      if (state_of(m_waiter, outcome) == state) return outcome;
    }
    return std::nullopt;
  }

  // What keeps the waiter waiting.
  std::optional<Outcome> find_pending() {
    auto found = find("");
    return found ? found : find("retry");
  }

  Value wait(Outcomes& caller, CountingClock& clock) {
    return aws::run(wait_until(caller, clock, m_listed.service, m_listed.name, "eu-west-2", Object()));
  }

  void ends_in_success() {
    auto success = find("success"), pending = find_pending();
    if (m_listed.service + " " + m_listed.name == broken_waiter) {
      EXPECT_FALSE(success);
      return;
    }
    ASSERT_TRUE(success) << "nothing makes it succeed";
    ASSERT_TRUE(pending) << "nothing makes it wait";
    Outcomes caller;
    CountingClock clock;
    caller.outcomes = {*pending, *pending, *success};
    Value found;
    EXPECT_NO_THROW(found = wait(caller, clock));
    EXPECT_EQ(caller.calls, 3u);
    if (auto* output = std::get_if<Value>(&*success)) {
      EXPECT_EQ(found, *output);
    }
  }

  std::string failure(Outcomes& caller, CountingClock& clock) {
    try {
      wait(caller, clock);
    } catch (const CallError& error) {
      return "CallError " + error.code();
    } catch (const Error& error) {
      return error.sqlstate() + std::string(" ") + error.what();
    }
    return "none";
  }

  void ends_in_failure() {
    auto outcome = find("failure");
    ASSERT_TRUE(outcome) << "nothing makes it fail";
    Outcomes caller;
    CountingClock clock;
    caller.outcomes = {*outcome};
    std::string found = failure(caller, clock);
    EXPECT_TRUE(found.starts_with(sqlstate::change_failed) && found.find("is a failure") != std::string::npos) << found;
    EXPECT_EQ(caller.calls, 1u);
  }

  void runs_out_of_time() {
    Outcomes caller;
    CountingClock clock;
    caller.outcomes = {*find_pending()};
    std::string found = failure(caller, clock);
    EXPECT_TRUE(found.starts_with(sqlstate::change_failed) && found.find("gave up after") != std::string::npos)
        << found;
    auto allowed = std::chrono::seconds(m_waiter.delay_seconds) * m_waiter.max_attempts;
    EXPECT_LE(clock.slept, allowed);
    EXPECT_GT(clock.slept, allowed - std::chrono::seconds(m_waiter.delay_seconds) - std::chrono::seconds(1));
  }

  void passes_on_an_error_that_it_does_not_know() {
    Outcome unknown = refusal("ACodeThatNoWaiterKnows", 418);
    if (!state_of(m_waiter, unknown).empty()) return;
    Outcomes caller;
    CountingClock clock;
    caller.outcomes = {unknown};
    EXPECT_EQ(failure(caller, clock), "CallError ACodeThatNoWaiterKnows");
  }

  conformance::Listed m_listed;
  const Waiter& m_waiter;
  const Operation& m_operation;
  std::set<std::string> m_names, m_texts;
  std::minstd_rand m_chance{1};
};

} // namespace

TEST(Waiters, Run) {
  auto all = conformance::listed(conformance::ListedKind::waiter);
  int can_fail = 0;
  for (const conformance::Listed& listed : all) {
    SCOPED_TRACE(listed.service + " " + listed.name);
    ASSERT_NE(service(listed.service).find_waiter(listed.name), nullptr);
    ASSERT_NE(service(listed.service).find_operation(listed.operation), nullptr);
    WaiterCase waiter(listed);
    waiter.run();
    can_fail += waiter.has_state("failure");
  }
  EXPECT_EQ(all.size(), 649u);
  std::cout << all.size() << " waiters, " << can_fail << " of them can fail\n";
}

} // namespace iasql::aws
