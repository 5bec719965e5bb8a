#include "hosting/identity.hpp"

#include "aws/client.hpp"
#include "hosting/failure.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "net/system_environment.hpp"

#include <chrono>

namespace iasql::hosting {

std::string account_of(const aws::Credentials& credentials, const std::string& region,
                       const std::string& endpoint_url) {
  using namespace std::chrono_literals;
  net::Loop loop(net::polling_waiter());
  const auto http = net::make_curl_http(loop);
  net::LoopClock clock(loop);
  net::SystemRandom random;
  const auto provider = aws::fixed_credentials(credentials);
  aws::RetryQuota quota;
  aws::ClientSettings settings;
  settings.endpoint_url = endpoint_url;
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

} // namespace iasql::hosting
