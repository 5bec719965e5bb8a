#pragma once

// A Catalogue without PostgreSQL: read from the modules' DDL by a reader so small that it must refuse what it does not
// know, so that a golden file never rests on a misreading.

#include "engine/bind.hpp"

#include <map>
#include <string>
#include <vector>

namespace iasql::engine::testing {

// Every table of the modules, each module installed in the library's version. Throws std::runtime_error with the text
// that it does not understand.
Catalogue catalogue_of(const std::vector<Module>& modules);

// What the DDL of a table says that the Catalogue leaves out.
struct TableText {
  std::string comment;
  std::map<std::string, std::string> column_comments;
  std::map<std::string, std::string> defaults; // as SQL
  std::vector<std::string> unique;             // what is unique, as SQL: "(name, region)"
};

struct ModuleText {
  std::map<std::string, TableText> tables;
  std::map<std::string, std::string> functions; // comments, by name as Module::functions has it
};

// Throws like catalogue_of().
ModuleText text_of(const Module& module);

// All modules of the library, and their binding; both made once.
const Bindings& module_bindings();
const Binding& binding_of(std::string_view table);

} // namespace iasql::engine::testing
