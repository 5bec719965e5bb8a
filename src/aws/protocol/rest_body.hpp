#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// Sets the body of the request and, where no member did, its Content-Type. The operation has an input, and `input` is
// valid for it. A payload that is a blob or a string is the body as it is.
void write_rest_body(const Service& service, const Operation& operation, const Value& input, HttpParts& parts);

// The members of the output that the response's body has, an object; the operation has an output. Throws Error
// (invalid_document) for a body that cannot be read, that is missing, or that is an error under a status of success.
Value read_rest_body(const Service& service, const Operation& operation, const net::HttpResponse& response);

} // namespace iasql::aws
