// The trigger function iasql.check_row(), as PostgreSQL calls it.

#include "extension/pg/door.hpp"
#include "extension/pg/written_row.hpp"
#include "extension/trigger.hpp"

extern "C" {

PG_FUNCTION_INFO_V1(iasql_check_row);
Datum iasql_check_row(PG_FUNCTION_ARGS) {
  return iasql::pg::enter(fcinfo, [](FunctionCallInfo call) {
    iasql::pg::WrittenRow row(call->context);
    iasql::extension::check_row(row);
    return PointerGetDatum(row.tuple());
  });
}

} // extern "C"
