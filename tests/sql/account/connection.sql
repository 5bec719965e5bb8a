-- What a connected account shows and hides.
SELECT account_id, access_key_id, region, length(sealed) > 100 AS is_sealed FROM iasql.connection;
SET SESSION AUTHORIZATION iasql_test_owner;
TABLE iasql.connection;
SELECT count(*) FROM iasql_install('aws_account', 'aws_cloudwatch'); -- three tables
SELECT account_id, access_key_id, region FROM aws_account;
SET client_min_messages = error; -- an earlier run may have left it
DELETE FROM log_group WHERE log_group_name = 'connection-test';
SELECT count(*) < 2 FROM iasql_apply();
SET client_min_messages = notice;
INSERT INTO log_group (log_group_name) VALUES ('connection-test');
SELECT action, table_name, description FROM iasql_apply();
RESET SESSION AUTHORIZATION;

-- Damaged, or sealed for another account: refused when the key is needed
\set VERBOSITY verbose
\set SHOW_CONTEXT never
BEGIN;
UPDATE iasql.connection SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1);
SELECT * FROM iasql_sync();
ROLLBACK;
BEGIN;
UPDATE iasql.connection SET access_key_id = 'AKIAI44QH8DHBEXAMPLE';
SELECT * FROM iasql_sync();
ROLLBACK;
BEGIN;
SET LOCAL iasql.key_file = '/nowhere/key';
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql_sync();
ROLLBACK;

-- No answer
\set VERBOSITY sqlstate
BEGIN;
SET LOCAL iasql.endpoint_url = 'http://127.0.0.1:1';
SET LOCAL iasql.max_retries = 0;
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql_plan_sync();
ROLLBACK;
\set VERBOSITY default

-- Forgotten: rows stay, plans work, nothing else does
SELECT iasql.disconnect();
SET SESSION AUTHORIZATION iasql_test_owner;
SELECT count(*) > 0 FROM log_group;
UPDATE log_group SET tags = '{"a": "b"}';
SELECT action, table_name, description FROM iasql_plan_apply();
SELECT * FROM iasql_apply();
RESET SESSION AUTHORIZATION;
