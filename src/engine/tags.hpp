#pragma once

// Tags as the column `tags` has them (an object of strings) and as services write them (a list of pairs, or a map).

#include "engine/bind.hpp"

#include <string>

namespace iasql::engine {

// In the service's style; "" for what is not a string.
Value tags_for_aws(const Tags& style, const Object& tags);
Object tags_from_aws(const Tags& style, const Value& tags);

// The object's name as the service's tag operations take it: its ARN from `row`, or its cloud id. Throws Error
// (missing_value) where the ARN is not known.
std::string tagged_name(const Binding& binding, const Row& row, const std::string& cloud_id);

// Input of a tag operation on one object, without the tags.
Object tag_operation_input(const Binding& binding, const std::string& operation, const std::string& tagged_name);

} // namespace iasql::engine
