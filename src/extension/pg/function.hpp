#pragma once

// Arguments and results of SQL functions as C++ values, for the entry points in pg/entry_points.cpp.

#include "extension/pg/postgres.hpp"
#include "extension/pg/sql.hpp"

#include <string>
#include <vector>

namespace iasql::pg {

// Argument number `index`, of type text or bytea and not NULL: its bytes.
std::string bytes_argument(FunctionCallInfo function_call, int index);
// Argument number `index`, of type text[] and not NULL. Throws Error (22004) for a NULL in it.
std::vector<std::string> texts_argument(FunctionCallInfo function_call, int index);

Datum return_text(const std::string& text);
// Makes `rows` the result of a set-returning function; each value is read by the input function of its column's type.
Datum return_rows(FunctionCallInfo function_call, const std::vector<TextRow>& rows);
Datum return_nothing(FunctionCallInfo function_call);

} // namespace iasql::pg
