// What PostgreSQL looks for when it loads the library: as the server starts where shared_preload_libraries names it, as
// `iasql up` has it, otherwise on the first call of one of its functions, in a session or in the journal's worker.

#include "aws/model.hpp"
#include "extension/pg/postgres.hpp"
#include "extension/pg/server.hpp"
#include "extension/settings.hpp"
#include "extension/shared_quota.hpp"

extern "C" {

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init();
void _PG_init() {
  iasql::extension::define_settings();
  iasql::extension::reserve_shared_quota();
  iasql::aws::set_model_archive(iasql::pg::extension_file("iasql--" IASQL_VERSION ".models"));
}

} // extern "C"
