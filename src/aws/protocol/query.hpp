#pragma once

#include "aws/protocol/protocol.hpp"

namespace iasql::aws {

// The query and ec2 protocols' request: a form with the operation's name and the input flattened into dotted names.
// `input` is valid for the operation.
HttpParts serialize_query(const Service& service, const Operation& operation, const Value& input);

// The query and ec2 protocols' XML as the operation's output.
Value parse_query(const Service& service, const Operation& operation, const net::HttpResponse& response);

} // namespace iasql::aws
