// What the extension keeps outside its own schema, in schema public, where a client may drop it: made again here.

#include "extension/functions.hpp"
#include "extension/store.hpp"

namespace iasql::extension {

namespace {

// Who is to use iasql, and may let others use it.
void grant_to_database_owner() {
  auto grants = pg::run({.text = R"(
      SELECT format(grants.statement, d.datdba::regrole)
      FROM pg_database d, unnest(ARRAY[
        'GRANT USAGE ON SCHEMA iasql TO %s WITH GRANT OPTION',
        'GRANT EXECUTE ON FUNCTION iasql.check_row(), iasql.keep_copy(), iasql.repair() TO %s',
        'GRANT EXECUTE ON FUNCTION iasql.aws(text, text, jsonb, text) TO %s',
        'GRANT EXECUTE ON FUNCTION iasql.aws_service_list(), iasql.aws_operation_list(), iasql.aws_members(text, text)
         TO %s WITH GRANT OPTION',
        'GRANT SELECT ON iasql.history, iasql.progress, iasql.aws_services, iasql.aws_operations TO %s WITH GRANT OPTION'
      ]) AS grants (statement)
      WHERE d.datname = current_database()
      UNION ALL
      SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s WITH GRANT OPTION', p.oid::regprocedure, d.datdba::regrole)
      FROM pg_proc p, pg_database d
      WHERE p.pronamespace = 'iasql'::regnamespace AND (p.proname ^@ 'iasql_' OR p.proname = 'delete_all_records')
        AND d.datname = current_database())",
                         .as = pg::as_extension_owner});
  for (const auto& grant : grants.rows)
    pg::run({.text = *grant[0], .as = pg::as_extension_owner});
}

void make_schema_public() {
  auto missing = pg::run({.text = "SELECT WHERE to_regnamespace('public') IS NULL", .as = pg::as_extension_owner});
  if (!missing.rows.empty())
    pg::run({.text = "CREATE SCHEMA public AUTHORIZATION pg_database_owner", .as = pg::as_database_owner});
}

// A short name is a function of one statement that calls the long one, with its arguments, result and comment. It
// runs as whoever calls it, and belongs to the database's owner.
void make_short_names() {
  auto statements = pg::run({.text = R"(
      SELECT statement
      FROM pg_proc p,
        LATERAL (SELECT coalesce(string_agg(CASE WHEN position = p.pronargs AND p.provariadic <> 0 THEN 'VARIADIC ' ELSE '' END
                                   || quote_ident(p.proargnames[position]), ', ' ORDER BY position), '')
                 FROM generate_series(1, p.pronargs) AS position) AS called (arguments),
        LATERAL (VALUES
          (1, format('CREATE OR REPLACE FUNCTION public.%I(%s) RETURNS %s LANGUAGE sql VOLATILE PARALLEL UNSAFE AS %L',
             p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
             format('SELECT %siasql.%I(%s)', CASE WHEN p.proretset THEN '* FROM ' ELSE '' END, p.proname,
               called.arguments))),
          (2, format('COMMENT ON FUNCTION public.%I(%s) IS %L', p.proname, pg_get_function_identity_arguments(p.oid),
             obj_description(p.oid, 'pg_proc')))) AS made (step, statement)
      WHERE p.pronamespace = 'iasql'::regnamespace AND (p.proname ^@ 'iasql_' OR p.proname = 'delete_all_records')
      ORDER BY p.proname, step)",
                             .as = pg::as_extension_owner});
  for (const auto& statement : statements.rows)
    pg::run({.text = *statement[0], .as = pg::as_database_owner});
}

} // namespace

void repair() {
  grant_to_database_owner();
  make_schema_public();
  make_short_names();
  repair_public_copies();
}

} // namespace iasql::extension
