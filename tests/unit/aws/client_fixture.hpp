#pragma once

// A client of a small service of its own, whose HTTP, time and chance are scripted.

#include "aws/client.hpp"
#include "aws/plain_endpoint_rules.hpp"
#include "aws/scripted_environment.hpp"
#include "base/json.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

using namespace std::chrono_literals;
using Effect = CallError::Effect;
using Sent = net::TransportError::Sent;

inline constexpr std::string_view things_model = R"({
  "metadata": {"protocol": "json", "protocols": ["json"], "jsonVersion": "1.1", "targetPrefix": "Things_2026",
               "endpointPrefix": "things", "signingName": "things", "serviceId": "Things", "apiVersion": "2026-11-22"},
  "operations": {
    "CreateThing": {"name": "CreateThing", "http": {"method": "POST", "requestUri": "/"},
                    "input": {"shape": "ThingInput"}, "output": {"shape": "ThingOutput"}},
    "CreateTokened": {"name": "CreateTokened", "http": {"method": "POST", "requestUri": "/"},
                      "input": {"shape": "TokenedInput"}, "output": {"shape": "ThingOutput"}},
    "DescribeRemoteThings": {"name": "DescribeRemoteThings", "http": {"method": "POST", "requestUri": "/"},
                             "input": {"shape": "ThingInput"}, "endpoint": {"hostPrefix": "data."}},
    "DescribeThings": {"name": "DescribeThings", "http": {"method": "POST", "requestUri": "/"},
                       "input": {"shape": "ThingInput"}, "output": {"shape": "ThingOutput"}},
    "CreateModelled": {"name": "CreateModelled", "http": {"method": "POST", "requestUri": "/"},
                       "input": {"shape": "ThingInput"}, "output": {"shape": "ThingOutput"},
                       "errors": [{"shape": "Busy"}, {"shape": "NotNow"}, {"shape": "Coded"}, {"shape": "Final"}]},
    "AssumeNothing": {"name": "AssumeNothing", "http": {"method": "POST", "requestUri": "/"}, "authtype": "none"}
  },
  "shapes": {
    "ThingInput": {"type": "structure", "required": ["name"],
                   "members": {"name": {"shape": "Text"}, "password": {"shape": "Secret"}, "keys": {"shape": "Secrets"}}},
    "TokenedInput": {"type": "structure",
                     "members": {"name": {"shape": "Text"},
                                 "clientToken": {"shape": "Text", "idempotencyToken": true}}},
    "ThingOutput": {"type": "structure", "members": {"id": {"shape": "Text"}}},
    "Busy": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true}},
    "NotNow": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": false}},
    "Coded": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true},
              "error": {"code": "CodeOfItsOwn"}},
    "Final": {"type": "structure", "members": {}, "exception": true},
    "Text": {"type": "string"},
    "Secret": {"type": "string", "sensitive": true},
    "Secrets": {"type": "list", "member": {"shape": "Secret"}}
  }
})";

inline net::HttpResponse answer(int status, std::string body, net::Headers headers = {}) {
  headers.emplace_back("x-amzn-requestid", "request-1");
  return {status, std::move(headers), std::move(body)};
}
inline net::HttpResponse success() {
  return answer(200, R"({"id": "thing-1"})");
}
inline net::HttpResponse refusal(int status, const std::string& code, net::Headers headers = {}) {
  return answer(status, R"({"__type": "com.amazonaws.things#)" + code + R"(", "message": "No"})", std::move(headers));
}
inline net::TransportError silence(Sent sent) {
  return {sent, "the line is dead"};
}

struct ClientTest : testing::Test {
  ClientTest() {
    settings.log = [this](const std::string& line) { log.push_back(line); };
    settings.models = [this](std::string_view) -> const Service& {
      model->endpoint_rules = plain_endpoint_rules("things");
      return *model;
    };
  }

  Answer call(const std::string& operation, Repeat repeat = Repeat::freely, Object input = {{"name", "x"}}) {
    Client client(http, clock, random, *credentials, quota, settings);
    Call call{"things", operation, "eu-west-2", std::move(input), repeat};
    return loop.run(client.call(std::move(call)));
  }

  // How a call ended that must not succeed.
  CallError::Facts failure(const std::string& operation, Repeat repeat = Repeat::freely,
                           Object input = {{"name", "x"}}) {
    try {
      call(operation, repeat, std::move(input));
      ADD_FAILURE() << "it succeeded";
      return {};
    } catch (const CallError& error) {
      last_hint = error.hint();
      last_detail = error.detail();
      last_message = error.what();
      last_sqlstate = error.sqlstate();
      return error.facts();
    }
  }

  template <typename... Steps>
  void script(Steps... steps) {
    http.script.clear();
    http.requests.clear();
    clock.sleeps.clear();
    (http.script.emplace_back(std::move(steps)), ...);
  }

  int quota_left() { return quota.left("eu-west-2", clock.now()); }

  std::string header(std::size_t request, const std::string& name) {
    for (const auto& [given, value] : http.requests.at(request).headers)
      if (given == name) return value;
    return {};
  }

  std::unique_ptr<Service> model = read_service("things", things_model);
  net::Loop loop{net::polling_waiter()};
  ScriptedHttp http;
  ScriptedClock clock;
  ScriptedRandom random;
  std::unique_ptr<CredentialsProvider> credentials =
      fixed_credentials(Credentials("AKIATEST", "the secret key itself", "the session token itself"));
  InProcessQuota quota;
  ClientSettings settings;
  std::vector<std::string> log;
  std::string last_hint, last_detail, last_message, last_sqlstate;
};

} // namespace iasql::aws
