#pragma once

// AWS's standard retry mode with the figures of 2026, as functions of values: which failures are repeated, and after
// how long. What bounds all of them together is the quota (retry_quota.hpp).

#include "aws/model.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace iasql::aws {

enum class FailureKind {
  throttling,          // AWS did not carry the request out because there were too many
  transient,           // may go away by itself: no answer, 500, 502, 503, 504
  clock_skew,          // AWS says that the request's time or signature is wrong: final unless our clock is wrong
  expired_credentials, // AWS says that the key's time is over: final unless there is a newer one
  lasting,             // repeating it gives the same answer
};

// What an answer that is no success was. `code` is AWS's, without namespace, or "". What the operation's model says of
// an error goes before its status.
FailureKind classify_failure(const Service& service, const Operation& operation, int status, std::string_view code);

// What differs between services; quirks.cpp has the rows.
struct RetryFigures {
  int max_attempts = 3; // 1 or more, the first one included
  std::chrono::milliseconds transient_base{50};
};

// How long to wait before attempt number `attempts_made` + 1, or nothing when that is one too many or the failure is
// one that repeating does not mend. `attempts_made` is 1 or more, `fraction` random in [0, 1), `asked` what the
// answer's x-amz-retry-after says.
std::optional<std::chrono::milliseconds> retry_delay(const RetryFigures& figures, int attempts_made, FailureKind kind,
                                                     double fraction,
                                                     std::optional<std::chrono::milliseconds> asked = {});

// The header's number of milliseconds; nothing for anything else.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view header);

} // namespace iasql::aws
