#pragma once

// The pages of docs/reference/tables, from the values that tests/golden is made of and the tables' comments.

#include "engine/bind.hpp"
#include "engine/module_tables.hpp"

#include <string>
#include <vector>

namespace iasql::reference {

// A module's page: its tables with their columns, its functions, what IAM must allow. `bindings` are those of all
// modules.
std::string module_page(const engine::Module& module, const engine::testing::ModuleText& text,
                        const engine::Bindings& bindings);

// The page that lists the modules.
std::string index_page(const std::vector<engine::Module>& modules);

} // namespace iasql::reference
