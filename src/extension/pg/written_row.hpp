#pragma once

// A row that is about to be written, as a BEFORE ROW trigger sees it. Columns go by their names; those of a name that
// the table does not have are an internal error. Lives within one call of the trigger's function.

#include "base/value.hpp"
#include "extension/pg/sql.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace iasql::pg {

class WrittenRow {
public:
  enum class Event { insert, update };

  // `trigger_data` is PostgreSQL's TriggerData of a BEFORE INSERT OR UPDATE FOR EACH ROW trigger. Throws Error (39P01)
  // for any other.
  explicit WrittenRow(void* trigger_data);

  Event event() const { return m_event; }
  Oid table() const { return m_table; }
  const std::string& table_name() const { return m_table_name; }

  bool has(std::string_view column) const;
  bool has_default(std::string_view column) const;
  bool is_null(std::string_view column) const;
  bool is_empty_text(std::string_view column) const; // '' in a text column
  // As the engine has values: booleans, integers and text as such, arrays of text as arrays, jsonb as what it says,
  // every other type as its text.
  Value value(std::string_view column) const;
  // Whether the value differs from the stored row's; in an insert every one does.
  bool is_changed(std::string_view column) const;
  bool equals_default(std::string_view column) const;

  void set_null(std::string_view column);
  void set_default(std::string_view column);                       // NULL where the column has none
  void set_stored(std::string_view column);                        // what the row had before the update
  void set_text(std::string_view column, const std::string& text); // a text column

  // The HeapTuple that the trigger's function gives back.
  void* tuple();

private:
  struct Default {
    std::uintptr_t value = 0;
    bool is_null = true;
  };
  std::size_t index(std::string_view column) const;
  Default default_of(std::size_t column) const;

  void* m_trigger_data;
  Event m_event{};
  Oid m_table = 0;
  std::string m_table_name;
  std::map<std::string, std::size_t, std::less<>> m_columns; // name → attribute number - 1
  std::vector<std::uintptr_t> m_new_values, m_old_values;    // Datum
  std::vector<char> m_new_nulls, m_old_nulls;                // bool
  bool m_modified = false;
};

} // namespace iasql::pg
