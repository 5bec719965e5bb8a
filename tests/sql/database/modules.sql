-- What the library has, before anything is installed or connected.
CREATE EXTENSION iasql;
SELECT iasql.repair();
SELECT * FROM iasql_version();
SELECT * FROM iasql_modules_list();
SELECT * FROM iasql_modules_installed();
SELECT * FROM iasql_upgrade();
SELECT pg_typeof(module_name), pg_typeof(module_version), pg_typeof(dependencies) FROM iasql_modules_list() LIMIT 1;
SELECT * FROM iasql_plan_apply();
SELECT delete_all_records();

-- With no account connected
\set VERBOSITY verbose
\set SHOW_CONTEXT never
SELECT * FROM iasql_install('aws_ecr');
SELECT * FROM iasql_apply();
SELECT * FROM iasql_plan_sync();
SELECT * FROM iasql_sync();
SELECT * FROM iasql_install('aws_ecr', NULL);
