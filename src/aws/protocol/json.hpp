#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// The json protocol's request, version 1.0 or 1.1 as the model says: the operation's name in a header, the input as
// JSON. `input` is valid for the operation.
HttpParts serialize_json(const Service& service, const Operation& operation, const Value& input);

Value parse_json(const Service& service, const Operation& operation, const net::HttpResponse& response);

} // namespace iasql::aws
