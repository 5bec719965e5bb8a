#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"
#include "net/http.hpp"

namespace iasql::aws {

// Adds the members of the input that are headers, and those that are a map of headers with a prefix. Lists are joined
// with commas, an empty one is no header; timestamps are HTTP dates unless the model says otherwise; a member that
// holds JSON (a string here) goes as base64. Throws Error (invalid_value) for what no header can carry.
void write_headers(const Shape& input, const Value& value, net::Headers& headers);

// Sets the members of the output that the response's status and headers are. Throws Error (invalid_document) for a
// header that is not of its member's type.
void read_headers(const Shape& output, const net::HttpResponse& response, Object& result);

} // namespace iasql::aws
