#pragma once

// What one exchange with AWS came to, judged from values alone.

#include "aws/caller.hpp"
#include "aws/retry.hpp"
#include "net/http.hpp"

#include <optional>
#include <string>
#include <variant>

namespace iasql::aws {

// An attempt that did not succeed. The effect in its facts is this attempt's alone, as it would be for a write.
struct Failure {
  CallError::Facts facts;
  FailureKind kind = FailureKind::lasting;
  std::optional<std::chrono::milliseconds> asked_delay;
  std::string server_date;
  std::string hint;
};

using Outcome = std::variant<Answer, Failure>;

// What an answer says, whatever it looks like; throws nothing for one that cannot be read.
Outcome judge_response(const Service& service, const Operation& operation, const Call& call,
                       const net::HttpResponse& response);

// What it means that none came from the endpoint at `url`.
Failure judge_silence(const Call& call, const std::string& url, const net::TransportError& error);

// Whether AWS refused the call, or nothing of it was sent, in a way that even a create without a token may be repeated
// after: it was throttled, or it never left.
bool is_surely_undone(const Failure& failure);

} // namespace iasql::aws
