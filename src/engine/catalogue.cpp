#include "engine/catalogue.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace iasql::engine {

const Column* Table::column(std::string_view name) const {
  auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

const ForeignKey* Table::foreign_key(std::string_view column) const {
  auto found = std::find_if(foreign_keys.begin(), foreign_keys.end(),
                            [&](const ForeignKey& key) { return key.column == column; });
  return found == foreign_keys.end() ? nullptr : &*found;
}

const Table& Catalogue::table(std::string_view name) const {
  auto found = tables.find(name);
  if (found == tables.end()) throw Error(sqlstate::table_changed, "there is no module table " + std::string(name));
  return found->second;
}

} // namespace iasql::engine
