#pragma once

// The plan as rows for people: each change with what it does to columns, why, after what, and by which calls. It reads
// local tables only: no call, no write, no transaction id taken.

#include "engine/state.hpp"

namespace iasql::engine {

// One change, or one operation of an earlier apply that is in doubt or of another session's that is running.
struct PlannedChange {
  int step = 0;       // from 1, in the order in which apply would start them
  PlanRow row;        // as iasql_plan_apply() lists it
  Object columns;     // column → {"from": …, "to": …} (plan_columns.hpp); empty where there is nothing to show
  std::string reason; // why another object is needed, in words; "" where it is not
  std::vector<int> waits_for;          // earlier steps that must be tried before this one, in order
  std::vector<std::string> operations; // "ecr:CreateRepository": the writes, in the order of their calls
  bool loses_data = false;             // what users stored in the object goes with it
};

// Changes in the order in which apply would start them, after what is in doubt or running. Pure.
std::vector<PlannedChange> describe_plan(const Bindings& bindings, const Folded& folded, const Diff& diff,
                                         const std::vector<Step>& steps);

// What apply would do now. Throws as read_state(), diff() and order() do.
std::vector<PlannedChange> plan(Context& context);

// The word under which people see a change: "create", "update", "replace" or "delete".
const char* shown_action(const Change& change);

} // namespace iasql::engine
