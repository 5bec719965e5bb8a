-- What users call. Every result's names and types are part of the documented interface.

CREATE FUNCTION iasql.iasql_install(VARIADIC modules text[])
  RETURNS TABLE (module_name text, created_table_name text, record_count bigint)
  LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_install';
COMMENT ON FUNCTION iasql.iasql_install(text[]) IS
  'Installs modules and the modules they need, and imports what the AWS account has.';

CREATE FUNCTION iasql.iasql_uninstall(VARIADIC modules text[])
  RETURNS TABLE (module_name text, dropped_table_name text, record_count bigint)
  LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_uninstall';
COMMENT ON FUNCTION iasql.iasql_uninstall(text[]) IS
  'Drops the tables of modules. Touches nothing in AWS.';

CREATE FUNCTION iasql.iasql_upgrade()
  RETURNS TABLE (module_name text, from_version text, to_version text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_upgrade';
COMMENT ON FUNCTION iasql.iasql_upgrade() IS
  'Brings the tables of installed modules to the versions of the installed library.';

CREATE FUNCTION iasql.iasql_plan_apply()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan_apply';
COMMENT ON FUNCTION iasql.iasql_plan_apply() IS
  'Shows what iasql_apply() would do to the AWS account. Reads local tables only and changes nothing.';

CREATE FUNCTION iasql.iasql_apply()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_apply';
COMMENT ON FUNCTION iasql.iasql_apply() IS
  'Makes the AWS account match the tables, and shows what it did.';

CREATE FUNCTION iasql.iasql_plan_sync()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan_sync';
COMMENT ON FUNCTION iasql.iasql_plan_sync() IS
  'Shows what iasql_sync() would do to the tables. Reads the AWS account and changes nothing.';

CREATE FUNCTION iasql.iasql_sync()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_sync';
COMMENT ON FUNCTION iasql.iasql_sync() IS
  'Makes the tables match the AWS account, and shows what it did. Changes that were not applied are discarded.';

CREATE FUNCTION iasql.delete_all_records()
  RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_delete_all_records';
COMMENT ON FUNCTION iasql.delete_all_records() IS
  'Deletes every row of the installed modules that is neither AWS''s own nor account configuration. Touches nothing in AWS before iasql_apply(); iasql_sync() brings the rows back.';

CREATE FUNCTION iasql.iasql_modules_list()
  RETURNS TABLE (module_name text, module_version text, dependencies text[])
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_modules_list';
COMMENT ON FUNCTION iasql.iasql_modules_list() IS
  'Lists the modules that can be installed.';

CREATE FUNCTION iasql.iasql_modules_installed()
  RETURNS TABLE (module_name text, module_version text, dependencies text[])
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_modules_installed';
COMMENT ON FUNCTION iasql.iasql_modules_installed() IS
  'Lists the modules that are installed.';

CREATE FUNCTION iasql.iasql_version()
  RETURNS TABLE (version text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_version';
COMMENT ON FUNCTION iasql.iasql_version() IS
  'The version of the installed library.';

CREATE FUNCTION iasql.repair()
  RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_repair';
COMMENT ON FUNCTION iasql.repair() IS
  'Makes again what the extension keeps in schema public: the functions'' short names and the tables iasql_module, iasql_tables and iasql_dependencies.';

CREATE FUNCTION iasql.check_row()
  RETURNS trigger LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_check_row';
COMMENT ON FUNCTION iasql.check_row() IS
  'Trigger of every module table: fills defaults and region, keeps what AWS sets, refuses what AWS would refuse.';

CREATE FUNCTION iasql.keep_copy()
  RETURNS trigger LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_keep_copy';
COMMENT ON FUNCTION iasql.keep_copy() IS
  'Trigger of the tables iasql_module, iasql_tables and iasql_dependencies: they are for reading.';
