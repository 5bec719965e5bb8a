// iasql_sync() and iasql_plan_sync(): AWS is read first, then rows and registry are written in one burst.

#include "engine/sync.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

const char* action_word(RowChange::Kind kind) {
  return kind == RowChange::Kind::insert ? "create" : kind == RowChange::Kind::update ? "update" : "delete";
}

std::set<std::string> tables_of_objects(const Bindings& bindings) {
  std::set<std::string> tables;
  for (const Binding& binding : bindings.in_order())
    if (binding.stands_for_objects()) tables.insert(binding.name());
  return tables;
}

struct Comparison {
  std::vector<Region> regions;
  Reconciliation reconciliation;
};

net::task<Comparison> compare(Context& context, State& state) {
  std::vector<Region> regions = state.regions;
  if (std::any_of(state.catalogue.modules.begin(), state.catalogue.modules.end(),
                  [](const InstalledModule& module) { return module.name == "aws_account"; })) {
    auto reading = read_regions(context, regions);
    regions = co_await std::move(reading);
  }
  auto reading =
      read_cloud(context, state.bindings, state.folded.base, state.records, regions, tables_of_objects(state.bindings));
  Readings readings = co_await std::move(reading);
  context.store.refresh();
  Diff current =
      diff(state.bindings, read_rows(context.store, state.bindings), state.folded.base, enabled_regions(regions));
  Comparison comparison{regions, reconcile(state.bindings, state.folded.base, current, readings)};
  for (const std::string& skipped : comparison.reconciliation.skipped)
    context.report.warning("left out " + skipped);
  co_return comparison;
}

std::vector<PlanRow> listing(const Reconciliation& reconciliation) {
  std::vector<PlanRow> rows;
  for (const RowChange& change : reconciliation.changes)
    if (!change.description.empty())
      rows.push_back({action_word(change.kind), change.binding->name(), change.id, change.description});
  return rows;
}

} // namespace

std::vector<PlanRow> write_reconciliation(Context& context, const Bindings& bindings, const Base& base,
                                          Reconciliation& reconciliation) {
  for (RowChange& change : reconciliation.changes) {
    const Table& table = *change.binding->table;
    for (const auto& [column, parent] : change.parents)
      change.columns.set(column, key_value(table, column, reconciliation.row_of.at(parent)));
    switch (change.kind) {
    case RowChange::Kind::insert:
      change.key = context.store.insert_row(table, change.columns, change.key);
      if (change.object) reconciliation.row_of[*change.object] = change.key;
      if (const Column* id = table.column("id"); id && id->type == "integer" && table.primary_key == "id")
        change.id = std::stoll(change.key);
      break;
    case RowChange::Kind::update:
      context.store.update_row(table, change.key, change.columns);
      break;
    case RowChange::Kind::remove:
      context.store.delete_row(table, change.key);
      break;
    }
  }
  std::set<ObjectKey> known;
  for (Entry& entry : reconciliation.entries) {
    entry.row_key = reconciliation.row_of.at(key_of(entry));
    known.insert(key_of(entry));
    const Entry* before = base.find(key_of(entry));
    if (!before || !(*before == entry)) context.store.put_entry(entry);
  }
  for (const auto& [key, entry] : base.entries())
    if (const Binding* binding = bindings.find(key.table);
        binding && binding->stands_for_objects() && reconciliation.tables.contains(key.table) && !known.contains(key))
      context.store.drop_entry(entry);
  return listing(reconciliation);
}

void write_configuration(Context& context, const Bindings& bindings, const std::vector<Region>& regions) {
  for (const Binding& binding : bindings.in_order()) {
    if (!binding.configuration) continue;
    std::vector<StoredRow> stored = context.store.rows(*binding.table);
    if (binding.configuration == Configuration::account) {
      Row account = context.store.account();
      if (stored.empty())
        context.store.insert_row(*binding.table, account, {});
      else
        context.store.update_row(*binding.table, stored.front().key, account);
      continue;
    }
    for (const Region& region : regions) {
      bool known =
          std::any_of(stored.begin(), stored.end(), [&](const StoredRow& row) { return row.key == region.name; });
      if (known) continue;
      Row columns{{"region", region.name}, {"is_default", region.is_default}, {"is_enabled", region.is_enabled}};
      context.store.insert_row(*binding.table, columns, region.name);
    }
  }
}

net::task<std::vector<PlanRow>> plan_sync(Context& context) {
  auto state = read_state(context);
  auto comparing = compare(context, *state);
  Comparison comparison = co_await std::move(comparing);
  co_return listing(comparison.reconciliation);
}

net::task<std::vector<PlanRow>> sync(Context& context) {
  context.store.begin_writing(Writing::sync);
  auto state = read_state(context);
  auto settling = settle_journal(context, *state);
  co_await std::move(settling);
  auto comparing = compare(context, *state);
  Comparison comparison = co_await std::move(comparing);
  write_configuration(context, state->bindings, comparison.regions);
  std::vector<PlanRow> rows =
      write_reconciliation(context, state->bindings, state->folded.base, comparison.reconciliation);
  context.store.confirm();
  co_return rows;
}

} // namespace iasql::engine
