-- What users call. Every result's names and types are part of the documented interface. The last line of each comment is
-- an example, after the word "Example: "; iasql_help() shows both.

CREATE FUNCTION iasql.iasql_install(VARIADIC modules text[])
  RETURNS TABLE (module_name text, created_table_name text, record_count bigint)
  LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_install';
COMMENT ON FUNCTION iasql.iasql_install(text[]) IS
  $$Installs modules and the modules they need, and imports what the AWS account has.
Example: SELECT * FROM iasql_install('aws_ecr', 'aws_vpc');$$;

CREATE FUNCTION iasql.iasql_uninstall(VARIADIC modules text[])
  RETURNS TABLE (module_name text, dropped_table_name text, record_count bigint)
  LANGUAGE c STRICT VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_uninstall';
COMMENT ON FUNCTION iasql.iasql_uninstall(text[]) IS
  $$Drops the tables of modules. Touches nothing in AWS.
Example: SELECT * FROM iasql_uninstall('aws_ecr');$$;

CREATE FUNCTION iasql.iasql_upgrade()
  RETURNS TABLE (module_name text, from_version text, to_version text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_upgrade';
COMMENT ON FUNCTION iasql.iasql_upgrade() IS
  $$Brings the tables of installed modules to the versions of the installed library.
Example: SELECT * FROM iasql_upgrade();$$;

CREATE FUNCTION iasql.iasql_plan_apply()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan_apply';
COMMENT ON FUNCTION iasql.iasql_plan_apply() IS
  $$Shows what iasql_apply() would do to the AWS account. Reads local tables only and changes nothing.
Example: SELECT * FROM iasql_plan_apply();$$;

CREATE FUNCTION iasql.iasql_plan()
  RETURNS TABLE (step integer, action text, table_name text, id integer, description text, changes jsonb, reason text,
                 waits_for integer[], aws_operations text[], loses_data boolean)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan';
COMMENT ON FUNCTION iasql.iasql_plan() IS
  $$The plan of iasql_apply() in full: each change with its columns before and after as {column: {"from", "to"}}, the reason for a replace, the steps it waits for, the AWS operations it will call (without those that only read), and whether data is lost. Reads local tables only and changes nothing.
Example: SELECT step, action, table_name, description, changes FROM iasql_plan();$$;

CREATE FUNCTION iasql.iasql_plan_markdown()
  RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan_markdown';
COMMENT ON FUNCTION iasql.iasql_plan_markdown() IS
  $$iasql_plan() as one Markdown text, for a review. Reads local tables only and changes nothing.
Example: SELECT iasql_plan_markdown();$$;

CREATE FUNCTION iasql.iasql_apply()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_apply';
COMMENT ON FUNCTION iasql.iasql_apply() IS
  $$Makes the AWS account match the tables, and shows what it did.
Example: SELECT * FROM iasql_apply();$$;

CREATE FUNCTION iasql.iasql_plan_sync()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_plan_sync';
COMMENT ON FUNCTION iasql.iasql_plan_sync() IS
  $$Shows what iasql_sync() would do to the tables. Reads the AWS account and changes nothing.
Example: SELECT * FROM iasql_plan_sync();$$;

CREATE FUNCTION iasql.iasql_sync()
  RETURNS TABLE (action text, table_name text, id integer, description text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_sync';
COMMENT ON FUNCTION iasql.iasql_sync() IS
  $$Makes the tables match the AWS account, and shows what it did. Changes that were not applied are discarded.
Example: SELECT * FROM iasql_sync();$$;

CREATE FUNCTION iasql.delete_all_records()
  RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_delete_all_records';
COMMENT ON FUNCTION iasql.delete_all_records() IS
  $$Deletes every row of the installed modules that is neither AWS's own nor account configuration. Touches nothing in AWS before iasql_apply(); iasql_sync() brings the rows back.
Example: SELECT delete_all_records();$$;

CREATE FUNCTION iasql.iasql_modules_list()
  RETURNS TABLE (module_name text, module_version text, dependencies text[])
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_modules_list';
COMMENT ON FUNCTION iasql.iasql_modules_list() IS
  $$Lists the modules that can be installed.
Example: SELECT * FROM iasql_modules_list();$$;

CREATE FUNCTION iasql.iasql_modules_installed()
  RETURNS TABLE (module_name text, module_version text, dependencies text[])
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_modules_installed';
COMMENT ON FUNCTION iasql.iasql_modules_installed() IS
  $$Lists the modules that are installed.
Example: SELECT * FROM iasql_modules_installed();$$;

CREATE FUNCTION iasql.iasql_version()
  RETURNS TABLE (version text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_version';
COMMENT ON FUNCTION iasql.iasql_version() IS
  $$The version of the installed library.
Example: SELECT * FROM iasql_version();$$;

CREATE FUNCTION iasql.iasql_help()
  RETURNS TABLE (name text, signature text, description text, sample_usage text)
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_help';
COMMENT ON FUNCTION iasql.iasql_help() IS
  $$Lists the functions that whoever asks may call, with an example of each.
Example: SELECT name, description, sample_usage FROM iasql_help();$$;

CREATE FUNCTION iasql.repair()
  RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_repair';
COMMENT ON FUNCTION iasql.repair() IS
  $$Makes again what the extension keeps in schema public: the functions' short names and the tables iasql_module, iasql_tables and iasql_dependencies.
Example: SELECT iasql.repair();$$;

CREATE FUNCTION iasql.check_row()
  RETURNS trigger LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_check_row';
COMMENT ON FUNCTION iasql.check_row() IS
  'Trigger of every module table: fills defaults and region, keeps what AWS sets, refuses what AWS would refuse.';

CREATE FUNCTION iasql.keep_copy()
  RETURNS trigger LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'iasql_keep_copy';
COMMENT ON FUNCTION iasql.keep_copy() IS
  'Trigger of the tables iasql_module, iasql_tables and iasql_dependencies: they are for reading.';
