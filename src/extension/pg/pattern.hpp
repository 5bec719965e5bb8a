#pragma once

// PostgreSQL's regular expressions: never exponential, and a cancel ends them. Includes nothing of PostgreSQL.

#include <string>

namespace iasql::pg {

// Whether the whole of `text` matches the pattern of a service model. A pattern that PostgreSQL cannot read (some
// classes of Unicode, repetitions beyond 255) matches everything, and AWS has the last word.
bool matches_pattern(const std::string& pattern, const std::string& text);

} // namespace iasql::pg
