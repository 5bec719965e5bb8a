#pragma once

#include "hosting/database.hpp"

#include <string>

namespace iasql::console {

// Tells one pending plan from another, as the plan's view shows it beside the plan.
std::string plan_digest(hosting::Database& session);

} // namespace iasql::console
