// Installing imports: AWS is read first, against the catalogue as it will be, then DDL, rows and registry follow in one
// burst. Uninstalling drops tables and registry entries and never touches AWS.

#include "base/names.hpp"
#include "engine/sync.hpp"

#include <algorithm>

namespace iasql::engine {

namespace {

const Module& find_module(const Context& context, const std::string& name) {
  std::string plain = name.substr(0, name.find('@'));
  std::vector<std::string> names;
  for (const Module& module : context.modules) {
    if (module.name == plain) {
      std::string version = plain.size() < name.size() ? name.substr(plain.size() + 1) : module.version;
      if (version != module.version)
        throw Error(sqlstate::unknown_module,
                    "there is no version " + version + " of module " + plain + ": this library has " + module.version);
      return module;
    }
    names.push_back(module.name);
  }
  std::string close = nearest(plain, names);
  throw Error(sqlstate::unknown_module, "there is no module \"" + plain + "\"", {},
              close.empty() ? "SELECT * FROM iasql_modules_list() shows the modules there are."
                            : "Did you mean \"" + close + "\"?");
}

bool is_installed(const Catalogue& catalogue, const std::string& module) {
  return std::any_of(catalogue.modules.begin(), catalogue.modules.end(),
                     [&](const InstalledModule& installed) { return installed.name == module; });
}

struct Selection {
  std::set<std::string> named;         // not installed yet
  std::vector<const Module*> in_order; // with what they need, dependencies first
};

Selection select(Context& context, const Catalogue& catalogue, const std::vector<std::string>& names) {
  Selection selection;
  auto add = [&](auto& self, const Module& module) -> void {
    if (is_installed(catalogue, module.name) ||
        std::find(selection.in_order.begin(), selection.in_order.end(), &module) != selection.in_order.end())
      return;
    for (const std::string& dependency : module.dependencies)
      self(self, find_module(context, dependency));
    selection.in_order.push_back(&module);
  };
  for (const std::string& name : names) {
    const Module& module = find_module(context, name);
    if (is_installed(catalogue, module.name))
      context.report.notice("module " + module.name + " is already installed");
    else
      selection.named.insert(module.name);
    add(add, module);
  }
  return selection;
}

void refuse_collisions(Context& context, const Selection& selection) {
  std::vector<std::string> tables;
  for (const Module* module : selection.in_order)
    tables.insert(tables.end(), module->tables.begin(), module->tables.end());
  std::string taken;
  for (const std::string& name : context.store.existing(tables))
    taken += (taken.empty() ? "" : ", ") + name;
  if (!taken.empty())
    throw Error(sqlstate::table_exists, "a table or type of that name is already there: " + taken,
                "Nothing was installed.", "Rename or drop it, then install again.");
}

// One row for each table of the modules named, modules in the library's order.
std::vector<ModuleRow> listing(Context& context, const Catalogue& catalogue, const std::set<std::string>& named) {
  std::vector<ModuleRow> rows;
  for (const Module& module : context.modules) {
    if (!named.contains(module.name)) continue;
    for (const std::string& table : module.tables)
      rows.push_back(
          {module.name, table, static_cast<std::int64_t>(context.store.rows(catalogue.table(table)).size())});
  }
  return rows;
}

// These modules and the installed ones that need them, directly or not, as arguments.
std::string with_dependents(const std::vector<Module>& modules, const Catalogue& catalogue,
                            std::set<std::string> names) {
  for (std::size_t before = 0; before != names.size();) {
    before = names.size();
    for (const Module& module : modules)
      if (is_installed(catalogue, module.name) &&
          std::any_of(module.dependencies.begin(), module.dependencies.end(),
                      [&](const std::string& dependency) { return names.contains(dependency); }))
        names.insert(module.name);
  }
  std::string arguments;
  for (const std::string& name : names)
    arguments += (arguments.empty() ? "'" : ", '") + name + "'";
  return arguments;
}

} // namespace

net::task<std::vector<ModuleRow>> install(Context& context, std::vector<std::string> names) {
  context.store.begin_writing(Writing::install);
  Selection selection = select(context, context.store.catalogue(), names);
  if (selection.in_order.empty()) co_return std::vector<ModuleRow>();
  refuse_collisions(context, selection);
  std::string dependencies;
  for (const Module* module : selection.in_order)
    if (!selection.named.contains(module->name)) dependencies += (dependencies.empty() ? "" : ", ") + module->name;
  if (!dependencies.empty()) context.report.notice("also installing what these need: " + dependencies);

  // AWS is read against the catalogue as it will be; what an earlier uninstall left in doubt is found out first.
  auto before = read_state(context);
  before->catalogue = context.store.catalogue_with(selection.in_order);
  before->bindings = engine::bind(context.modules, before->catalogue);
  auto resolving = resolve_doubts(context, *before);
  co_await std::move(resolving);
  std::set<std::string> tables;
  bool with_account = false;
  for (const Module* module : selection.in_order) {
    for (const Resource& resource : module->resources)
      tables.insert(resource.table);
    with_account = with_account || !module->configuration.empty();
  }
  std::vector<Region> regions = before->regions;
  if (with_account) {
    auto reading = read_regions(context, regions);
    regions = co_await std::move(reading);
  }
  auto reading = read_cloud(context, before->bindings, before->folded.base, before->records, regions, tables);
  Readings readings = co_await std::move(reading);

  for (const Module* module : selection.in_order)
    context.store.create_module(*module, selection.named.contains(module->name));
  auto state = read_state(context);
  if (with_account) write_configuration(context, state->bindings, regions);
  write_folded(context, *state);
  Diff current =
      diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base, enabled_regions(regions));
  Reconciliation import = reconcile(state->bindings, state->folded.base, current, readings);
  for (const std::string& skipped : import.skipped)
    context.report.warning("left out " + skipped);
  write_reconciliation(context, state->bindings, state->folded.base, import);
  co_return listing(context, state->catalogue, selection.named);
}

std::vector<ModuleRow> uninstall(Context& context, std::vector<std::string> names) {
  context.store.begin_writing(Writing::install);
  auto state = read_state(context);
  std::set<std::string> leaving;
  for (const std::string& name : names) {
    const Module& module = find_module(context, name);
    if (is_installed(state->catalogue, module.name))
      leaving.insert(module.name);
    else
      context.report.notice("module " + module.name + " is not installed");
  }
  for (const Module& module : context.modules) {
    if (leaving.contains(module.name) || !is_installed(state->catalogue, module.name)) continue;
    for (const std::string& dependency : module.dependencies)
      if (leaving.contains(dependency))
        throw Error(sqlstate::module_in_use, "module " + module.name + " needs " + dependency,
                    "Nothing was uninstalled.",
                    "Uninstall what needs it too: iasql_uninstall(" +
                        with_dependents(context.modules, state->catalogue, leaving) + ").");
  }
  if (!context.settings.discard_changes) {
    Diff changes = diff(state->bindings, read_rows(context.store, state->bindings), state->folded.base,
                        enabled_regions(state->regions));
    for (const Change& change : changes.changes)
      if (leaving.contains(change.binding->module->name))
        throw Error(sqlstate::module_in_use,
                    "module " + change.binding->module->name + " has changes that are not applied (" +
                        change.binding->name() + ")",
                    "Nothing was uninstalled.",
                    "Apply them, discard them with iasql_sync(), or SET iasql.discard_changes = on.");
  }
  std::vector<ModuleRow> rows = listing(context, state->catalogue, leaving);
  // Dependents first, whatever order they were named in.
  std::vector<const Module*> order;
  auto add = [&](auto& self, const Module& module) -> void {
    if (!leaving.contains(module.name) || std::find(order.begin(), order.end(), &module) != order.end()) return;
    for (const Module& other : context.modules)
      if (std::find(other.dependencies.begin(), other.dependencies.end(), module.name) != other.dependencies.end())
        self(self, other);
    order.push_back(&module);
  };
  for (const Module& module : context.modules)
    add(add, module);
  for (const Module* module : order)
    context.store.drop_module(*module);
  return rows;
}

} // namespace iasql::engine
