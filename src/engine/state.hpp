#pragma once

// What plan, apply, sync, install and uninstall share: the state of a database as one transaction sees it.

#include "engine/diff.hpp"
#include "engine/engine.hpp"
#include "engine/order.hpp"
#include "engine/settle.hpp"

#include <memory>

namespace iasql::engine {

// The installed modules bound, base folded in memory, and the journal's records it was folded from.
struct State {
  Catalogue catalogue; // `bindings` point into it
  Bindings bindings;
  Records records;
  Folded folded;
  std::vector<Region> regions;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

// Reads and folds; writes nothing.
std::unique_ptr<State> read_state(Context& context);
// Reads the journal again and folds anew.
void refold(Context& context, State& state);

// For a writer: finds out what became of in-doubt operations, and folds again.
net::task<void> resolve_doubts(Context& context, State& state);
// For a writer: entries and marks of what was folded.
void write_folded(Context& context, const State& state);
// Both.
net::task<void> settle_journal(Context& context, State& state);

} // namespace iasql::engine
