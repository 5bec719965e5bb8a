#include "hosting/identity.hpp"

#include "aws/client.hpp"
#include "hosting/failure.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "net/system_environment.hpp"

#include <chrono>
#include <regex>
#include <string_view>

namespace iasql::hosting {

namespace {

std::string account_of(const aws::Credentials& credentials, const std::string& region,
                       const std::string& endpoint_url) {
  using namespace std::chrono_literals;
  net::Loop loop(net::polling_waiter());
  const auto http = net::make_curl_http(loop);
  net::LoopClock clock(loop);
  net::SystemRandom random;
  const auto provider = aws::fixed_credentials(credentials);
  aws::InProcessQuota quota;
  aws::ClientSettings settings;
  settings.endpoint.url = endpoint_url;
  settings.limits.total_timeout = 20s;
  aws::Client client(*http, clock, random, *provider, quota, settings);
  aws::Call call;
  call.service = "sts";
  call.operation = "GetCallerIdentity";
  call.region = region;
  try {
    const auto answer = loop.run(client.call(std::move(call)));
    return answer.output["Account"].string();
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

} // namespace

void require_region(const std::string& region) {
  if (std::regex_match(region, std::regex("[a-z]{2,}(-[a-z]+)+-[0-9]+"))) return;
  throw Failure(region.empty() ? "which region?" : region + " is no AWS region", "Give one such as --region eu-west-2.",
                Reason::usage);
}

void require_access_key_id(const std::string& access_key_id) {
  if (std::regex_match(access_key_id, std::regex("[A-Za-z0-9_]{16,128}"))) return;
  throw Failure("an access key id has 16 to 128 letters and digits, which " + access_key_id + " has not", {},
                Reason::usage);
}

Account check(const aws::Credentials& credentials, const std::string& region, const std::string& endpoint_url) {
  require_region(region);
  require_access_key_id(credentials.access_key_id);
  Account account{.account_id = account_of(credentials, region, endpoint_url),
                  .region = region,
                  .key = {},
                  .endpoint_url = endpoint_url};
  account.key.access_key_id = credentials.access_key_id;
  account.key.secret_access_key = credentials::LockedBytes(std::string_view(credentials.secret_access_key));
  account.key.session_token = credentials::LockedBytes(std::string_view(credentials.session_token));
  return account;
}

} // namespace iasql::hosting
