#pragma once

// Arguments and results of SQL functions as C++ values, for the entry points in pg/entry_points.cpp.

#include "extension/pg/postgres.hpp"
#include "extension/pg/sql.hpp"

extern "C" {
#include <funcapi.h>
#include <utils/tuplestore.h>
}

#include <optional>
#include <string>
#include <vector>

namespace iasql::pg {

// Argument number `index`, of type text or bytea and not NULL: its bytes.
std::string bytes_argument(FunctionCallInfo function_call, int index);
// Argument number `index`, of type text[] and not NULL. Throws Error (22004) for a NULL in it.
std::vector<std::string> texts_argument(FunctionCallInfo function_call, int index);

// Argument number `index`, of type text; nothing for NULL.
std::optional<std::string> text_argument(FunctionCallInfo function_call, int index);
// Argument number `index`, of type jsonb, as text; nothing for NULL.
std::optional<std::string> jsonb_argument(FunctionCallInfo function_call, int index);

Datum return_text(const std::string& text);
// The result of a set-returning function, row by row; each value is read by the input function of its column's type. A
// large result goes to disk by itself.
class ResultRows {
public:
  explicit ResultRows(FunctionCallInfo function_call);
  void add(const TextRow& row);

private:
  Tuplestorestate* m_rows = nullptr;
  AttInMetadata* m_columns = nullptr;
  MemoryContext m_row = nullptr; // what reading the values of one row takes, many times their size
  std::vector<char*> m_values;
};
// Makes `rows` the result of a set-returning function; each value is read by the input function of its column's type.
Datum return_rows(FunctionCallInfo function_call, const std::vector<TextRow>& rows);
Datum return_nothing(FunctionCallInfo function_call);

} // namespace iasql::pg
