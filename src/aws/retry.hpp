#pragma once

// AWS's standard retry mode with the figures of 2026, as functions of values: which failures are repeated, after how
// long, and the quota that keeps a storm of retries from making things worse.

#include <chrono>
#include <optional>
#include <string_view>

namespace iasql::aws {

enum class FailureKind {
  throttling, // AWS did not carry the request out because there were too many
  transient,  // may go away by itself: no answer, 500, 502, 503, 504
  clock_skew, // AWS says that the request's time or signature is wrong: final unless our clock turns out to be wrong
  lasting,    // repeating it gives the same answer
};

// What an answer that is no success was. `code` is AWS's, without namespace.
FailureKind classify_failure(int status, std::string_view code);

// How long to wait before attempt number `attempts_made` + 1, or nothing when that is one too many or the failure is
// one that repeating does not mend. `attempts_made` is 1 or more, `fraction` random in [0, 1), `asked` what the
// answer's x-amz-retry-after says.
std::optional<std::chrono::milliseconds> retry_delay(int attempts_made, int max_attempts, FailureKind kind,
                                                     double fraction,
                                                     std::optional<std::chrono::milliseconds> asked = {});

// The header's number of milliseconds; nothing for anything else.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view header);

// A bucket that retries draw from and successes fill, shared by every call to one account and region: when most calls
// fail, most retries are left out.
class RetryQuota {
public:
  static constexpr int capacity = 500;

  // Takes what a retry after such a failure costs. False, and nothing taken, where too little is left.
  bool take(FailureKind kind);
  // The retry that was paid for succeeded: its cost comes back.
  void refund(FailureKind kind);
  // A call succeeded at its first attempt.
  void reward();
  int left() const { return m_left; }

private:
  void add(int amount);
  int m_left = capacity;
};

} // namespace iasql::aws
