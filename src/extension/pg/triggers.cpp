// The trigger functions, as PostgreSQL calls them.

#include "base/error.hpp"
#include "extension/pg/door.hpp"
#include "extension/pg/written_row.hpp"
#include "extension/store.hpp"
#include "extension/trigger.hpp"

extern "C" {
#include <commands/trigger.h>
#include <utils/rel.h>
}

extern "C" {

PG_FUNCTION_INFO_V1(iasql_check_row);
Datum iasql_check_row(PG_FUNCTION_ARGS) {
  return iasql::pg::enter(fcinfo, [](FunctionCallInfo call) {
    iasql::pg::WrittenRow row(call->context);
    iasql::extension::check_row(row);
    return PointerGetDatum(row.tuple());
  });
}

PG_FUNCTION_INFO_V1(iasql_keep_copy);
Datum iasql_keep_copy(PG_FUNCTION_ARGS) {
  return iasql::pg::enter(fcinfo, [](FunctionCallInfo call) {
    if (!CALLED_AS_TRIGGER(call)) throw iasql::Error("39P01", "this function is for a trigger");
    const auto* trigger = reinterpret_cast<TriggerData*>(call->context);
    iasql::extension::refuse_to_write_copy(RelationGetRelationName(trigger->tg_relation));
    return PointerGetDatum(nullptr);
  });
}

} // extern "C"
