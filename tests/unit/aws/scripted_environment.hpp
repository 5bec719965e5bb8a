#pragma once

// A client's surroundings for tests: HTTP that answers from a script, a clock that only moves when somebody sleeps, and
// chance that is none.

#include "net/environment.hpp"
#include "net/http.hpp"

#include <deque>
#include <functional>
#include <variant>
#include <vector>

namespace iasql::aws {

class ScriptedHttp : public net::Http {
public:
  using Step = std::variant<net::HttpResponse, net::TransportError>;

  net::task<net::HttpResponse> send(net::HttpRequest request, net::HttpLimits) override {
    requests.push_back(std::move(request));
    if (script.empty()) throw std::logic_error("a request that the script does not know");
    Step step = script.front();
    if (script.size() > 1 || !repeats_last) script.pop_front();
    if (auto error = std::get_if<net::TransportError>(&step)) throw *error;
    co_return std::get<net::HttpResponse>(step);
  }

  std::deque<Step> script;
  bool repeats_last = false;
  std::vector<net::HttpRequest> requests;
};

class ScriptedClock : public net::Clock {
public:
  net::Time now() override { return time; }
  net::task<void> sleep(std::chrono::milliseconds duration) override {
    sleeps.push_back(duration);
    time += duration;
    co_return;
  }

  net::Time time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  std::vector<std::chrono::milliseconds> sleeps;
};

class ScriptedRandom : public net::Random {
public:
  double fraction() override { return next_fraction; }
  std::string uuid() override { return "00000000-0000-4000-8000-00000000000" + std::to_string(uuids++); }

  double next_fraction = 0.5;
  int uuids = 0;
};

} // namespace iasql::aws
