#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string_view>

namespace iasql::aws {

// The structure as the JSON that AWS takes: members under their location names, timestamps as their format says, by
// default as seconds since 1970. `value` is valid for the shape and outlives the result, whose texts stand in it.
Value json_body(const Shape& shape, const Value& value);

// The same for a value of any type.
Value json_value(const Member& member, const Value& value);

// The JSON document as a value of the shape: of structures the members that are known, nulls dropped but in sparse
// lists and maps; null stays null. Throws Error (invalid_document) for a text that is no JSON and for a value of
// another type.
Value parse_json_document(const Shape& shape, std::string_view text);

} // namespace iasql::aws
