-- What CREATE EXTENSION makes, and what iasql.repair() adds in schema public.
CREATE EXTENSION iasql;
SELECT extversion, extnamespace::regnamespace, extrelocatable FROM pg_extension WHERE extname = 'iasql';
SELECT superuser, trusted, relocatable, schema FROM pg_available_extension_versions WHERE name = 'iasql';

-- The functions that users call: names, arguments, results
SELECT proname, pg_get_function_arguments(oid) AS arguments, pg_get_function_result(oid) AS result
FROM pg_proc WHERE pronamespace = 'iasql'::regnamespace ORDER BY proname;

-- Nothing runs with its owner's rights, nothing is for everybody, everything is described
SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'iasql'::regnamespace
  AND (prosecdef OR proacl IS NULL OR proacl::text ~ '[{,]=' OR obj_description(oid, 'pg_proc') IS NULL
       OR provolatile <> 'v' OR proparallel <> 'u');
SELECT oid::regclass FROM pg_class WHERE relnamespace = 'iasql'::regnamespace AND relkind IN ('r', 'v')
  AND (relacl::text ~ '[{,]=' OR obj_description(oid, 'pg_class') IS NULL);
-- Every function that is called by name has an example, every column of a view says what it is
SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'iasql'::regnamespace AND prorettype <> 'trigger'::regtype
  AND obj_description(oid, 'pg_proc') !~ '\nExample: [^\n]+;$';
SELECT attrelid::regclass, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'iasql'::regnamespace AND relkind = 'v' AND attnum > 0 AND col_description(attrelid, attnum) IS NULL;

-- Nothing of it is in schema public before, and nothing there is a member of the extension after
SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace;
SELECT iasql.repair();
SELECT p.proname, pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result, p.proowner::regrole,
  p.prosecdef, obj_description(p.oid, 'pg_proc') = obj_description(original.oid, 'pg_proc') AS same_comment,
  exists (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') AS is_member
FROM pg_proc p JOIN pg_proc original ON original.proname = p.proname AND original.pronamespace = 'iasql'::regnamespace
WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname;
\d public.iasql_module
\d public.iasql_tables
\d public.iasql_dependencies

-- A second time changes nothing; after the loss of the schema everything is there again
SELECT iasql.repair();
DROP SCHEMA public CASCADE;
SELECT iasql.repair();
SELECT version FROM public.iasql_version();
SELECT count(*) FROM public.iasql_module;

-- All of it goes
DROP SCHEMA public CASCADE;
DROP EXTENSION iasql;
SELECT count(*) FROM pg_class WHERE relnamespace = 'iasql'::regnamespace;
SELECT count(*) FROM pg_proc WHERE pronamespace = 'iasql'::regnamespace;
