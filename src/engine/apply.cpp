// iasql_apply(): desired against base, executed on AWS. Everything that can be refused is refused before the first
// call.

#include "engine/execute.hpp"
#include "engine/plan.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

void refuse_unconfirmed(Context& context, const Diff& changes) {
  for (const Change& change : changes.changes)
    if (!context.store.confirmed(*change.binding->table))
      throw Error(
          sqlstate::not_confirmed,
          "the rows of " + change.binding->name() + " come from another database or another AWS account", {},
          "SELECT * FROM iasql_plan_sync(), then iasql_sync(): it makes the tables match the connected account.");
}

void refuse_protected(const State& state, const Diff& changes) {
  std::string names;
  int count = 0;
  for (const Change& change : changes.changes) {
    if (!change.is_protected) continue;
    names += (count++ ? ", " : "") + change.binding->name() + " " +
             cloud_name(*change.binding, state.folded.base.find(*change.object)->attributes, change.object->cloud_id);
  }
  if (count)
    throw Error(sqlstate::protected_object, "AWS makes this for every account, and it stays: " + names,
                "Nothing was applied.",
                "SELECT iasql_sync() brings the rows back and discards what is not applied yet.");
}

void refuse_too_many_deletes(const Context& context, const Diff& changes) {
  auto deletes = std::count_if(changes.changes.begin(), changes.changes.end(), [](const Change& change) {
    return change.action == Action::remove || (change.action == Action::replace && !change.is_revision());
  });
  if (context.settings.max_deletes && deletes > *context.settings.max_deletes)
    throw Error(sqlstate::too_many_deletes,
                "the plan has " + std::to_string(deletes) + " deletes and replaces, more than iasql.max_deletes (" +
                    std::to_string(*context.settings.max_deletes) + ")",
                "Nothing was applied.",
                "Look at iasql_plan_apply(); raise iasql.max_deletes if that is what you want.");
}

void refuse_data_loss(const Context& context, const State& state, const Diff& changes) {
  for (const Change& change : changes.changes)
    if (change.action == Action::replace && change.binding->resource->loses_data && !context.settings.allow_data_loss)
      throw Error(sqlstate::data_loss,
                  change.binding->name() + " " +
                      name_of(changes, state.folded.base, state.bindings, changes.rows[*change.row]) +
                      " would be replaced, and the data it holds destroyed",
                  "Nothing was applied.", "SET iasql.allow_data_loss = on to allow it.");
}

// In REPEATABLE READ a row committed after the snapshot may want what this plan would delete.
void refuse_stale_deletes(Context& context, const State& state, const Diff& changes) {
  std::set<ObjectKey> deletes;
  for (const Change& change : changes.changes)
    if (change.action == Action::remove) deletes.insert(*change.object);
  if (deletes.empty()) return;
  TableRows latest;
  for (const Binding& binding : state.bindings.in_order())
    if (binding.stands_for_objects()) latest.emplace(binding.name(), context.store.latest_rows(*binding.table));
  Diff newer = diff(state.bindings, latest, state.folded.base, enabled_regions(state.regions));
  for (const DesiredRow& row : newer.rows)
    if (row.object && deletes.contains(*row.object))
      throw Error(sqlstate::serialization_failure,
                  "could not serialize access: a newer row of " + row.binding->name() + " wants what would be deleted",
                  {}, "Run the transaction again.");
}

// Rows to be finished before anything else: those of objects that an earlier, aborted apply made or changed, and those
// that are paired with an object of which the registry does not say so yet. The value: whether it was made then.
std::map<std::size_t, bool> rows_to_finish(const State& state, const Diff& changes) {
  std::set<IntentId> folded(state.folded.concluded.begin(), state.folded.concluded.end());
  std::map<IntentId, const Intent*> intents;
  for (const Intent& intent : state.records.intents)
    intents.emplace(intent.id, &intent);
  std::map<ObjectKey, bool> touched;
  for (const Outcome& outcome : state.records.outcomes)
    if (folded.contains(outcome.intent) && (outcome.result == Result::created || outcome.result == Result::updated)) {
      const Intent& intent = *intents.at(outcome.intent);
      bool& made = touched[{intent.table, intent.region, outcome.cloud_id}];
      made = made || outcome.result == Result::created;
    }
  std::map<std::size_t, bool> rows;
  for (std::size_t index = 0; index < changes.rows.size(); ++index) {
    const DesiredRow& row = changes.rows[index];
    if (!row.object) continue;
    const Entry& entry = *state.folded.base.find(*row.object);
    auto found = touched.find(*row.object);
    if (found != touched.end())
      rows.emplace(index, found->second);
    else if (entry.row_key != row.key || entry.table_oid != row.binding->table->oid)
      rows.emplace(index, false);
  }
  return rows;
}

using RowKeys = std::map<std::string, std::set<std::string>>; // by table

RowKeys keys_of_rows(const Diff& changes, const std::map<std::size_t, bool>& finished) {
  RowKeys keys;
  for (const Change& change : changes.changes)
    if (change.row) keys[change.binding->name()].insert(changes.rows[*change.row].key);
  for (const auto& [row, made] : finished)
    keys[changes.rows[row].binding->name()].insert(changes.rows[row].key);
  return keys;
}

// The plan, made from rows that are locked: locking may wait, and what was committed meanwhile may want more.
Diff locked_diff(Context& context, const State& state, const std::set<std::string>& enabled) {
  RowKeys locked;
  while (true) {
    Diff changes = diff(state.bindings, read_rows(context.store, state.bindings), state.folded.base, enabled);
    bool is_complete = true;
    for (const auto& [table, keys] : keys_of_rows(changes, rows_to_finish(state, changes))) {
      std::vector<std::string> missing;
      for (const std::string& key : keys)
        if (locked[table].insert(key).second) missing.push_back(key);
      if (missing.empty()) continue;
      is_complete = false;
      context.store.lock_rows(*state.bindings.of(table).table, missing);
    }
    if (is_complete) return changes;
  }
}

[[noreturn]] void throw_failures(const Executed& executed, std::size_t changes) {
  const Failure& first = executed.failures.front();
  std::string not_tried;
  for (const std::string& name : executed.not_tried)
    not_tried += (not_tried.empty() ? "" : ", ") + name;
  if (!not_tried.empty()) not_tried = "Not tried, because it waits for what failed: " + not_tried;
  auto lines = [](std::string text, const std::string& more) {
    return text.empty() ? more : more.empty() ? text : text + "\n" + more;
  };
  if (executed.failures.size() == 1)
    throw Error(first.sqlstate, first.message, lines(first.detail, not_tried), first.hint);
  std::string detail;
  for (const Failure& failure : executed.failures)
    detail = lines(detail, failure.message + (failure.detail.empty() ? "" : " (" + failure.detail + ")"));
  throw Error(first.sqlstate,
              std::to_string(executed.failures.size()) + " of " + std::to_string(changes) +
                  " changes failed; first: " + first.message,
              lines(detail, not_tried), first.hint);
}

net::task<void> finish_row(Effects& effects, std::size_t row, bool made, std::vector<PlanRow>& children) {
  auto refreshing = effects.refresh(row, made);
  std::vector<PlanRow> removed = co_await std::move(refreshing);
  children.insert(children.end(), removed.begin(), removed.end());
}

net::task<std::vector<PlanRow>> finish_rows(Context& context, Effects& effects, std::map<std::size_t, bool> rows) {
  std::vector<PlanRow> children;
  net::TaskGroup group;
  for (const auto& [row, made] : rows) {
    while (group.size() >= static_cast<std::size_t>(context.settings.parallelism))
      co_await group.any();
    group.spawn(finish_row(effects, row, made, children));
  }
  auto rest = group.all();
  co_await std::move(rest);
  co_return children;
}

} // namespace

net::task<std::vector<PlanRow>> apply(Context& context) {
  context.store.begin_writing(Writing::apply);
  auto state = read_state(context);
  auto settling = settle_journal(context, *state);
  co_await std::move(settling);

  context.store.refresh();
  std::set<std::string> enabled = enabled_regions(state->regions);
  Diff changes = locked_diff(context, *state, enabled);
  std::vector<Step> steps = order(changes, state->bindings, state->folded.base);
  refuse_unconfirmed(context, changes);
  refuse_protected(*state, changes);
  refuse_too_many_deletes(context, changes);
  refuse_data_loss(context, *state, changes);
  refuse_stale_deletes(context, *state, changes);

  Recent recent = recent_effects(context, state->bindings, state->records);
  Effects effects(context, state->bindings, changes, state->folded.base, recent, enabled);
  auto finishing = finish_rows(context, effects, rows_to_finish(*state, changes));
  std::vector<PlanRow> rows = co_await std::move(finishing);
  std::size_t planned = changes.changes.size();
  auto executing =
      execute(context, state->bindings, effects, changes, state->folded.base, std::move(steps), state->folded.in_doubt);
  Executed executed = co_await std::move(executing);
  if (!executed.failures.empty()) throw_failures(executed, planned);
  rows.insert(rows.end(), executed.rows.begin(), executed.rows.end());
  co_return rows;
}

} // namespace iasql::engine
