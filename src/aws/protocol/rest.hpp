#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// The rest-json and rest-xml protocols' request: each member of the input is where the model says, in the path, the
// query string, a header or the body; the body is one member of its own (the payload) or all that are nowhere else.
// `input` is valid for the operation.
HttpParts serialize_rest(const Service& service, const Operation& operation, const Value& input);

// The output from the response's status, headers and body. An empty body where there should be members is an error but
// for status 204, so that it never looks like an empty list.
Value parse_rest(const Service& service, const Operation& operation, const net::HttpResponse& response);

} // namespace iasql::aws
