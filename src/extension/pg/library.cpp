// What PostgreSQL looks for when it loads the library: on the first call of one of its functions, in a session or in
// the journal's worker.

#include "extension/pg/postgres.hpp"
#include "extension/settings.hpp"

extern "C" {

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init();
void _PG_init() {
  iasql::extension::define_settings();
}

} // extern "C"
