#pragma once

// What is known of installed modules, from schema iasql and, for a restored copy, from the public tables.

#include "extension/pg/sql.hpp"

#include <string>
#include <vector>

namespace iasql::extension {

struct KnownModules {
  struct Module {
    std::string name, version;
    bool named = true;
    std::vector<std::string> dependencies;
    bool is_registered = true; // false: only the public copies know it
  };
  struct Table {
    std::string name, module;
    pg::Oid oid = 0;                  // 0: gone
    std::vector<std::string> columns; // the module's own; empty in a copy that does not say
    bool is_registered = true;
  };
  std::vector<Module> modules; // in the order they were installed
  std::vector<Table> tables;   // by module, in the module's order
};

KnownModules known_modules(const pg::Snapshot& snapshot);

} // namespace iasql::extension
