-- A key that cannot be opened is refused before anything is stored, and no message shows anything of it.
CREATE EXTENSION iasql;
\set VERBOSITY verbose
\set SHOW_CONTEXT never
SET iasql.key_file = 'key';
SELECT * FROM iasql.system_identity();
SET iasql.key_file = '/nowhere/iasql/key';
SELECT * FROM iasql.system_identity();
SELECT iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\x00');
SET iasql.key_file = '/etc/passwd';
SELECT iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\x00');
SET iasql.key_file = '/dev/null';
SELECT iasql.connect('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\x00');
SELECT count(*) FROM iasql.connection;

-- What cannot be an account, a key id or a region is refused whoever inserts it
\set VERBOSITY terse
INSERT INTO iasql.connection (account_id, access_key_id, region, sealed) VALUES ('12345', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\x00');
INSERT INTO iasql.connection (account_id, access_key_id, region, sealed) VALUES ('123456789012', 'AKIA', 'eu-west-2', '\x00');
INSERT INTO iasql.connection (account_id, access_key_id, region, sealed) VALUES ('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2@127.0.0.1', '\x00');
