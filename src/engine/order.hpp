#pragma once

// Order: changes → steps and what each step waits for. A replace is two steps; everything else is one. Pure.

#include "engine/diff.hpp"

#include <cstddef>
#include <vector>

namespace iasql::engine {

struct Step {
  enum class Kind {
    write,  // a create, an update, or the creating half of a replace
    remove, // a delete, or the other half
    gate,   // nothing to do: passes once its `after` have been tried, whether or not they succeeded
  };
  std::size_t change = 0; // index into Diff::changes
  Kind kind = Kind::write;
  std::vector<std::size_t> after; // indices of steps that must have succeeded before
};

// Steps in an order in which each comes after what it waits for; among those that are free to go, writes before
// removes, writes parents first, removes children first, rows by key. Throws Error (dependency_cycle) naming the
// changes that wait for each other.
//
// What makes a step wait: the row or object that a foreign key or a reference names is written first and removed last;
// the halves of a replace (remove first where an identity would clash, else create first); and a create waits,
// behind a gate, until the removes of its own table and region have been tried, where nothing asks for the opposite,
// because AWS may see the two as overlapping.
std::vector<Step> order(const Diff& diff, const Bindings& bindings, const Base& base);

} // namespace iasql::engine
