#include "hosting/identity.hpp"

#include "aws/assumed_role.hpp"
#include "aws/client.hpp"
#include "aws/config_file.hpp"
#include "aws/key_of_file.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "credentials/key_file.hpp"
#include "hosting/failure.hpp"
#include "hosting/regions.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "net/system_environment.hpp"

#include <chrono>
#include <memory>
#include <regex>
#include <string_view>

namespace iasql::hosting {

namespace {

// What asking AWS takes.
class Asking {
public:
  explicit Asking(const std::string& endpoint_url) {
    m_settings.endpoint.url = endpoint_url;
    m_settings.limits.total_timeout = std::chrono::seconds(20);
  }

  aws::ClientParts parts() { return {*m_http, m_clock, m_random, m_quota, m_settings}; }

  // Throws aws::CallError, Error.
  std::string account_of(aws::CredentialsProvider& provider, const std::string& region) {
    aws::Client client(*m_http, m_clock, m_random, provider, m_quota, m_settings);
    aws::Call call;
    call.service = "sts";
    call.operation = "GetCallerIdentity";
    call.region = region;
    const auto answer = m_loop.run(client.call(std::move(call)));
    return answer.output["Account"].string();
  }

private:
  net::Loop m_loop{net::polling_waiter()};
  std::unique_ptr<net::Http> m_http = net::make_curl_http(m_loop);
  net::LoopClock m_clock{m_loop};
  net::SystemRandom m_random;
  aws::InProcessQuota m_quota;
  aws::ClientSettings m_settings;
};

std::string account_of(const aws::Credentials& credentials, const std::string& region,
                       const std::string& endpoint_url) {
  Asking asking(endpoint_url);
  const auto provider = aws::fixed_credentials(credentials);
  try {
    return asking.account_of(*provider, region);
  } catch (const aws::CallError& error) {
    const auto& facts = error.facts();
    if (facts.status >= 400 && facts.status < 500)
      throw Failure("AWS does not accept this key: " + facts.code + ": " + facts.message, {},
                    Reason::credentials_refused);
    throw Failure(std::string("cannot check the key with AWS: ") + error.what(), error.hint());
  } catch (const Error& error) {
    throw Failure(std::string("cannot check the key with AWS: ") + error.what(), error.hint());
  }
}

std::string account_of_role(const credentials::AccountRole& role, const aws::Credentials& servers_own,
                            const std::string& region, const std::string& endpoint_url) {
  Asking asking(endpoint_url);
  const auto provider = aws::assumed_role(
      asking.parts(), aws::fixed_credentials(servers_own),
      {.arn = role.arn, .external_id = role.external_id, .session_name = {}, .duration = {}, .region = region});
  return asking.account_of(*provider, region);
}

// Only AWS itself is asked: emulators do not read trust policies.
void require_external_id(const credentials::AccountRole& role, const aws::Credentials& servers_own,
                         const std::string& region) {
  try {
    account_of_role({role.arn, {}}, servers_own, region, {});
  } catch (const Error&) {
    return;
  }
  throw Failure("AWS lets the server assume this role without the external id, too",
                "Make the external id a condition of the role's trust policy.", Reason::credentials_refused);
}

} // namespace

void require_access_key_id(const std::string& access_key_id) {
  if (std::regex_match(access_key_id, std::regex("[A-Za-z0-9_]{16,128}"))) return;
  throw Failure("an access key id has 16 to 128 letters and digits, which " + access_key_id + " has not", {},
                Reason::usage);
}

void require_role_arn(const std::string& role_arn) {
  if (!aws::account_of_role(role_arn).empty()) return;
  throw Failure(role_arn + " is no role's ARN", "It looks like arn:aws:iam::123456789012:role/iasql.", Reason::usage);
}

Account check(const aws::Credentials& credentials, const std::string& region, const std::string& endpoint_url) {
  require_region(region);
  require_access_key_id(credentials.access_key_id);
  Account account{.account_id = account_of(credentials, region, endpoint_url),
                  .region = region,
                  .further_regions = {},
                  .secret = {},
                  .endpoint_url = endpoint_url};
  auto& key = account.secret.emplace<credentials::AccessKey>();
  key.access_key_id = credentials.access_key_id;
  key.secret_access_key = credentials::LockedBytes(std::string_view(credentials.secret_access_key));
  key.session_token = credentials::LockedBytes(std::string_view(credentials.session_token));
  return account;
}

aws::Credentials servers_own_credentials(const DataFolder& folder) {
  const auto path = (folder.keys() / "aws").string();
  try {
    const auto text = credentials::read_private_file(path, server_user().id, aws::largest_config_file);
    return aws::key_of_file(text.view(), path);
  } catch (const Error& error) {
    throw Failure(std::string("the server has no AWS key of its own with which to assume a role: ") + error.what(),
                  "Put one that may call sts:AssumeRole, in the form of ~/.aws/credentials, into " + path +
                      ", of user " + server_user().name + " and with mode 0400.");
  }
}

std::string trust_policy(const std::string& account_id, const std::string& external_id) {
  Object condition, equals, principal, statement, policy;
  equals.set("sts:ExternalId", external_id);
  condition.set("StringEquals", equals);
  principal.set("AWS", account_id);
  statement.set("Effect", "Allow");
  statement.set("Principal", principal);
  statement.set("Action", "sts:AssumeRole");
  statement.set("Condition", condition);
  policy.set("Version", "2012-10-17");
  policy.set("Statement", Array{Value(statement)});
  return write_json(policy);
}

Account check_role(const credentials::AccountRole& role, const std::string& policy, const aws::Credentials& servers_own,
                   const std::string& region, const std::string& endpoint_url) {
  require_region(region);
  require_role_arn(role.arn);
  std::string account_id;
  try {
    account_id = account_of_role(role, servers_own, region, endpoint_url);
  } catch (const Error& error) {
    throw Failure(std::string("AWS does not let the server assume this role: ") + error.what(),
                  "Its trust policy must be\n" + policy, Reason::credentials_refused);
  }
  if (account_id != aws::account_of_role(role.arn))
    throw Failure("role " + role.arn + " is not of account " + account_id, {}, Reason::credentials_refused);
  if (endpoint_url.empty()) require_external_id(role, servers_own, region);
  return {
      .account_id = account_id, .region = region, .further_regions = {}, .secret = role, .endpoint_url = endpoint_url};
}

} // namespace iasql::hosting
