#pragma once

// Executes ordered steps against AWS, independent ones at the same time, and goes on with whatever does not depend on a
// step that failed.

#include "engine/effects.hpp"
#include "engine/order.hpp"

namespace iasql::engine {

struct Failure {
  std::string sqlstate, message, detail, hint; // message names table and row
};

struct Executed {
  std::vector<PlanRow> rows; // what was done, in the order in which it was done
  std::vector<Failure> failures;
  std::vector<std::string> not_tried; // names of what waits for a failure
};

// `diff` and `base` are brought up to date. Only what ends the whole apply is thrown: the journal's worker is gone.
// `in_doubt` are operations whose outcome could not be found out: what changes their objects fails.
net::task<Executed> execute(Context& context, const Bindings& bindings, Effects& effects, Diff& diff, const Base& base,
                            std::vector<Step> steps, std::vector<Intent> in_doubt);

// Whether a journaled operation is about the row or the object of a change.
bool concerns(const Intent& intent, const Diff& diff, const Change& change);

// "<table> <name>", the name of a change for people.
std::string name_of(const Diff& diff, const Base& base, const Bindings& bindings, const Change& change);

} // namespace iasql::engine
