#pragma once

// The protocols as pure functions: an operation's input becomes the parts of an HTTP request, its response a value.
// Which protocol is the service model's affair (Service::protocol): query, ec2, json, rest-json or rest-xml. A model
// that offers none of them cannot be read, and operations that are a stream of events are refused.

#include "aws/model.hpp"
#include "base/value.hpp"
#include "net/http.hpp"

#include <functional>
#include <string>

namespace iasql::aws {

// A request without its host: the endpoint decides scheme and authority, the signer adds its headers.
struct HttpParts {
  std::string method;   // "POST"
  std::string path;     // begins with "/", percent-encoded; "" where the endpoint says all of it
  std::string query;    // percent-encoded, without "?", or ""
  net::Headers headers; // without Host and Content-Length
  std::string body;
  std::string host_prefix; // what the operation puts before the endpoint's host, "data.", or ""
};

// What AWS says when it refuses a call.
struct ServiceError {
  std::string code;       // without namespace, or "" where the response has none
  std::string message;    // or ""
  std::string request_id; // or ""
};

// Throws Error where `input` does not fit the operation's input shape, naming the member's path: invalid_value for an
// unknown member (the nearest name as hint) and for a value of the wrong kind, missing_value for a required member
// that is absent. A null member counts as absent.
void validate(const Operation& operation, const Value& input);

// Gives every absent top-level member that the model marks as idempotency token the value that `token` returns.
void fill_idempotency_tokens(const Operation& operation, Value& input, const std::function<std::string()>& token);

// `input` is an object that validate() accepts (it is called first). Null members are not sent. Throws Error: what
// validate() throws; invalid_value for what the protocol cannot carry (a control character in a header, an operation
// that is a stream of events), missing_value for an empty part of the path.
HttpParts serialize(const Service& service, const Operation& operation, const Value& input);

// The output of a successful response (2xx): an object with the members that the response has, typed by their shapes;
// what the model does not know is ignored. Throws Error (invalid_document) for a body that cannot be read. Members'
// names stay the service's, which outlives the value and every copy of it, as those of service() do.
Value parse(const Service& service, const Operation& operation, const net::HttpResponse& response);

// The error in a response of any other status. Never throws for a body that cannot be read: its code is then "".
ServiceError parse_error(const Service& service, const net::HttpResponse& response);

// The request id in the response's headers or, for query and ec2, in its body; "" where there is none.
std::string request_id(const net::HttpResponse& response);

} // namespace iasql::aws
