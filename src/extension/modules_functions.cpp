// The functions about modules that need no engine: what the library has, what is installed, and what is newer.

#include "base/error.hpp"
#include "extension/functions.hpp"
#include "modules/modules.hpp"

#include <algorithm>

namespace iasql::extension {

namespace {

const engine::Module* module_named(const std::string& name) {
  const auto& modules = modules::all_modules();
  auto found = std::find_if(modules.begin(), modules.end(), [&](const auto& module) { return module.name == name; });
  return found == modules.end() ? nullptr : &*found;
}

} // namespace

std::vector<TextRow> modules_list() {
  std::vector<TextRow> rows;
  for (const auto& module : modules::all_modules())
    rows.push_back({module.name, module.version, pg::array_text(module.dependencies)});
  return rows;
}

std::vector<TextRow> modules_installed() {
  return pg::run({.text = "SELECT name, version, dependencies FROM iasql.module ORDER BY position",
                  .as = pg::as_extension_owner})
      .rows;
}

// This library is the first: there is no version that it could upgrade from.
std::vector<TextRow> upgrade() {
  for (const auto& row : modules_installed()) {
    const auto& name = *row[0];
    const auto& installed = *row[1];
    const auto* module = module_named(name);
    if (!module)
      throw Error(sqlstate::upgrade_needed, "module " + name + " is installed, but this library does not have it", {},
                  "Install the library that has it");
    if (module->version != installed)
      throw Error(sqlstate::upgrade_needed,
                  "module " + name + " is installed in version " + installed + ", this library has " + module->version +
                      " and knows no way from one to the other",
                  {}, "Install the library that made the tables");
  }
  return {};
}

std::vector<TextRow> version() {
  return {{IASQL_VERSION}};
}

} // namespace iasql::extension
