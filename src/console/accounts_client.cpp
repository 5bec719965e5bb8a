#include "console/accounts_client.hpp"

#include "console/questions.hpp"

#include <exception>

namespace iasql::console {

Value AccountsClient::ask(std::string_view question, Object more, const hosting::HandOver& hand_over) {
  auto line = m_switchboard.open();
  more.set("question", question);
  line.send(more);
  auto document = line.receive();
  std::exception_ptr not_taken;
  if (!document["login"].is_null()) {
    try {
      hand_over(read_login(document["login"]));
    } catch (...) {
      not_taken = std::current_exception(); // thrown when the other side has undone what it did
    }
    line.send(Object{{"taken", !not_taken}});
    document = line.receive();
  }
  if (not_taken) std::rethrow_exception(not_taken);
  if (!document["error"].is_null()) throw_error(document["error"]);
  return document["answer"];
}

Endpoints AccountsClient::endpoints() {
  const auto answer = ask(question::endpoints, {});
  return {.aws = std::string(answer["aws"].string()), .emulator = std::string(answer["emulator"].string())};
}

std::vector<hosting::HostedDatabase> AccountsClient::list() {
  std::vector<hosting::HostedDatabase> databases;
  const auto answer = ask(question::list, {});
  for (const auto& database : answer.array())
    databases.push_back(read_database(database));
  return databases;
}

hosting::HostedDatabase AccountsClient::find(const std::string& name) {
  return read_database(ask(question::find, {{"name", name}}));
}

TrustOffer AccountsClient::offer_trust(const std::string& user, const std::string& role_arn, const std::string& region,
                                       Place place) {
  const auto answer =
      ask(question::offer_trust,
          {{"user", user}, {"role_arn", role_arn}, {"region", region}, {"emulator", place == Place::emulator}});
  return {std::string(answer["external_id"].string()), std::string(answer["trust_policy"].string())};
}

void AccountsClient::connect(const NewAccount& account, const hosting::HandOver& hand_over) {
  ask(question::connect, {{"account", write(account)}}, hand_over);
}

void AccountsClient::rotate(const std::string& database, const hosting::HandOver& hand_over) {
  ask(question::rotate, {{"name", database}}, hand_over);
}

void AccountsClient::remove(const std::string& database) {
  ask(question::remove, {{"name", database}});
}

std::string AccountsClient::renew_console_password(const std::string& database) {
  return std::string(ask(question::renew_console_password, {{"name", database}}).string());
}

std::string AccountsClient::renew_own_password() {
  return std::string(ask(question::renew_own_password, {}).string());
}

} // namespace iasql::console
