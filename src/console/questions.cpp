#include "console/questions.hpp"

#include "base/error.hpp"
#include "hosting/failure.hpp"

#include <iostream>

namespace iasql::console {

using namespace hosting;

namespace {

std::string text(const Value& document, std::string_view name) {
  return std::string(document[name].string());
}

std::optional<std::string> optional_text(const Value& document, std::string_view name) {
  if (document[name].is_null()) return std::nullopt;
  return text(document, name);
}

Value write(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value();
}

} // namespace

Value write(const HostedDatabase& database) {
  return Object{{"name", database.name},
                {"role", database.role},
                {"account_id", database.account_id},
                {"region", database.region},
                {"created", database.created},
                {"alias", write(database.alias)},
                {"endpoint_url", database.endpoint_url},
                {"bytes", static_cast<std::int64_t>(database.bytes)},
                {"stage", static_cast<int>(database.stage)}};
}

HostedDatabase read_database(const Value& document) {
  return {.name = text(document, "name"),
          .role = text(document, "role"),
          .account_id = text(document, "account_id"),
          .region = text(document, "region"),
          .created = text(document, "created"),
          .alias = optional_text(document, "alias"),
          .endpoint_url = text(document, "endpoint_url"),
          .bytes = document["bytes"].integer(),
          .stage = static_cast<Stage>(document["stage"].integer())};
}

Value write(const NewAccount& account) {
  Array further;
  for (const auto& region : account.further_regions)
    further.emplace_back(region);
  Object document{{"emulator", account.place == Place::emulator},
                  {"region", account.region},
                  {"further_regions", std::move(further)},
                  {"alias", write(account.alias)},
                  {"user", account.user}};
  if (const auto* key = std::get_if<KeyGiven>(&account.access)) {
    document.set("access_key_id", key->access_key_id);
    document.set("secret_access_key", key->secret_access_key);
    document.set("session_token", key->session_token);
  } else {
    document.set("role_arn", std::get<RoleGiven>(account.access).arn);
  }
  return document;
}

NewAccount read_account(const Value& document) {
  NewAccount account{.access = {},
                     .place = read_place(document),
                     .region = text(document, "region"),
                     .further_regions = {},
                     .alias = optional_text(document, "alias"),
                     .user = text(document, "user")};
  for (const auto& region : document["further_regions"].array())
    account.further_regions.emplace_back(region.string());
  if (document["role_arn"].is_null())
    account.access =
        KeyGiven{text(document, "access_key_id"), text(document, "secret_access_key"), text(document, "session_token")};
  else
    account.access = RoleGiven{text(document, "role_arn")};
  return account;
}

Value write(const Login& login) {
  return Object{{"role", login.role}, {"password", login.password}, {"database", login.database}};
}

Login read_login(const Value& document) {
  return {
      .role = text(document, "role"), .password = text(document, "password"), .database = text(document, "database")};
}

Place read_place(const Value& document) {
  return document["emulator"].boolean() ? Place::emulator : Place::aws;
}

Value write(const std::exception& error) {
  if (const auto* failure = dynamic_cast<const Failure*>(&error))
    return Object{
        {"message", failure->what()}, {"hint", failure->hint()}, {"reason", static_cast<int>(failure->reason())}};
  if (const auto* database = dynamic_cast<const DatabaseError*>(&error))
    return Object{{"message", database->what()}, {"sqlstate_of_database", database->sqlstate()}};
  if (const auto* own = dynamic_cast<const Error*>(&error))
    return Object{
        {"message", own->what()}, {"detail", own->detail()}, {"hint", own->hint()}, {"sqlstate", own->sqlstate()}};
  std::cerr << "iasql console: " << error.what() << std::endl;
  return Object{{"message", "the console's process with the server's rights has failed at this"},
                {"hint", "Its log says more."},
                {"reason", static_cast<int>(Reason::failed)}};
}

void throw_error(const Value& document) {
  const auto message = text(document, "message");
  if (const auto sqlstate = optional_text(document, "sqlstate_of_database")) throw DatabaseError(message, *sqlstate);
  if (const auto sqlstate = optional_text(document, "sqlstate"))
    throw Error(*sqlstate, message, text(document, "detail"), text(document, "hint"));
  throw Failure(message, text(document, "hint"), static_cast<Reason>(document["reason"].integer()));
}

} // namespace iasql::console
