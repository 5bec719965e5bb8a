// The SQL functions of schema iasql, as PostgreSQL calls them: arguments to C++ values, C++ values to results. What
// each does is in extension/functions.hpp.

#include "extension/credentials.hpp"
#include "extension/functions.hpp"
#include "extension/operations.hpp"
#include "extension/pg/door.hpp"
#include "extension/pg/function.hpp"

namespace extension = iasql::extension;
namespace pg = iasql::pg;

extern "C" {

PG_FUNCTION_INFO_V1(iasql_install);
Datum iasql_install(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    return pg::return_rows(call, extension::install(pg::texts_argument(call, 0)));
  });
}

PG_FUNCTION_INFO_V1(iasql_uninstall);
Datum iasql_uninstall(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    return pg::return_rows(call, extension::uninstall(pg::texts_argument(call, 0)));
  });
}

PG_FUNCTION_INFO_V1(iasql_upgrade);
Datum iasql_upgrade(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::upgrade()); });
}

PG_FUNCTION_INFO_V1(iasql_plan_apply);
Datum iasql_plan_apply(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::plan_apply()); });
}

PG_FUNCTION_INFO_V1(iasql_plan);
Datum iasql_plan(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::plan()); });
}

PG_FUNCTION_INFO_V1(iasql_plan_markdown);
Datum iasql_plan_markdown(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo) { return pg::return_text(extension::plan_markdown()); });
}

PG_FUNCTION_INFO_V1(iasql_apply);
Datum iasql_apply(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::apply()); });
}

PG_FUNCTION_INFO_V1(iasql_plan_sync);
Datum iasql_plan_sync(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::plan_sync()); });
}

PG_FUNCTION_INFO_V1(iasql_sync);
Datum iasql_sync(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::sync()); });
}

PG_FUNCTION_INFO_V1(iasql_delete_all_records);
Datum iasql_delete_all_records(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    extension::delete_all_records();
    return pg::return_nothing(call);
  });
}

PG_FUNCTION_INFO_V1(iasql_modules_list);
Datum iasql_modules_list(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::modules_list()); });
}

PG_FUNCTION_INFO_V1(iasql_modules_installed);
Datum iasql_modules_installed(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::modules_installed()); });
}

PG_FUNCTION_INFO_V1(iasql_version);
Datum iasql_version(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::version()); });
}

PG_FUNCTION_INFO_V1(iasql_help);
Datum iasql_help(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::help()); });
}

PG_FUNCTION_INFO_V1(iasql_aws);
Datum iasql_aws(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    auto service = pg::text_argument(call, 0), operation = pg::text_argument(call, 1);
    if (!service || !operation) throw iasql::Error("22004", "a service and an operation have to be named, not NULL");
    pg::ResultRows rows(call);
    extension::call_operation(
        {*service, *operation, pg::jsonb_argument(call, 2).value_or("{}"), pg::text_argument(call, 3)},
        [&](std::string page) { rows.add({std::move(page)}); });
    return pg::return_nothing(call);
  });
}

PG_FUNCTION_INFO_V1(iasql_aws_service_list);
Datum iasql_aws_service_list(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::aws_services()); });
}

PG_FUNCTION_INFO_V1(iasql_aws_operation_list);
Datum iasql_aws_operation_list(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::aws_operations()); });
}

PG_FUNCTION_INFO_V1(iasql_aws_members);
Datum iasql_aws_members(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    return pg::return_rows(call, extension::aws_members(pg::bytes_argument(call, 0), pg::bytes_argument(call, 1)));
  });
}

PG_FUNCTION_INFO_V1(iasql_system_identity);
Datum iasql_system_identity(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) { return pg::return_rows(call, extension::system_identity()); });
}

PG_FUNCTION_INFO_V1(iasql_connect);
Datum iasql_connect(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    extension::connect({pg::bytes_argument(call, 0), pg::bytes_argument(call, 1), pg::bytes_argument(call, 2),
                        pg::bytes_argument(call, 3)});
    extension::repair();
    return pg::return_nothing(call);
  });
}

PG_FUNCTION_INFO_V1(iasql_wrap_key_again);
Datum iasql_wrap_key_again(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    extension::wrap_key_again();
    return pg::return_nothing(call);
  });
}

PG_FUNCTION_INFO_V1(iasql_repair);
Datum iasql_repair(PG_FUNCTION_ARGS) {
  return pg::enter(fcinfo, [](FunctionCallInfo call) {
    extension::repair();
    return pg::return_nothing(call);
  });
}

} // extern "C"
