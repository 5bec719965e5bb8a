#include "engine/state.hpp"

#include <algorithm>

namespace iasql::engine {

void delete_all_records(Context& context) {
  auto state = read_state(context);
  Diff current = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base,
                      enabled_regions(state->regions));
  std::set<std::string> dependencies; // modules that nobody named
  for (const InstalledModule& module : state->catalogue.modules)
    if (!module.named) dependencies.insert(module.name);
  struct Count {
    int gone = 0, stayed = 0, earlier = 0;
  };
  const auto& bindings = state->bindings.in_order();
  for (auto binding = bindings.rbegin(); binding != bindings.rend(); ++binding) {
    if (!binding->stands_for_objects()) continue;
    Count count;
    for (const DesiredRow& row : current.rows) {
      if (row.binding != &*binding) continue;
      const Entry* entry = row.object ? state->folded.base.find(*row.object) : nullptr;
      bool existed_before = entry && !entry->created_here;
      if ((entry && entry->is_protected) || (dependencies.contains(binding->module->name) && existed_before)) {
        ++count.stayed;
        continue;
      }
      context.store.delete_row(*binding->table, row.key); // and, by their foreign keys, the rows of its parts
      ++count.gone;
      if (existed_before) ++count.earlier;
    }
    if (count.gone + count.stayed > 0)
      context.report.notice(binding->name() + ": " + std::to_string(count.gone) + " deleted, " +
                            std::to_string(count.stayed) + " stayed; " + std::to_string(count.earlier) +
                            " of the deleted had existed before this database");
  }
}

} // namespace iasql::engine
