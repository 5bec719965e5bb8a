#pragma once

#include "aws/caller.hpp"
#include "base/json.hpp"
#include "net/environment.hpp"

#include <deque>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace iasql::aws {

// A Caller that gives prepared answers, in order, and remembers what it was asked.
class ScriptedCaller : public Caller {
public:
  std::vector<Call> calls;

  void answer(const char* json) { m_answers.emplace_back(read_json(json)); }
  void refuse(std::string code, int status = 400) {
    CallError::Facts facts;
    facts.code = std::move(code);
    facts.status = status;
    m_answers.emplace_back(CallError(std::move(facts)));
  }
  bool used_up() const { return m_answers.empty(); }

  net::task<Answer> call(Call call) override {
    calls.push_back(std::move(call));
    if (m_answers.empty()) throw std::logic_error("a call too many");
    auto next = std::move(m_answers.front());
    m_answers.pop_front();
    if (auto* error = std::get_if<CallError>(&next)) throw *error;
    Answer answer;
    answer.output = std::get<Value>(std::move(next));
    co_return answer;
  }

private:
  std::deque<std::variant<Value, CallError>> m_answers;
};

// A clock that does not wait but adds up.
class CountingClock : public net::Clock {
public:
  std::chrono::milliseconds slept{0};
  net::Time now() override { return net::Time(slept); }
  net::task<void> sleep(std::chrono::milliseconds duration) override {
    slept += duration;
    co_return;
  }
};

// Runs a task that never has to wait.
template <typename T>
T run(net::task<T> work) {
  work.start();
  if (!work.done()) throw std::logic_error("the task waits");
  return work.result();
}

inline Call make_call(std::string service, std::string operation) {
  Call call;
  call.service = std::move(service);
  call.operation = std::move(operation);
  call.region = "eu-west-2";
  return call;
}

} // namespace iasql::aws
