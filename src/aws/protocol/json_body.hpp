#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

namespace iasql::aws {

// The structure as the JSON that AWS takes: members under their location names, timestamps as their format says, by
// default as seconds since 1970. `value` is valid for the shape.
Value json_body(const Shape& shape, const Value& value);

// The same for a value of any type.
Value json_value(const Member& member, const Value& value);

// The structure's members that the JSON object has, typed by their shapes; nulls are dropped but in sparse lists and
// maps, and members that the shape does not know are ignored. Throws Error (invalid_document) for a value of another
// type.
Value parse_json_body(const Shape& shape, const Value& json);

// The same for a shape of any type; null stays null.
Value parse_json_value(const Shape& shape, const Value& json);

} // namespace iasql::aws
