#pragma once

#include "engine/state.hpp"

namespace iasql::engine {

// The plan as rows for people: changes in the order in which apply would start them, then what is in doubt or running.
std::vector<PlanRow> render(const State& state, const Diff& diff, const std::vector<Step>& steps);

} // namespace iasql::engine
