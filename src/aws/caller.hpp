#pragma once

// The door to AWS as the engine sees it: an operation by name, its input as a value, its output as a value. The real
// one is aws::Client; the simulated cloud of the tests is another.

#include "base/error.hpp"
#include "base/value.hpp"
#include "net/task.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::aws {

// What the transport may do after a failure that leaves open whether AWS carried the request out.
enum class Repeat {
  freely,      // reads, and writes whose repetition changes nothing more
  if_not_sent, // creates without an idempotency token: only if nothing was sent, or AWS said that it throttled the call
};

struct Call {
  std::string service;   // botocore's name of the service model: "ec2", "ecr", "logs"
  std::string operation; // "CreateVpc"
  std::string region;    // "eu-west-2"
  Value input = Object();
  Repeat repeat = Repeat::freely;
  // No attempt begins later than this after the call was made, the wait for credentials included: what bounds how late
  // a write can take effect.
  std::chrono::milliseconds begin_within = std::chrono::hours{24};
};

struct Answer {
  Value output; // members of the output shape; absent members are absent; {} where the operation has none
  std::string request_id;
};

// Whether an operation of that name changes nothing: Describe…, Get…, List…, BatchGet…, Head…, Search… and a few more,
// without those of such names that do change something. What is not known is taken for a write. (The models' own
// "readonly" is no use: a tenth of the reads has it, and operations that start sessions have it too.)
bool is_read_only(std::string_view operation);

// A call that did not succeed: AWS refused it, or no usable answer came. For a write, `effect` says what is known of
// it: `none` when AWS refused the request or nothing was sent, `unknown` after a lost or unreadable answer, a timeout
// or a server error (5xx other than throttling).
class CallError : public Error {
public:
  enum class Effect { none, unknown };
  struct Facts {
    std::string service, operation, region;
    // AWS's error code without namespace; "" when no answer came; of ours "Http<status>" for an answer without a code,
    // "UnreadableAnswer" for a success that could not be read, "NotAnAwsAnswer" for an HTML page.
    std::string code;
    std::string message;    // AWS's words, or the transport's
    std::string request_id; // "" when there is none
    int status = 0;         // HTTP status, 0 when no answer came
    Effect effect = Effect::none;
  };
  // The error's message is "<code>: <message>"; its DETAIL names operation, service, region, request id and status. An
  // empty hint is replaced by ours where we know one. The SQLSTATE is network_failed where no answer came, else
  // read_failed or change_failed.
  explicit CallError(Facts facts, std::string hint = {});
  const Facts& facts() const { return m_facts; }
  const std::string& code() const { return m_facts.code; }
  // Whether the code is one of these.
  bool is_one_of(const std::vector<std::string>& codes) const;

private:
  Facts m_facts;
};

class Caller {
public:
  virtual ~Caller() = default;
  // One logical call: serialise, sign, send, retry as allowed, parse. Throws CallError; Error (invalid_value,
  // missing_value) when the input does not fit the operation's shape, before anything is sent.
  virtual net::task<Answer> call(Call call) = 0;
};

} // namespace iasql::aws
