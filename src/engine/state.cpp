#include "engine/state.hpp"

#include "engine/resolve.hpp"

namespace iasql::engine {

void refold(Context& context, State& state) {
  bool has_transaction = context.store.has_transaction();
  TransactionId own = has_transaction ? context.store.transaction() : 0;
  state.records = context.journal.read();
  state.folded = fold(
      context.store.registry(), state.records, context.store.marks(),
      [&](TransactionId transaction) {
        return (has_transaction && transaction == own) || context.store.finished(transaction);
      },
      identity_columns(context.modules));
}

std::unique_ptr<State> read_state(Context& context) {
  auto state = std::make_unique<State>();
  state->catalogue = context.store.catalogue();
  state->bindings = engine::bind(context.modules, state->catalogue);
  state->regions = context.store.regions();
  refold(context, *state);
  return state;
}

net::task<void> resolve_doubts(Context& context, State& state) {
  if (state.folded.in_doubt.empty()) co_return;
  auto resolving = resolve_in_doubt(context, state.bindings, state.folded.base, state.folded.in_doubt,
                                    enabled_regions(state.regions));
  co_await std::move(resolving);
  refold(context, state);
}

void write_folded(Context& context, const State& state) {
  std::set<ObjectKey> registered;
  for (const Entry& entry : context.store.registry()) {
    registered.insert(key_of(entry));
    const Entry* folded = state.folded.base.find(key_of(entry));
    if (!folded)
      context.store.drop_entry(entry);
    else if (!(*folded == entry))
      context.store.put_entry(*folded);
  }
  for (const auto& [key, entry] : state.folded.base.entries())
    if (!registered.contains(key)) context.store.put_entry(entry);
  for (IntentId intent : state.folded.concluded)
    context.store.mark(intent);
}

net::task<void> settle_journal(Context& context, State& state) {
  auto resolving = resolve_doubts(context, state);
  co_await std::move(resolving);
  write_folded(context, state);
}

} // namespace iasql::engine
