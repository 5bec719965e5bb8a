#include "engine/plan.hpp"

#include "engine/execute.hpp"
#include "engine/plan_columns.hpp"
#include "engine/plan_operations.hpp"

#include <algorithm>

namespace iasql::engine {

const char* shown_action(const Change& change) {
  switch (change.action) {
  case Action::create:
    return "create";
  case Action::update:
    return "update";
  case Action::replace:
    return change.is_revision() ? "update" : "replace";
  case Action::remove:
    return "delete";
  }
  return "";
}

namespace {

class Listing {
public:
  Listing(const Bindings& bindings, const Folded& folded, const Diff& diff, const std::vector<Step>& steps)
      : m_bindings(bindings), m_folded(folded), m_diff(diff), m_steps(steps), m_places(diff.changes.size(), 0) {}

  std::vector<PlannedChange> run() {
    list_open(m_folded.in_doubt, "in doubt");
    list_open(m_folded.running, "running");
    m_first_change = next_step();
    for (const Step& step : m_steps)
      if (step.kind != Step::Kind::gate && m_places[step.change] == 0) list_change(step.change);
    for (const Step& step : m_steps)
      if (step.kind != Step::Kind::gate && m_places[step.change] >= m_first_change) complete(step);
    return std::move(m_rows);
  }

private:
  int next_step() const { return static_cast<int>(m_rows.size()) + 1; }

  // An operation whose outcome is not known stands for the change that it was made for: nothing else is done to its
  // object before the outcome is found out.
  void list_open(const std::vector<Intent>& intents, const char* word) {
    for (const Intent& intent : intents) {
      for (std::size_t index = 0; index < m_diff.changes.size(); ++index)
        if (m_places[index] == 0 && concerns(intent, m_diff, m_diff.changes[index])) m_places[index] = next_step();
      std::optional<std::int64_t> id;
      if (const DesiredRow* row = m_diff.row({intent.table, intent.row_key})) id = row->id();
      m_rows.push_back({.step = next_step(),
                        .row = {word, intent.table, id, intent.description},
                        .columns = {},
                        .reason = {},
                        .waits_for = {},
                        .operations = {intent.service + ":" + intent.operation}});
    }
  }

  void list_change(std::size_t index) {
    const Change& change = m_diff.changes[index];
    std::string description = name_of(m_diff, m_folded.base, m_bindings, change);
    if (change.is_protected) description += " (protected: AWS makes it for every account; iasql_apply() will refuse)";
    std::optional<std::int64_t> id = change.row ? m_diff.rows[*change.row].id() : std::nullopt;
    bool removes = change.action == Action::remove || (change.action == Action::replace && !change.is_revision());
    m_places[index] = next_step();
    m_rows.push_back({.step = next_step(),
                      .row = {shown_action(change), change.binding->name(), id, std::move(description)},
                      .columns = column_changes(m_bindings, m_folded.base, m_diff, change),
                      .reason = reason_to_replace(m_folded.base, m_diff, change),
                      .waits_for = {},
                      .operations = {},
                      .loses_data = removes && change.binding->resource->loses_data});
  }

  // What the step adds to its change's row. The second half of a replace may wait for changes that come later in the
  // list; waiting for the first half is what a reader means.
  void complete(const Step& step) {
    PlannedChange& row = m_rows[static_cast<std::size_t>(m_places[step.change] - 1)];
    for (std::size_t earlier : step.after) {
      bool is_gate = m_steps[earlier].kind == Step::Kind::gate;
      for (std::size_t behind : is_gate ? m_steps[earlier].after : std::vector{earlier}) {
        int place = m_places[m_steps[behind].change];
        if (place < row.step && !contains(row.waits_for, place)) row.waits_for.push_back(place);
      }
    }
    std::sort(row.waits_for.begin(), row.waits_for.end());
    for (std::string& operation : operations_of(m_folded.base, m_diff, m_diff.changes[step.change], step.kind))
      if (!contains(row.operations, operation)) row.operations.push_back(std::move(operation));
  }

  template <typename Element>
  static bool contains(const std::vector<Element>& list, const Element& element) {
    return std::find(list.begin(), list.end(), element) != list.end();
  }

  const Bindings& m_bindings;
  const Folded& m_folded;
  const Diff& m_diff;
  const std::vector<Step>& m_steps;
  std::vector<int> m_places; // of each change: the step of the row that stands for it
  int m_first_change = 1;
  std::vector<PlannedChange> m_rows;
};

} // namespace

std::vector<PlannedChange> describe_plan(const Bindings& bindings, const Folded& folded, const Diff& diff,
                                         const std::vector<Step>& steps) {
  return Listing(bindings, folded, diff, steps).run();
}

std::vector<PlannedChange> plan(Context& context) {
  auto state = read_state(context);
  Diff changes = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base,
                      enabled_regions(state->regions));
  return describe_plan(state->bindings, state->folded, changes, order(changes, state->bindings, state->folded.base));
}

std::vector<PlanRow> plan_apply(Context& context) {
  std::vector<PlanRow> rows;
  for (PlannedChange& change : plan(context))
    rows.push_back(std::move(change.row));
  return rows;
}

} // namespace iasql::engine
