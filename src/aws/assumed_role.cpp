#include "aws/assumed_role.hpp"

#include "aws/protocol/timestamp.hpp"
#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace iasql::aws {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_made_of(std::string_view text, std::string_view besides_letters_and_digits) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || besides_letters_and_digits.find(c) != std::string_view::npos;
  });
}

void refuse(const std::string& reason) {
  throw Error(sqlstate::invalid_value, reason);
}

void check(const Role& role) {
  using namespace std::chrono_literals;
  if (account_of_role(role.arn).empty())
    refuse("a role's ARN is like arn:aws:iam::123456789012:role/name, which " + role.arn.substr(0, 128) + " is not");
  const auto& external_id = role.external_id;
  if (!external_id.empty() &&
      (external_id.size() < 2 || external_id.size() > 1224 || !is_made_of(external_id, "_+=,.@:/-")))
    refuse("an external id has 2 to 1,224 letters, digits and characters of _+=,.@:/-");
  const auto& name = role.session_name;
  if (!name.empty() && (name.size() < 2 || name.size() > 64 || !is_made_of(name, "_+=,.@-")))
    refuse("a role session's name has 2 to 64 letters, digits and characters of _+=,.@-");
  if (role.duration != 0s && (role.duration < 15min || role.duration > 12h))
    refuse("a role is assumed for 900 to 43200 seconds");
}

class AssumedRole : public CredentialsProvider {
public:
  AssumedRole(ClientParts parts, std::unique_ptr<CredentialsProvider> base, Role role)
      : m_random(parts.random), m_base(std::move(base)), m_role(std::move(role)),
        m_sts(parts.http, parts.clock, parts.random, *m_base, parts.quota, std::move(parts.settings)) {}

  net::task<Credentials> credentials() override {
    Call call;
    call.service = "sts";
    call.operation = "AssumeRole";
    call.region = m_role.region;
    call.input = input();
    try {
      auto answering = m_sts.call(std::move(call));
      auto answer = co_await std::move(answering);
      co_return take_session_credentials(answer);
    } catch (const CallError& error) {
      // Not the call's own error: of what the credentials are for nothing was sent.
      throw Error(sqlstate::not_connected, "cannot assume role " + m_role.arn + ": " + error.what(), error.detail(),
                  "Its trust policy must name who assumes it and, where it has one, the external id");
    }
  }

private:
  Value input() {
    Object input{{"RoleArn", m_role.arn},
                 {"RoleSessionName", m_role.session_name.empty() ? "iasql-" + m_random.uuid() : m_role.session_name}};
    if (!m_role.external_id.empty()) input.add("ExternalId", m_role.external_id);
    if (m_role.duration.count() > 0) input.add("DurationSeconds", static_cast<std::int64_t>(m_role.duration.count()));
    return input;
  }

  net::Random& m_random;
  std::unique_ptr<CredentialsProvider> m_base;
  Role m_role;
  Client m_sts;
};

} // namespace

std::string account_of_role(std::string_view arn) {
  // arn : partition : iam : (no region) : account : role/path/name
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto end = i + 1 < parts.size() ? arn.find(':') : arn.size();
    if (end == arn.npos) return {};
    parts[i] = arn.substr(0, end);
    arn.remove_prefix(std::min(end + 1, arn.size()));
  }
  const auto& [prefix, partition, service, region, account, resource] = parts;
  constexpr std::string_view kind = "role/";
  const bool is_number = account.size() == 12 && account.find_first_not_of("0123456789") == account.npos;
  const bool is_role = resource.substr(0, kind.size()) == kind && resource.size() > kind.size() &&
                       resource.size() <= 1024 && resource.back() != '/' && is_made_of(resource, "/_+=,.@-");
  if (prefix != "arn" || partition.substr(0, 3) != "aws" || !is_made_of(partition, "-") || service != "iam" ||
      !region.empty() || !is_number || !is_role)
    return {};
  return std::string(account);
}

Credentials take_session_credentials(Answer& answer) {
  const Value& members = answer.output["Credentials"];
  Credentials taken;
  taken.access_key_id = take_secret(members, "AccessKeyId");
  taken.secret_access_key = take_secret(members, "SecretAccessKey");
  taken.session_token = take_secret(members, "SessionToken");
  taken.expires = parse_timestamp(members["Expiration"].text());
  if (taken.access_key_id.empty() || taken.secret_access_key.empty() || taken.session_token.empty() || !taken.expires)
    throw Error(sqlstate::not_connected, "AWS's answer has no complete credentials");
  return taken;
}

std::unique_ptr<CredentialsProvider> assumed_role(ClientParts parts, std::unique_ptr<CredentialsProvider> base,
                                                  Role role) {
  check(role);
  auto& clock = parts.clock;
  return refreshing_credentials(std::make_unique<AssumedRole>(std::move(parts), std::move(base), std::move(role)),
                                clock);
}

} // namespace iasql::aws
