-- Every setting: default, unit, range, who may change it.
CREATE EXTENSION iasql;
SELECT version FROM iasql.iasql_version();
SELECT name, boot_val, unit, vartype, context, min_val, max_val, enumvals FROM pg_settings WHERE name LIKE 'iasql.%' ORDER BY name;
SELECT name, short_desc FROM pg_settings WHERE name LIKE 'iasql.%' ORDER BY name;

SET iasql.parallelism = 0;
SET iasql.parallelism = 65;
SET iasql.parallelism = 64;
SET iasql.max_retries = 11;
SET iasql.max_deletes = -2;
SET iasql.log_level = loud;
SET iasql.in_doubt_wait = '2min';
SHOW iasql.in_doubt_wait;
SET iasql.read_lag = 0;
SET iasql.paralelism = 8;

SET SESSION AUTHORIZATION iasql_test_owner;
SET iasql.max_deletes = 5;
SET iasql.allow_data_loss = on;
SET iasql.endpoint_url = 'http://169.254.169.254/';
SET iasql.key_file = '/etc/passwd';
SET iasql.read_lag = 0;
-- The words differ from version to version.
\set VERBOSITY sqlstate
SHOW iasql.key_file;
\set VERBOSITY default
RESET SESSION AUTHORIZATION;
