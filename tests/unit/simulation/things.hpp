#pragma once

// A made-up service with the kinds of resource that matter for the journal, as a module with spec, model and table for
// each, and the handlers that the simulated cloud answers them with:
//
//   named     a unique name, no idempotency token
//   tokened   an idempotency token, no name
//   hidden    neither; only the hidden tag tells it from others
//   branded   the unique name is the id, so a new object has the id of the one that was deleted
//   split     unique name, and an update is two calls: one for a, one for b
//   untagged  an idempotency token and no tags: nothing can be looked up
//   child     belongs to a hidden; a parent with children cannot be deleted
//
// Each has the columns a and b, which an update sets, and size, which only create takes.

#include "engine/catalogue.hpp"
#include "engine/resource.hpp"
#include "simulation/simulated_cloud.hpp"

namespace iasql::simulation {

struct ThingKind {
  std::string table;
  std::string noun; // in operations: "Named" in CreateNamed
  bool named = false, token = false, taggable = true, name_is_id = false, split_update = false, parent = false;
};

const std::vector<ThingKind>& thing_kinds();

// The module "things"; its service model is made known on the first call.
const std::vector<engine::Module>& thing_modules();
std::vector<engine::Table> thing_tables();
const Handlers& thing_handlers();

inline constexpr const char* simulated_region = "eu-west-2";

} // namespace iasql::simulation
