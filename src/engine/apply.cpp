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
    return change.action == Action::remove || change.action == Action::replace;
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

void lock_written_rows(Context& context, const Diff& changes, const std::set<std::size_t>& filled) {
  std::map<const Table*, std::vector<std::string>> keys;
  for (const Change& change : changes.changes)
    if (change.row) keys[change.binding->table].push_back(changes.rows[*change.row].key);
  for (std::size_t row : filled)
    keys[changes.rows[row].binding->table].push_back(changes.rows[row].key);
  std::vector<std::pair<const Table*, std::vector<std::string>>> ordered(keys.begin(), keys.end());
  std::sort(ordered.begin(), ordered.end(),
            [](const auto& left, const auto& right) { return left.first->name < right.first->name; });
  for (auto& [table, wanted] : ordered) {
    std::sort(wanted.begin(), wanted.end());
    context.store.lock_rows(*table, wanted);
  }
}

// Rows that stand for what an earlier, aborted apply made, and which lack what AWS filled in.
std::set<std::size_t> rows_to_fill(const State& state, const Diff& changes) {
  std::set<IntentId> folded(state.folded.concluded.begin(), state.folded.concluded.end());
  std::map<IntentId, const Intent*> intents;
  for (const Intent& intent : state.records.intents)
    intents.emplace(intent.id, &intent);
  std::set<ObjectKey> made;
  for (const Outcome& outcome : state.records.outcomes)
    if (folded.contains(outcome.intent) && (outcome.result == Result::created || outcome.result == Result::updated))
      made.insert({intents.at(outcome.intent)->table, intents.at(outcome.intent)->region, outcome.cloud_id});
  std::set<std::size_t> rows;
  for (std::size_t index = 0; index < changes.rows.size(); ++index)
    if (changes.rows[index].object && made.contains(*changes.rows[index].object)) rows.insert(index);
  return rows;
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

} // namespace

net::task<std::vector<PlanRow>> apply(Context& context) {
  context.store.begin_writing(Writing::apply);
  auto state = read_state(context);
  auto settling = settle_journal(context, *state);
  co_await std::move(settling);

  std::set<std::string> enabled = enabled_regions(state->regions);
  Diff changes = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base, enabled);
  lock_written_rows(context, changes, rows_to_fill(*state, changes));
  // Once more, from the locked versions of the rows.
  changes = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base, enabled);
  std::vector<Step> steps = order(changes, state->bindings, state->folded.base);
  refuse_unconfirmed(context, changes);
  refuse_protected(*state, changes);
  refuse_too_many_deletes(context, changes);
  refuse_data_loss(context, *state, changes);
  refuse_stale_deletes(context, *state, changes);

  Recent recent = recent_effects(context, state->bindings, state->records);
  Effects effects(context, state->bindings, changes, state->folded.base, recent, enabled);
  for (std::size_t row : rows_to_fill(*state, changes)) {
    auto refreshing = effects.refresh(row);
    co_await std::move(refreshing);
  }
  std::size_t planned = changes.changes.size();
  auto executing = execute(context, state->bindings, changes, state->folded.base, recent, enabled, std::move(steps));
  Executed executed = co_await std::move(executing);
  if (!executed.failures.empty()) throw_failures(executed, planned);
  co_return std::move(executed.rows);
}

} // namespace iasql::engine
