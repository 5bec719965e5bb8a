#pragma once

// Paths of member names, from the outside in: "a.b". A step of an inner list may pick its first element ("a[0].b", in
// objects and inputs) or be taken for each ("a[].b", in objects only; the value is then a list).

#include "aws/model.hpp"

#include <string>
#include <string_view>

namespace iasql::engine {

// The first member's name, without what it picks.
std::string first_step(std::string_view path);

// Whether the path leads into a structure or a list, past its first member.
bool is_nested(std::string_view path);

// The last member on the path; nullptr where a step is missing.
const aws::Member* member_at(const aws::Shape* shape, std::string_view path);

// Null where a step is missing. Elements without the rest of the path are left out of a list.
Value value_at(const Value& value, std::string_view path);

// Sets the value, making objects and lists of one element on the way. Nothing is set for each element of a list.
void set_at(Value& value, std::string_view path, Value set);

} // namespace iasql::engine
