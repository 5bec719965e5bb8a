#include "aws/retry.hpp"

#include "aws/quirks.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace iasql::aws {

namespace {

using Milliseconds = std::chrono::milliseconds;

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
constexpr std::string_view clock_skew_codes[] = {"RequestTimeTooSkewed", "RequestInTheFuture",
                                                 "InvalidSignatureException", "AuthFailure", "SignatureDoesNotMatch"};
// RequestExpired is said of both, a key and a request; the client looks at its clock first whichever it is.
constexpr std::string_view expired_codes[] = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"};

// The shape by which the operation's model knows the error, or nullptr.
const Shape* modelled_error(const Operation& operation, std::string_view code) {
  for (const Shape* error : operation.errors)
    if (code == (error->error_code.empty() ? error->name : error->error_code)) return error;
  return nullptr;
}

} // namespace

FailureKind classify_failure(const Service& service, const Operation& operation, int status, std::string_view code) {
  auto is_one_of = [&](const auto& codes) {
    return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
  };
  const Shape* error = modelled_error(operation, code);
  if (is_one_of(throttling_codes)) return FailureKind::throttling;
  if (error && error->retryable == Retryable::throttling) return FailureKind::throttling;
  if (error && error->retryable == Retryable::yes) return FailureKind::transient;
  if (status == 429 && !error) return FailureKind::throttling;
  if (is_one_of(transient_codes) || is_transient_error(service, code)) return FailureKind::transient;
  if (status == 500 || (status >= 502 && status <= 504)) return FailureKind::transient;
  if (is_one_of(clock_skew_codes)) return FailureKind::clock_skew;
  if (is_one_of(expired_codes)) return FailureKind::expired_credentials;
  return FailureKind::lasting;
}

std::optional<Milliseconds> retry_delay(const RetryFigures& figures, int attempts_made, FailureKind kind,
                                        double fraction, std::optional<Milliseconds> asked) {
  if (attempts_made >= figures.max_attempts) return {};
  if (kind != FailureKind::throttling && kind != FailureKind::transient) return {};
  auto base = kind == FailureKind::throttling ? throttling_base : figures.transient_base;
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

} // namespace iasql::aws
