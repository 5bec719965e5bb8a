-- Install and uninstall: rows, notices and errors.
SET SESSION AUTHORIZATION iasql_test_owner;
\set VERBOSITY verbose
\set SHOW_CONTEXT never
SELECT * FROM iasql_install('aws_ecrr');
SELECT * FROM iasql_install('aws_ecr@9.9.9');
CREATE TABLE repository (id integer);
SELECT * FROM iasql_install('aws_ecr');
DROP TABLE repository;
CREATE TYPE log_group AS ENUM ('a');
SELECT * FROM iasql_install('aws_cloudwatch');
DROP TYPE log_group;
SELECT count(*) FROM iasql_module;

SELECT module_name, created_table_name FROM iasql_install('aws_ecr', 'aws_cloudwatch@0.1.0');
SELECT * FROM iasql_install('aws_ecr');
SELECT * FROM iasql_modules_installed();
SELECT name FROM iasql_module ORDER BY name;
SELECT * FROM iasql_tables ORDER BY module, "table";
SELECT * FROM iasql_dependencies ORDER BY module;
SELECT * FROM iasql_upgrade();

-- Every column is described, every table has the trigger
SELECT c.relname, a.attname FROM iasql_tables t JOIN pg_class c ON c.oid = format('public.%I', t.table)::regclass
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE col_description(c.oid, a.attnum) IS NULL;
SELECT t.table FROM iasql_tables t WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('public.%I', t.table)::regclass
  AND tgfoid = 'iasql.check_row'::regproc);
SELECT tableowner, count(*) FROM pg_tables JOIN iasql_tables ON tablename = "table" WHERE schemaname = 'public' GROUP BY 1;

SELECT * FROM iasql_uninstall('aws_account');
SELECT * FROM iasql_uninstall('aws_vpc');
SELECT * FROM iasql_uninstall('nothing');
INSERT INTO repository (repository_name) VALUES ('not-applied');
SELECT * FROM iasql_uninstall('aws_ecr');
SET iasql.discard_changes = on;
SELECT module_name, dropped_table_name FROM iasql_uninstall('aws_account', 'aws_cloudwatch', 'aws_ecr');
SELECT * FROM iasql_modules_installed();
SELECT count(*) FROM iasql_module;

-- Every function runs as its caller, and none of it works in a transaction that must not write
BEGIN READ ONLY;
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql_apply();
ROLLBACK;
BEGIN READ ONLY;
SELECT * FROM iasql_install('aws_cloudwatch');
ROLLBACK;
