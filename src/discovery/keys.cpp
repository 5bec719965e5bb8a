// Keys that are written down: in variables and in a profile's settings.

#include "aws/protocol/timestamp.hpp"
#include "base/error.hpp"
#include "discovery/sources.hpp"

namespace iasql::discovery {

namespace {

constexpr const char* key_id_setting = "aws_access_key_id";
constexpr const char* secret_setting = "aws_secret_access_key";

Finding keys_of(const aws::Config& config, const std::string& file, const std::string& profile) {
  const auto found = config.profiles.find(profile);
  if (found == config.profiles.end()) return {nullptr, file + " has no profile " + profile};
  const auto& section = found->second;
  if (!has_own_keys(section)) return {nullptr, "profile " + profile + " in " + file + " has no aws_access_key_id"};
  for (const char* setting : {key_id_setting, secret_setting})
    if (section.get(setting).empty())
      throw Error(sqlstate::not_connected, "profile " + profile + " in " + file + " has no " + setting);
  auto token = section.get("aws_session_token");
  if (token.empty()) token = section.get("aws_security_token"); // its former name
  return {aws::fixed_credentials(aws::Credentials(std::string(section.get(key_id_setting)),
                                                  std::string(section.get(secret_setting)), std::string(token))),
          {}};
}

} // namespace

const aws::ConfigSection& settings_of(const Search& search, const std::string& profile) {
  static const aws::ConfigSection none;
  const auto found = search.files.both.profiles.find(profile);
  return found == search.files.both.profiles.end() ? none : found->second;
}

bool has_own_keys(const aws::ConfigSection& section) {
  return section.has(key_id_setting) || section.has(secret_setting);
}

Finding from_environment(const Search& search) {
  const auto& environment = search.environment;
  const auto id = environment.get("AWS_ACCESS_KEY_ID");
  if (id.empty()) return {nullptr, "AWS_ACCESS_KEY_ID is not set"};
  const auto secret = environment.get("AWS_SECRET_ACCESS_KEY");
  if (secret.empty()) throw Error(sqlstate::not_connected, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
  auto token = environment.get("AWS_SESSION_TOKEN");
  if (token.empty()) token = environment.get("AWS_SECURITY_TOKEN");
  aws::Credentials found{std::string(id), std::string(secret), std::string(token)};
  if (const auto expiration = environment.get("AWS_CREDENTIAL_EXPIRATION"); !expiration.empty()) {
    found.expires = aws::parse_timestamp(expiration);
    if (!found.expires) throw Error(sqlstate::not_connected, "AWS_CREDENTIAL_EXPIRATION is no time");
  }
  return {aws::fixed_credentials(std::move(found)), {}};
}

Finding from_credentials_file(const Search& search, const std::string& profile) {
  return keys_of(search.files.credentials, search.files.credentials_name, profile);
}

Finding from_configuration_file(const Search& search, const std::string& profile) {
  return keys_of(search.files.configuration, search.files.configuration_name, profile);
}

} // namespace iasql::discovery
