// A logical call becomes one or more HTTP exchanges and ends as an answer or a CallError. What an exchange gave is
// judged by pure functions (outcome.hpp, retry.hpp); call() only strings the steps together and keeps what must be the
// same, or must be remembered, over the attempts: tokens, the effect so far, what was mended, the quota's debt.

#include "aws/client.hpp"

#include "aws/outcome.hpp"
#include "aws/protocol/timestamp.hpp"
#include "aws/quirks.hpp"
#include "aws/redact.hpp"
#include "aws/sign_call.hpp"

#include <algorithm>
#include <optional>

namespace iasql::aws {

namespace {

using Effect = CallError::Effect;

// Between a request's time and AWS's five minutes may lie; below this a signature fails for another reason.
constexpr std::chrono::minutes tolerated_skew{4};

// "ec2 CreateVpc eu-west-2, attempt 1: status 200 in 35 ms"; status 0 where no answer came.
std::string log_line(const Call& call, int attempt, int status, net::Time::duration elapsed) {
  auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  return call.service + " " + call.operation + " " + call.region + ", attempt " + std::to_string(attempt) +
         ": status " + std::to_string(status) + " in " + std::to_string(milliseconds) + " ms";
}

// For a call that has to wait longer for its credentials than it may take to begin.
CallError too_late(const Call& call) {
  CallError::Facts facts;
  facts.service = call.service;
  facts.operation = call.operation;
  facts.region = call.region;
  facts.message = "AWS credentials came too late: nothing was sent";
  return CallError(std::move(facts), "Try again");
}

bool has_idempotency_token(const Operation& operation, const Value& input) {
  if (!operation.input) return false;
  const auto& members = operation.input->members;
  return std::any_of(members.begin(), members.end(),
                     [&](const Member& member) { return member.idempotency_token && !input[member.name].is_null(); });
}

bool concerns_time(FailureKind kind) {
  return kind == FailureKind::clock_skew || kind == FailureKind::expired_credentials;
}

bool is_same_key(const Credentials& one, const Credentials& other) {
  return one.access_key_id == other.access_key_id && one.secret_access_key == other.secret_access_key &&
         one.session_token == other.session_token;
}

} // namespace

RetryFigures ClientSettings::figures_for(const Service& service) const {
  RetryFigures figures = retry_figures(service);
  if (max_attempts) figures.max_attempts = std::clamp(*max_attempts, 1, 11);
  return figures;
}

Client::Client(net::Http& http, net::Clock& clock, net::Random& random, CredentialsProvider& credentials,
               RetryQuota& quota, ClientSettings settings)
    : m_http(http), m_clock(clock), m_random(random), m_credentials(credentials), m_quota(quota),
      m_settings(std::move(settings)) {}

net::HttpRequest Client::signed_request(const Service& model, const Operation& operation, const HttpParts& parts,
                                        const Endpoint& endpoint, const Credentials& credentials) const {
  net::HttpRequest request{parts.method, request_url(endpoint, parts), parts.headers, parts.body};
  request.headers.insert(request.headers.end(), endpoint.headers.begin(), endpoint.headers.end());
  request.headers.emplace_back("User-Agent", m_settings.user_agent);
  if (endpoint.auth_scheme == AuthScheme::none) return request;
  const auto options = signing_options(model, operation, endpoint, m_clock.now() + m_clock_offset);
  return sign(std::move(request), credentials, options).request;
}

bool Client::correct_clock(const std::string& server_date, std::chrono::milliseconds signed_with) {
  auto server_time = parse_timestamp(server_date);
  if (!server_time) return false;
  auto offset = std::chrono::duration_cast<std::chrono::milliseconds>(*server_time - m_clock.now());
  if (std::chrono::abs(offset - signed_with) < tolerated_skew) return false;
  m_clock_offset = offset;
  return true;
}

// What was sent may have been carried out by now: that no line can be written must not end the call.
void Client::log(const Call& call, int attempt, int status, net::Time::duration elapsed) const {
  if (!m_settings.log) return;
  try {
    m_settings.log(log_line(call, attempt, status, elapsed));
  } catch (const Error&) {
    // Where it was PostgreSQL's, the transaction has failed, and every later statement says so.
  }
}

net::task<Answer> Client::call(Call call) {
  const Service& model = m_settings.models(call.service);
  const Operation& operation = model.operation(call.operation);
  fill_idempotency_tokens(operation, call.input, [this] { return m_random.uuid(); });
  HttpParts parts = serialize(model, operation, call.input);
  Endpoint endpoint = resolve_endpoint(model, operation, call.input, call.region, m_settings.endpoint);
  const auto begun = m_clock.now();
  Credentials credentials;
  if (endpoint.auth_scheme != AuthScheme::none) credentials = co_await m_credentials.credentials();
  if (m_clock.now() - begun > call.begin_within) throw too_late(call);

  const bool is_read = is_read_only(call.operation);
  const bool is_repeatable = is_read || call.repeat == Repeat::freely || has_idempotency_token(operation, call.input);
  const RetryFigures figures = m_settings.figures_for(model);
  int retries = 0;
  bool is_clock_corrected = false, is_key_renewed = false;
  Effect effect_so_far = Effect::none;
  std::optional<FailureKind> paid_for; // the failure whose retry this attempt is

  for (int attempt = 1;; ++attempt) {
    const auto signed_with = m_clock_offset;
    auto request = signed_request(model, operation, parts, endpoint, credentials);
    auto started = m_clock.now();
    int status = 0;
    Outcome outcome;
    try {
      auto response = co_await m_http.send(std::move(request), m_settings.limits);
      status = response.status;
      outcome = judge_response(model, operation, call, response);
    } catch (const net::TransportError& error) {
      outcome = judge_silence(call, endpoint.url, error);
    }
    log(call, attempt, status, m_clock.now() - started);

    if (auto answer = std::get_if<Answer>(&outcome)) {
      if (paid_for)
        m_quota.refund(call.region, *paid_for, m_clock.now());
      else
        m_quota.reward(call.region, m_clock.now());
      co_return std::move(*answer);
    }
    auto& failure = std::get<Failure>(outcome);
    if (!is_read && failure.facts.effect == Effect::unknown) effect_so_far = Effect::unknown;

    // AWS refused the request because of its time or key: with the right one it is made again at once, each time once.
    if (!is_clock_corrected && concerns_time(failure.kind) && correct_clock(failure.server_date, signed_with)) {
      is_clock_corrected = true;
      if (m_clock.now() - begun <= call.begin_within) continue;
    }
    if (!is_key_renewed && failure.kind == FailureKind::expired_credentials) {
      is_key_renewed = true;
      try {
        m_credentials.forget(credentials);
        auto renewed = co_await m_credentials.credentials();
        if (!is_same_key(renewed, credentials) && m_clock.now() - begun <= call.begin_within) {
          credentials = std::move(renewed);
          continue;
        }
      } catch (const Error& none) {
        failure.hint = std::string("The key has expired, and there is no newer one: ") + none.what();
      }
    }

    bool may_repeat = is_repeatable || is_surely_undone(failure);
    auto delay = retry_delay(figures, retries + 1, failure.kind, m_random.fraction(), failure.asked_delay);
    bool is_too_late = delay && m_clock.now() + *delay - begun > call.begin_within;
    if (!may_repeat || !delay || is_too_late || !m_quota.take(call.region, failure.kind, m_clock.now())) {
      failure.facts.effect = effect_so_far;
      auto secrets = sensitive_texts(operation.input, call.input);
      secrets.push_back(credentials.session_token); // AWS repeats what it was sent when a signature is wrong
      failure.facts.message = redact(std::move(failure.facts.message), secrets);
      for (std::string* text : {&failure.facts.code, &failure.facts.request_id})
        *text = redact(std::move(*text), {}); // a code is still known that has a secret in it
      throw CallError(std::move(failure.facts), std::move(failure.hint));
    }
    ++retries;
    paid_for = failure.kind;
    co_await m_clock.sleep(*delay);
  }
}

} // namespace iasql::aws
