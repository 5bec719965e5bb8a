#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string>

namespace iasql::aws {

// The operation's path with the input's members in place of "{Name}" and, slashes and all, of "{Name+}",
// percent-encoded; a member that is part of the endpoint is left out. `input` is valid for the operation. Throws Error:
// missing_value for an empty label, which would name what lies above it; invalid_value for one with a segment "." or
// "..", which would name something else; invalid_spec for braces that name no member.
std::string expand_path(const Service& service, const Operation& operation, const Value& input);

// The operation's constant query string and after it the members that belong there, percent-encoded, without "?": a
// list is its name repeated, a map has its entries' names. An entry that a member or the constant names is left out.
std::string query_string(const Operation& operation, const Value& input);

} // namespace iasql::aws
