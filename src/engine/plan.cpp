#include "engine/plan.hpp"

#include "engine/execute.hpp"

namespace iasql::engine {

namespace {

const char* action_word(Action action) {
  switch (action) {
  case Action::create:
    return "create";
  case Action::update:
    return "update";
  case Action::replace:
    return "replace";
  case Action::remove:
    return "delete";
  }
  return "";
}

} // namespace

std::vector<PlanRow> render(const State& state, const Diff& diff, const std::vector<Step>& steps) {
  std::vector<PlanRow> rows;
  auto open_operations = [&](const std::vector<Intent>& intents, const char* word) {
    for (const Intent& intent : intents) {
      std::optional<std::int64_t> id;
      if (const DesiredRow* row = diff.row({intent.table, intent.row_key})) id = row->id();
      rows.push_back({word, intent.table, id, intent.description});
    }
  };
  open_operations(state.folded.in_doubt, "in doubt");
  open_operations(state.folded.running, "running");
  std::set<std::size_t> listed;
  for (const Step& step : steps) {
    const Change& change = diff.changes[step.change];
    if (step.kind == Step::Kind::gate || !listed.insert(step.change).second) continue;
    auto is_open = [&](const std::vector<Intent>& intents) {
      return std::any_of(intents.begin(), intents.end(),
                         [&](const Intent& intent) { return concerns(intent, diff, change); });
    };
    if (is_open(state.folded.in_doubt) || is_open(state.folded.running)) continue;
    std::string description = name_of(diff, state.folded.base, state.bindings, change);
    if (change.is_protected) description += " (protected: AWS makes it for every account; iasql_apply() will refuse)";
    rows.push_back({action_word(change.action), change.binding->name(),
                    change.row ? diff.rows[*change.row].id() : std::nullopt, std::move(description)});
  }
  return rows;
}

std::vector<PlanRow> plan_apply(Context& context) {
  auto state = read_state(context);
  Diff changes = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base,
                      enabled_regions(state->regions));
  return render(*state, changes, order(changes, state->bindings, state->folded.base));
}

} // namespace iasql::engine
