#pragma once

#include "engine/plan.hpp"

#include <string>

namespace iasql::engine {

// A plan as Markdown, for a review: how many changes of which kind, a table of all, then the columns of each. What
// comes from rows is escaped so that it can be neither markup nor the end of a line or a cell. "Nothing to change."
// where the plan is empty.
std::string plan_markdown(const std::vector<PlannedChange>& plan);

} // namespace iasql::engine
