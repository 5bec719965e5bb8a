#pragma once

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string>
#include <string_view>

namespace iasql::aws {

// The value as the XML element of that name, without a declaration: members under their location names or as
// attributes, lists and maps wrapped or flattened, namespaces where the member or else its shape has one, timestamps as
// their format says, by default RFC 3339. `value` is valid for the member's shape. Throws Error (invalid_value) for a
// text with a control character, which XML cannot carry.
std::string write_xml(std::string_view name, const Member& member, const Value& value);

} // namespace iasql::aws
