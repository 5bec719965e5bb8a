// iasql_help(): the functions of schema iasql and of installed modules, from the catalogue. The last line of a
// function's comment is an example after the word "Example: "; the lines before say what it does.

#include "extension/functions.hpp"
#include "extension/pg/transaction.hpp"
#include "modules/modules.hpp"

namespace iasql::extension {

namespace {

// $1: who asks. $2: functions that modules bring, of which only those of installed modules are there.
constexpr const char* select_functions = R"(
  SELECT name,
         format('%s(%s) RETURNS %s', name, pg_get_function_arguments(id), pg_get_function_result(id)),
         split_part(comment, E'\nExample: ', 1),
         nullif(split_part(comment, E'\nExample: ', 2), '')
  FROM (SELECT p.oid AS id, obj_description(p.oid, 'pg_proc') AS comment,
               CASE WHEN n.nspname = 'public' OR p.proname ^@ 'iasql_' OR p.proname = 'delete_all_records'
                    THEN p.proname::text ELSE n.nspname || '.' || p.proname END AS name
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname = 'iasql' AND p.prorettype <> 'trigger'::regtype
               OR p.oid = ANY (SELECT to_regprocedure(function) FROM unnest($2::text[]) AS function))
          AND has_function_privilege($1, p.oid, 'EXECUTE')) AS callable
  ORDER BY name ^@ 'iasql.', name COLLATE "C", id)";

} // namespace

std::vector<TextRow> help() {
  std::vector<std::string> of_modules;
  for (const auto& module : modules::all_modules())
    of_modules.insert(of_modules.end(), module.functions.begin(), module.functions.end());
  return pg::run({.text = select_functions,
                  .parameters = {pg::asking_role(), pg::array_text(of_modules)},
                  .as = pg::as_extension_owner})
      .rows;
}

} // namespace iasql::extension
