#include "aws/outcome.hpp"

#include "aws/partition.hpp"
#include "aws/protocol/protocol.hpp"
#include "aws/quirks.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>

namespace iasql::aws {

namespace {

using Effect = CallError::Effect;

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

bool is_success(const net::HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

// Whether what the operation returns is bytes or a text, an object of S3 or what a function answers: it may look like
// anything.
bool returns_bytes(const Operation& operation) {
  const Member* payload = operation.output ? operation.output->member(operation.output->payload) : nullptr;
  return payload && (payload->shape->type == ShapeType::blob || payload->shape->type == ShapeType::string);
}

Failure html_failure(const Call& call, const net::HttpResponse& response) {
  Failure failure{facts_of(call), FailureKind::lasting, {}, {}, {}};
  failure.facts.status = response.status;
  failure.facts.code = "NotAnAwsAnswer";
  failure.facts.message = "the endpoint answered status " + std::to_string(response.status) +
                          " with an HTML page: it does not know this operation, or it is no AWS endpoint";
  // Under a status of success the page may stand where AWS's answer was.
  failure.facts.effect = is_success(response) || response.status >= 500 ? Effect::unknown : Effect::none;
  return failure;
}

// Whether the body is the one that the service sent, where the service says what it must be.
bool is_intact(const Service& service, const net::HttpResponse& response) {
  const std::string& checksum = response.header(crc32_header(service));
  std::uint32_t expected = 0;
  auto [end, error] = std::from_chars(checksum.data(), checksum.data() + checksum.size(), expected);
  if (checksum.empty() || error != std::errc() || end != checksum.data() + checksum.size()) return true;
  auto body = reinterpret_cast<const Bytef*>(response.body.data());
  return crc32_z(crc32_z(0, nullptr, 0), body, response.body.size()) == expected;
}

Outcome judge_success(const Service& service, const Operation& operation, const Call& call,
                      const net::HttpResponse& response) {
  try {
    if (!is_intact(service, response))
      throw Error(sqlstate::invalid_document, "its bytes are not those that its checksum was made of");
    return Answer{parse(service, operation, response), request_id(response)};
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

// S3 answers so where a bucket is in another region than the one that was asked.
std::string hint_of_region(const Call& call, const net::HttpResponse& response) {
  const std::string& region = response.header("x-amz-bucket-region");
  const bool is_elsewhere = response.status == 301 || response.status == 307 || response.status == 400;
  if (!is_elsewhere || region == call.region || !find_partition(region)) return {};
  return "The bucket is in region " + region + ": name that region";
}

Failure judge_refusal(const Service& service, const Operation& operation, const Call& call,
                      const net::HttpResponse& response) {
  ServiceError error = parse_error(service, response);
  Failure failure{facts_of(call), classify_failure(service, operation, response.status, error.code),
                  parse_retry_after(response.header("x-amz-retry-after")), response.header("date"),
                  hint_of_region(call, response)};
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

// The name of the root element, after declaration and comments; "" for what is no XML.
std::string_view root_name(std::string_view body) {
  for (auto at = body.find('<'); at != body.npos; at = body.find('<', at + 1))
    if (at + 1 < body.size() && body[at + 1] != '?' && body[at + 1] != '!')
      return body.substr(at + 1, body.find_first_of(" \t\r\n/>", at) - at - 1);
  return {};
}

// Whether a success is an error that the service met after it had begun to answer.
bool is_error_in_disguise(const Service& service, const Operation& operation, const net::HttpResponse& response) {
  if (response.status != 200 || !may_fail_after_success(service) || !operation.output) return false;
  return !returns_bytes(operation) && root_name(response.body) == "Error";
}

Failure judge_late_error(const Service& service, const Operation& operation, const Call& call,
                         net::HttpResponse response) {
  response.status = 500;
  Failure failure = judge_refusal(service, operation, call, response);
  failure.facts.status = 200;
  return failure;
}

} // namespace

Outcome judge_response(const Service& service, const Operation& operation, const Call& call,
                       const net::HttpResponse& response) {
  const bool may_be_html = is_gateway_status(response.status) || (is_success(response) && returns_bytes(operation));
  if (is_html(response) && !may_be_html) return html_failure(call, response);
  if (is_error_in_disguise(service, operation, response)) return judge_late_error(service, operation, call, response);
  if (is_success(response)) return judge_success(service, operation, call, response);
  return judge_refusal(service, operation, call, response);
}

Failure judge_silence(const Call& call, const std::string& url, const net::TransportError& error) {
  Failure failure{facts_of(call), FailureKind::transient, {}, {}, {}};
  failure.facts.message = "no answer from " + url + ": " + error.what();
  failure.facts.effect = error.sent() == net::TransportError::Sent::maybe ? Effect::unknown : Effect::none;
  if (failure.facts.effect == Effect::none)
    failure.hint = "Is the endpoint running and reachable? For the local emulator see: iasql status";
  return failure;
}

bool is_surely_undone(const Failure& failure) {
  bool was_never_sent = failure.facts.status == 0 && failure.facts.effect == Effect::none;
  return was_never_sent || failure.kind == FailureKind::throttling;
}

} // namespace iasql::aws
