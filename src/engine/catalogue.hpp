#pragma once

// The module tables as PostgreSQL's catalogue has them, as plain values.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::engine {

struct Column {
  std::string name;
  std::string
      type; // format_type(): "integer", "text", "text[]", "boolean", "cidr", "timestamp with time zone", "jsonb"
  bool not_null = false;
  bool of_module = true; // false: a column that the user added, which stands for nothing in AWS
};

struct ForeignKey {
  std::string column;
  std::string table;  // the module table it points at
  std::string target; // the column there
};

struct Table {
  std::string name;
  std::string module;
  std::uint32_t oid = 0;                // tells incarnations of a table apart
  std::string primary_key;              // its one column; "" for a join table
  std::vector<std::string> key_columns; // all columns of the primary key
  std::vector<Column> columns;
  std::vector<ForeignKey> foreign_keys; // single-column ones that point at module tables

  // Each is nullptr where there is none.
  const Column* column(std::string_view name) const;
  const ForeignKey* foreign_key(std::string_view column) const;
};

struct InstalledModule {
  std::string name, version;
  bool named = true; // false: installed only because another module needs it
};

struct Catalogue {
  std::vector<InstalledModule> modules; // in the order they were installed
  std::map<std::string, Table, std::less<>> tables;

  // Throws Error (table_changed) where there is none of that name.
  const Table& table(std::string_view name) const;
};

} // namespace iasql::engine
