#pragma once

// Scalars as AWS writes them and as values: numbers and booleans are typed by the shape, timestamps are RFC 3339
// strings, blobs base64 strings, and the floating-point numbers that JSON does not have are the strings "NaN",
// "Infinity" and "-Infinity".

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string>
#include <string_view>

namespace iasql::aws {

// "structure", "list", "map", "string", "integer", … for messages.
std::string_view type_name(ShapeType type);

// The timestampFormat of the member, else of its shape, else `otherwise`.
std::string timestamp_format(const Member& member, std::string_view otherwise);

// A text of XML as a value of the shape, which is a scalar. Throws Error (invalid_document) where it is none.
Value scalar_from_text(const Shape& shape, std::string_view text);

// The text of a scalar, as it is. Throws Error (invalid_document) where it is not UTF-8.
std::string_view checked_text(const Shape& shape, std::string_view text);

// A scalar of JSON as a value of the shape, which is a scalar; numbers and booleans may be written as strings. Throws
// Error (invalid_document) where it is none.
Value scalar_from_json(const Shape& shape, const Value& json);

// A scalar that validate() accepts, as the query protocols write it; timestamps in `timestamp_format`.
std::string scalar_to_text(const Shape& shape, const Value& value, std::string_view timestamp_format);

} // namespace iasql::aws
