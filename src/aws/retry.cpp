#include "aws/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace iasql::aws {

namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds transient_base{50};
constexpr Milliseconds throttling_base{1'000};
constexpr Milliseconds longest_delay{20'000};
constexpr Milliseconds longest_extension{5'000};

// LimitExceededException is a quota of the account in some services and a rate in others; the number of attempts bounds
// what the mistake costs.
constexpr std::string_view throttling_codes[] = {"Throttling",
                                                 "ThrottlingException",
                                                 "ThrottledException",
                                                 "RequestThrottledException",
                                                 "TooManyRequestsException",
                                                 "ProvisionedThroughputExceededException",
                                                 "TransactionInProgressException",
                                                 "RequestLimitExceeded",
                                                 "BandwidthLimitExceeded",
                                                 "LimitExceededException",
                                                 "RequestThrottled",
                                                 "SlowDown",
                                                 "PriorRequestNotComplete",
                                                 "EC2ThrottledException"};
constexpr std::string_view transient_codes[] = {"RequestTimeout", "RequestTimeoutException"};
constexpr std::string_view clock_skew_codes[] = {"RequestTimeTooSkewed", "RequestExpired",
                                                 "RequestInTheFuture",   "InvalidSignatureException",
                                                 "AuthFailure",          "SignatureDoesNotMatch"};

int cost(FailureKind kind) {
  return kind == FailureKind::throttling ? 5 : 14;
}

} // namespace

FailureKind classify_failure(int status, std::string_view code) {
  auto is_one_of = [&](const auto& codes) {
    return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
  };
  if (is_one_of(throttling_codes) || status == 429) return FailureKind::throttling;
  if (is_one_of(transient_codes) || status == 500 || (status >= 502 && status <= 504)) return FailureKind::transient;
  if (is_one_of(clock_skew_codes)) return FailureKind::clock_skew;
  return FailureKind::lasting;
}

std::optional<Milliseconds> retry_delay(int attempts_made, int max_attempts, FailureKind kind, double fraction,
                                        std::optional<Milliseconds> asked) {
  if (attempts_made >= max_attempts) return {};
  if (kind != FailureKind::throttling && kind != FailureKind::transient) return {};
  auto base = kind == FailureKind::throttling ? throttling_base : transient_base;
  double longest = std::ldexp(static_cast<double>(base.count()), std::min(attempts_made - 1, 30));
  longest = std::min(longest, static_cast<double>(longest_delay.count()));
  Milliseconds delay(static_cast<Milliseconds::rep>(fraction * longest));
  return asked ? std::clamp(*asked, delay, delay + longest_extension) : delay;
}

std::optional<Milliseconds> parse_retry_after(std::string_view header) {
  Milliseconds::rep milliseconds = 0;
  auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), milliseconds);
  if (error != std::errc() || end != header.data() + header.size() || milliseconds < 0) return {};
  return Milliseconds(milliseconds);
}

bool RetryQuota::take(FailureKind kind) {
  if (m_left < cost(kind)) return false;
  m_left -= cost(kind);
  return true;
}

void RetryQuota::refund(FailureKind kind) {
  add(cost(kind));
}

void RetryQuota::reward() {
  add(1);
}

void RetryQuota::add(int amount) {
  m_left = std::min(m_left + amount, capacity);
}

} // namespace iasql::aws
