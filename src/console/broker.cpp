#include "console/broker.hpp"

#include "console/questions.hpp"
#include "hosting/failure.hpp"

#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace iasql::console {

namespace {

// As many as ask at a time: the server's threads, and those that look after keys.
constexpr int threads = 16;

std::string text(const Value& question, std::string_view name) {
  return std::string(question[name].string());
}

hosting::HandOver over(Line& line) {
  return [&line](const hosting::Login& login) {
    line.send(Object{{"login", write(login)}});
    if (!line.receive()["taken"].boolean()) throw hosting::Failure("the password was not shown");
  };
}

using Answer = Value (*)(Accounts& accounts, const Value& question, Line& line);

const std::map<std::string, Answer, std::less<>>& answers() {
  static const std::map<std::string, Answer, std::less<>> all = {
      {std::string(question::endpoints),
       [](Accounts& accounts, const Value&, Line&) -> Value {
         const auto endpoints = accounts.endpoints();
         return Object{{"aws", endpoints.aws}, {"emulator", endpoints.emulator}};
       }},
      {std::string(question::list),
       [](Accounts& accounts, const Value&, Line&) -> Value {
         Array databases;
         for (const auto& database : accounts.list())
           databases.push_back(write(database));
         return databases;
       }},
      {std::string(question::find),
       [](Accounts& accounts, const Value& question, Line&) { return write(accounts.find(text(question, "name"))); }},
      {std::string(question::offer_trust),
       [](Accounts& accounts, const Value& question, Line&) -> Value {
         const auto offer = accounts.offer_trust(text(question, "user"), text(question, "role_arn"),
                                                 text(question, "region"), read_place(question));
         return Object{{"external_id", offer.external_id}, {"trust_policy", offer.trust_policy}};
       }},
      {std::string(question::connect),
       [](Accounts& accounts, const Value& question, Line& line) {
         accounts.connect(read_account(question["account"]), over(line));
         return Value();
       }},
      {std::string(question::rotate),
       [](Accounts& accounts, const Value& question, Line& line) {
         accounts.rotate(text(question, "name"), over(line));
         return Value();
       }},
      {std::string(question::remove),
       [](Accounts& accounts, const Value& question, Line&) {
         accounts.remove(text(question, "name"));
         return Value();
       }},
      {std::string(question::renew_console_password),
       [](Accounts& accounts, const Value& question, Line&) {
         return Value(accounts.renew_console_password(text(question, "name")));
       }},
      {std::string(question::renew_own_password),
       [](Accounts& accounts, const Value&, Line&) { return Value(accounts.renew_own_password()); }},
  };
  return all;
}

Value answer(Accounts& accounts, Line& line) {
  const auto question = line.receive();
  try {
    const auto found = answers().find(question["question"].string());
    if (found == answers().end()) throw hosting::Failure("this is no question", {}, hosting::Reason::usage);
    return Object{{"answer", found->second(accounts, question, line)}};
  } catch (const std::exception& error) {
    return Object{{"error", write(error)}};
  }
}

} // namespace

void answer_questions(Switchboard& switchboard, Accounts& accounts) {
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i)
    workers.emplace_back([&] {
      while (auto line = switchboard.accept()) {
        try {
          line->send(answer(accounts, *line));
        } catch (const std::exception& error) {
          std::cerr << "iasql console: a question was given up: " << error.what() << std::endl;
        }
      }
    });
}

} // namespace iasql::console
