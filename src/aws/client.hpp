#pragma once

// The client proper: call() is serialise → endpoint → credentials → sign → send → parse → retry?, each a function of
// its own in this folder.

#include "aws/caller.hpp"
#include "aws/credentials.hpp"
#include "aws/retry.hpp"
#include "net/environment.hpp"
#include "net/http.hpp"

#include <functional>
#include <string>

namespace iasql::aws {

struct ClientSettings {
  std::string endpoint_url; // "" means AWS itself: https://<prefix>.<region>.<partition's suffix>
  int max_attempts = 3;     // 1 to 10, the first one included
  net::HttpLimits limits;
  std::string user_agent = "iasql";
  // Called with one line for each attempt (service, operation, region, status, milliseconds), never with a header or a
  // member; empty: no log.
  std::function<void(const std::string&)> log;
};

class Client : public Caller {
public:
  // All three must outlive the client.
  Client(net::Http& http, net::Clock& clock, net::Random& random, CredentialsProvider& credentials, RetryQuota& quota,
         ClientSettings settings);
  net::task<Answer> call(Call call) override;

private:
  net::Http& m_http;
  net::Clock& m_clock;
  net::Random& m_random;
  CredentialsProvider& m_credentials;
  RetryQuota& m_quota;
  ClientSettings m_settings;
};

} // namespace iasql::aws
