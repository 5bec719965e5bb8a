#pragma once

// The client proper: call() is serialise → endpoint → credentials → sign → send → parse → retry?, each a function of
// its own in this folder.
//
// What is repeated: a throttled call and one of which nothing was sent, always; any other failure that may go away (no
// answer, an unreadable one, 5xx, what the model calls retryable) only where repeating is harmless: reads,
// Repeat::freely, and operations with an idempotency token, which is filled once and the same in every attempt. If any
// attempt of a write left it open and none succeeded, the error's effect is unknown.
//
// A call that AWS refused because our clock is wrong or the key has expired is made again at once with the clock
// corrected or a newer key, each once in a call, whatever it is; that is no retry and draws nothing from the quota.

#include "aws/caller.hpp"
#include "aws/credentials.hpp"
#include "aws/endpoint.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/retry_quota.hpp"
#include "net/environment.hpp"
#include "net/http.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace iasql::aws {

struct ClientSettings {
  EndpointSettings endpoint;
  // 1 to 11, the first one included; what AWS recommends for the service where there is none.
  std::optional<int> max_attempts;
  net::HttpLimits limits;
  std::string user_agent = "iasql";
  // Called with one line for each attempt (service, operation, region, status, milliseconds), never with a header or a
  // member; empty: no log. An Error that it throws is ignored.
  std::function<void(const std::string&)> log;
  // Where the service models come from: those that are compiled in, or a test's own.
  std::function<const Service&(std::string_view name)> models = service;

  RetryFigures figures_for(const Service& service) const;
};

class Client : public Caller {
public:
  // All three must outlive the client.
  Client(net::Http& http, net::Clock& clock, net::Random& random, CredentialsProvider& credentials, RetryQuota& quota,
         ClientSettings settings);
  net::task<Answer> call(Call call) override;

private:
  net::HttpRequest signed_request(const Service& model, const Operation& operation, const HttpParts& parts,
                                  const Endpoint& endpoint, const Credentials& credentials) const;
  void log(const Call& call, int attempt, int status, net::Time::duration elapsed) const;
  // Whether the server's clock shows that the one a request was signed with is wrong; ours is then corrected for what
  // follows. Another call may have done that since: calls that were under way together are all made again.
  bool correct_clock(const std::string& server_date, std::chrono::milliseconds signed_with);

  net::Http& m_http;
  net::Clock& m_clock;
  net::Random& m_random;
  CredentialsProvider& m_credentials;
  RetryQuota& m_quota;
  ClientSettings m_settings;
  std::chrono::milliseconds m_clock_offset{0}; // the server's time less ours
};

} // namespace iasql::aws
