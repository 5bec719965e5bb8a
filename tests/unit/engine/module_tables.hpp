#pragma once

// A Catalogue without PostgreSQL: read from the modules' DDL by a reader so small that it must refuse what it does not
// know, so that a golden file never rests on a misreading.

#include "engine/bind.hpp"

namespace iasql::engine::testing {

// Every table of the modules, each module installed in the library's version. Throws std::runtime_error with the text
// that it does not understand.
Catalogue catalogue_of(const std::vector<Module>& modules);

// All modules of the library, and their binding; both made once.
const Bindings& module_bindings();
const Binding& binding_of(std::string_view table);

} // namespace iasql::engine::testing
