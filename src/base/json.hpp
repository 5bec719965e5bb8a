#pragma once

#include "base/value.hpp"

#include <string>
#include <string_view>

namespace iasql {

// Reads one JSON document (RFC 8259, UTF-8). Integers that do not fit 64 bits become doubles.
// Throws Error (invalid_document) with the offset of what is wrong, also where arrays and objects are nested deeper
// than `depth_limit`.
Value read_json(std::string_view text, int depth_limit = 128);

// Compact JSON without line breaks; members in the object's order, strings as UTF-8.
std::string write_json(const Value& value);

} // namespace iasql
