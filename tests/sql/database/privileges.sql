-- Who may do what: nobody at first, the database's owner after iasql.repair(), others what the owner grants.
CREATE EXTENSION iasql;
SET SESSION AUTHORIZATION iasql_test_owner;
SELECT * FROM iasql.iasql_version();
SELECT iasql.repair();
RESET SESSION AUTHORIZATION;
SELECT iasql.repair();

-- The owner uses iasql but does not see into it
SET SESSION AUTHORIZATION iasql_test_owner;
SELECT * FROM iasql_version();
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql.history;
SELECT * FROM iasql.progress;
SELECT iasql.repair();
SELECT * FROM iasql.connection;
COPY iasql.connection TO STDOUT;
SELECT * FROM iasql.registry;
SELECT * FROM iasql.intent;
INSERT INTO iasql.epoch (value) VALUES (1);
CREATE TABLE iasql.mine (id integer);
SELECT iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\x00');
SELECT * FROM iasql.system_identity();
SELECT iasql.disconnect();
DROP FUNCTION iasql.iasql_version();

-- The tables about modules are the owner's, for reading; where nothing is installed a dump may be restored into them
SELECT * FROM iasql_module;
DELETE FROM iasql_tables;
CREATE TRIGGER trap BEFORE INSERT ON iasql_module FOR EACH ROW EXECUTE FUNCTION iasql.check_row();
ALTER TABLE iasql_dependencies ADD COLUMN mine integer;

-- Another role has nothing but what the owner gives
SET SESSION AUTHORIZATION iasql_test_other;
SELECT * FROM iasql_version();
SELECT * FROM iasql.iasql_plan_apply();
SELECT count(*) FROM iasql_module;
SET SESSION AUTHORIZATION iasql_test_owner;
GRANT USAGE ON SCHEMA iasql TO iasql_test_other;
GRANT EXECUTE ON FUNCTION iasql.iasql_plan_apply() TO iasql_test_other;
SET SESSION AUTHORIZATION iasql_test_other;
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql_apply();
SELECT * FROM iasql.history;
SELECT iasql.repair();
RESET SESSION AUTHORIZATION;
