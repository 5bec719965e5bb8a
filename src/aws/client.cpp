// A logical call becomes one or more HTTP exchanges and ends as an answer or a CallError. What an exchange gave is
// judged by pure functions (judge_response, judge_silence); call() only strings the steps together and keeps what must
// be the same, or must be remembered, over the attempts: tokens, the effect so far, the quota's debt.

#include "aws/client.hpp"

#include "aws/protocol/timestamp.hpp"
#include "aws/redact.hpp"
#include "aws/sign.hpp"

#include <algorithm>
#include <optional>
#include <variant>

namespace iasql::aws {

namespace {

using Effect = CallError::Effect;

// Between a request's time and AWS's five minutes may lie; below this a signature fails for another reason.
constexpr std::chrono::minutes tolerated_skew{4};

// An attempt that did not succeed. The effect in its facts is this attempt's alone, as it would be for a write.
struct Failure {
  CallError::Facts facts;
  FailureKind kind = FailureKind::lasting;
  std::optional<std::chrono::milliseconds> asked_delay;
  std::string server_date;
  std::string hint;
};

using Outcome = std::variant<Answer, Failure>;

CallError::Facts facts_of(const Call& call) {
  CallError::Facts facts;
  facts.service = call.service;
  facts.operation = call.operation;
  facts.region = call.region;
  return facts;
}

bool begins_with_ignoring_case(std::string_view text, std::string_view lower_case) {
  auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return text.size() >= lower_case.size() && std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                                                        [&](char lower, char any) { return same(any, lower); });
}

// The body's look decides: moto labels JSON as text/html too.
bool is_html(const net::HttpResponse& response) {
  std::string_view body = response.body;
  body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
  return begins_with_ignoring_case(body, "<!doctype html") || begins_with_ignoring_case(body, "<html");
}

// What a gateway before the service says when the service is away or busy, and often says in HTML.
bool is_gateway_status(int status) {
  return status == 429 || (status >= 502 && status <= 504);
}

Failure html_failure(const Call& call, const net::HttpResponse& response) {
  Failure failure{facts_of(call), FailureKind::lasting, {}, {}, {}};
  failure.facts.status = response.status;
  failure.facts.code = "NotAnAwsAnswer";
  failure.facts.message = "the endpoint answered status " + std::to_string(response.status) +
                          " with an HTML page: it does not know this operation, or it is no AWS endpoint";
  failure.facts.effect = response.status >= 500 ? Effect::unknown : Effect::none;
  return failure;
}

Outcome judge_success(const Service& model, const Operation& operation, const Call& call,
                      const net::HttpResponse& response) {
  try {
    return Answer{parse(model, operation, response), request_id(response)};
  } catch (const Error& unreadable) {
    Failure failure{facts_of(call), FailureKind::transient, {}, {}, {}};
    failure.facts.status = response.status;
    failure.facts.code = "UnreadableAnswer";
    failure.facts.message = std::string("the answer cannot be read: ") + unreadable.what();
    failure.facts.request_id = request_id(response);
    failure.facts.effect = Effect::unknown;
    return failure;
  }
}

Failure judge_refusal(const Service& model, const Call& call, const net::HttpResponse& response) {
  ServiceError error = parse_error(model, response);
  Failure failure{facts_of(call),
                  classify_failure(response.status, error.code),
                  parse_retry_after(response.header("x-amz-retry-after")),
                  response.header("date"),
                  {}};
  failure.facts.status = response.status;
  failure.facts.code = error.code.empty() ? "Http" + std::to_string(response.status) : error.code;
  failure.facts.message = error.message;
  if (error.message.empty())
    failure.facts.message = error.code.empty() ? "the answer gives no reason" : "AWS gives no further reason";
  failure.facts.request_id = error.request_id;
  bool is_refused = response.status < 500 || failure.kind == FailureKind::throttling;
  failure.facts.effect = is_refused ? Effect::none : Effect::unknown;
  return failure;
}

Outcome judge_response(const Service& model, const Operation& operation, const Call& call,
                       const net::HttpResponse& response) {
  if (is_html(response) && !is_gateway_status(response.status)) return html_failure(call, response);
  if (response.status >= 200 && response.status < 300) return judge_success(model, operation, call, response);
  return judge_refusal(model, call, response);
}

Failure judge_silence(const Call& call, const Endpoint& endpoint, const net::TransportError& error) {
  Failure failure{facts_of(call), FailureKind::transient, {}, {}, {}};
  failure.facts.message = "no answer from " + endpoint.url + ": " + error.what();
  failure.facts.effect = error.sent() == net::TransportError::Sent::maybe ? Effect::unknown : Effect::none;
  if (failure.facts.effect == Effect::none)
    failure.hint = "Is the endpoint running and reachable? For the local emulator see: iasql status";
  return failure;
}

// "ec2 CreateVpc eu-west-2, attempt 1: status 200 in 35 ms"; status 0 where no answer came.
std::string log_line(const Call& call, int attempt, int status, net::Time::duration elapsed) {
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  return call.service + " " + call.operation + " " + call.region + ", attempt " + std::to_string(attempt) +
         ": status " + std::to_string(status) + " in " + std::to_string(milliseconds) + " ms";
}

bool has_idempotency_token(const Operation& operation, const Value& input) {
  if (!operation.input) return false;
  const auto& members = operation.input->members;
  return std::any_of(members.begin(), members.end(),
                     [&](const Member& member) { return member.idempotency_token && !input[member.name].is_null(); });
}

} // namespace

Client::Client(net::Http& http, net::Clock& clock, net::Random& random, CredentialsProvider& credentials,
               RetryQuota& quota, ClientSettings settings)
    : m_http(http), m_clock(clock), m_random(random), m_credentials(credentials), m_quota(quota),
      m_settings(std::move(settings)) {
  m_settings.max_attempts = std::clamp(m_settings.max_attempts, 1, 10);
}

net::HttpRequest Client::signed_request(const Operation& operation, const HttpParts& parts, const Endpoint& endpoint,
                                        const Credentials& credentials) const {
  net::HttpRequest request{parts.method, request_url(endpoint, parts), parts.headers, parts.body};
  request.headers.insert(request.headers.end(), endpoint.headers.begin(), endpoint.headers.end());
  request.headers.emplace_back("User-Agent", m_settings.user_agent);
  if (endpoint.auth_scheme == AuthScheme::none) return request;
  SigningOptions options;
  options.region = endpoint.signing_region;
  options.service = endpoint.signing_name;
  if (endpoint.path_encoding == PathEncoding::once) options.path = PathStyle::as_is;
  options.time = m_clock.now() + m_clock_offset;
  if (operation.unsigned_payload || operation.auth_type == "v4-unsigned-body")
    options.payload_hash = "UNSIGNED-PAYLOAD";
  return sign(std::move(request), credentials, options).request;
}

bool Client::correct_clock(const std::string& server_date) {
  auto server_time = parse_timestamp(server_date);
  if (!server_time) return false;
  auto offset = std::chrono::duration_cast<std::chrono::milliseconds>(*server_time - m_clock.now());
  if (std::chrono::abs(offset - m_clock_offset) < tolerated_skew) return false;
  m_clock_offset = offset;
  return true;
}

net::task<Answer> Client::call(Call call) {
  const Service& model = m_settings.models(call.service);
  const Operation& operation = model.operation(call.operation);
  fill_idempotency_tokens(operation, call.input, [this] { return m_random.uuid(); });
  HttpParts parts = serialize(model, operation, call.input);
  Endpoint endpoint = resolve_endpoint(model, operation, call.input, call.region, m_settings.endpoint);
  Credentials credentials;
  if (endpoint.auth_scheme != AuthScheme::none) credentials = co_await m_credentials.credentials();

  bool is_read = is_read_only(call.operation);
  bool is_repeatable = is_read || call.repeat == Repeat::freely || has_idempotency_token(operation, call.input);
  bool is_clock_corrected = false;
  Effect effect_so_far = Effect::none;
  auto begun = m_clock.now();
  std::optional<FailureKind> paid_for; // the failure whose retry this attempt is

  for (int attempt = 1;; ++attempt) {
    auto request = signed_request(operation, parts, endpoint, credentials);
    auto started = m_clock.now();
    int status = 0;
    Outcome outcome;
    try {
      auto response = co_await m_http.send(std::move(request), m_settings.limits);
      status = response.status;
      outcome = judge_response(model, operation, call, response);
    } catch (const net::TransportError& error) {
      outcome = judge_silence(call, endpoint, error);
    }
    if (m_settings.log) m_settings.log(log_line(call, attempt, status, m_clock.now() - started));

    if (auto answer = std::get_if<Answer>(&outcome)) {
      if (paid_for)
        m_quota.refund(*paid_for);
      else
        m_quota.reward();
      co_return std::move(*answer);
    }

    auto& failure = std::get<Failure>(outcome);
    if (failure.kind == FailureKind::clock_skew && !is_clock_corrected && correct_clock(failure.server_date)) {
      is_clock_corrected = true;
      failure.kind = FailureKind::transient;
    }
    if (!is_read && failure.facts.effect == Effect::unknown) effect_so_far = Effect::unknown;

    bool may_repeat = is_repeatable || failure.facts.effect == Effect::none;
    auto delay = retry_delay(attempt, m_settings.max_attempts, failure.kind, m_random.fraction(), failure.asked_delay);
    bool is_too_late = delay && m_clock.now() + *delay - begun > call.begin_within;
    if (!may_repeat || !delay || is_too_late || !m_quota.take(failure.kind)) {
      failure.facts.effect = effect_so_far;
      auto secrets = sensitive_texts(operation.input, call.input);
      secrets.push_back(credentials.session_token); // AWS repeats what it was sent when a signature is wrong
      failure.facts.message = redact(std::move(failure.facts.message), secrets);
      throw CallError(std::move(failure.facts), std::move(failure.hint));
    }
    paid_for = failure.kind;
    co_await m_clock.sleep(*delay);
  }
}

} // namespace iasql::aws
