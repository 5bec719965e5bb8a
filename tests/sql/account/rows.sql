-- What the trigger of module tables does with rows that clients write. Nothing here is applied.
SET client_min_messages = warning;
SELECT count(*) > 0 FROM iasql.iasql_install('aws_account', 'aws_vpc', 'aws_ecr', 'aws_cloudwatch', 'aws_security_group');
SET client_min_messages = notice;
SET SESSION AUTHORIZATION iasql_test_owner;

-- Defaults: left out, NULL and '' are the same
INSERT INTO repository (repository_name) VALUES ('left-out') RETURNING image_tag_mutability, scan_on_push, region;
INSERT INTO repository (repository_name, repository_arn, registry_id, repository_uri, created_at, image_tag_mutability, scan_on_push, region, tags)
  VALUES ('every-column-null', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) RETURNING id IS NOT NULL AS has_id, image_tag_mutability, scan_on_push, region;
INSERT INTO repository (repository_name, repository_arn, registry_id, repository_uri, image_tag_mutability, region)
  VALUES ('every-text-empty', '', '', '', '', '') RETURNING repository_arn, image_tag_mutability, region;
UPDATE repository SET image_tag_mutability = NULL, region = '' WHERE repository_name = 'left-out' RETURNING image_tag_mutability, region;
INSERT INTO repository (repository_name) VALUES ('several-1'), ('several-2') RETURNING repository_name, region;
COPY repository (repository_name, image_tag_mutability) FROM STDIN;
copied	\N
\.
SELECT repository_name, image_tag_mutability, region FROM repository WHERE repository_name = 'copied';

-- Outputs: what a client gives is ignored, with a NOTICE
INSERT INTO repository (repository_name, repository_arn, created_at) VALUES ('with-output', 'arn:mine', '2020-01-01') RETURNING repository_arn, created_at;
UPDATE repository SET repository_arn = 'arn:mine', scan_on_push = true WHERE repository_name = 'with-output' RETURNING repository_arn, scan_on_push;
UPDATE repository SET repository_arn = NULL WHERE repository_name = 'with-output' RETURNING repository_arn;
INSERT INTO vpc (cidr_block, is_default) VALUES ('10.0.0.0/16', true) RETURNING is_default, state;
INSERT INTO vpc (cidr_block, is_default) VALUES ('10.1.0.0/16', false) RETURNING is_default;
-- an ORM saves the whole row
UPDATE vpc SET (vpc_id, cidr_block, state, is_default, region) = (SELECT v.vpc_id, v.cidr_block, v.state, v.is_default, v.region FROM vpc v WHERE v.id = vpc.id) WHERE is_default RETURNING state;
UPDATE vpc SET vpc_id = 'vpc-0123' WHERE is_default RETURNING vpc_id ~ '^vpc-' AND vpc_id <> 'vpc-0123' AS kept;

-- Values that AWS would refuse
\set VERBOSITY verbose
\set SHOW_CONTEXT never
INSERT INTO repository (repository_name) VALUES ('Upper Case');
INSERT INTO repository (repository_name) VALUES (repeat('a', 300));
INSERT INTO repository (repository_name) VALUES ('x');
INSERT INTO repository (repository_name, image_tag_mutability) VALUES ('choice', 'SOMETIMES');
UPDATE repository SET image_tag_mutability = 'sometimes' WHERE repository_name = 'left-out';
INSERT INTO log_group (log_group_name) VALUES ('not allowed!');
INSERT INTO log_group (log_group_name) VALUES (repeat('x', 513));
INSERT INTO log_group (log_group_name) VALUES (E'two\nlines');
INSERT INTO repository_policy (repository_id, policy_text) VALUES (-1, '{}');

-- Regions
SELECT default_aws_region();
INSERT INTO log_group (log_group_name, region) VALUES ('elsewhere', 'mars-north-1');
UPDATE aws_regions SET region = 'mars-north-1' WHERE is_default RETURNING region;
INSERT INTO aws_regions (region) VALUES ('mars-north-1');
INSERT INTO repository_policy (repository_id, policy_text) SELECT id, '{}' FROM repository WHERE repository_name = 'left-out' RETURNING region;
UPDATE repository_policy SET region = 'us-east-1';
WITH parent AS (INSERT INTO repository (repository_name) VALUES ('parent-in-one-statement') RETURNING id)
  INSERT INTO repository_policy (repository_id, policy_text) SELECT id, '{}' FROM parent RETURNING region;
UPDATE aws_regions SET is_enabled = true WHERE region = 'us-east-1' RETURNING region;
INSERT INTO log_group (log_group_name, region) VALUES ('elsewhere', 'eu-north-1');
INSERT INTO log_group (log_group_name, region) VALUES ('elsewhere', 'us-east-1') RETURNING region;
INSERT INTO repository (repository_name, region) VALUES ('there', 'us-east-1') RETURNING region;
INSERT INTO repository_policy (repository_id, policy_text) SELECT id, '{}' FROM repository WHERE repository_name = 'there' RETURNING region;
INSERT INTO repository_policy (repository_id, policy_text, region) SELECT id, '{}', 'eu-west-2' FROM repository WHERE repository_name = 'several-1' RETURNING region;
UPDATE repository_policy SET region = 'us-east-1' WHERE repository_id = (SELECT id FROM repository WHERE repository_name = 'several-1');
SELECT default_aws_region('us-east-1');
INSERT INTO log_group (log_group_name) VALUES ('default elsewhere'), ('default-elsewhere') RETURNING region;
INSERT INTO log_group (log_group_name) VALUES ('default-elsewhere') RETURNING region;
SELECT default_aws_region('eu-west-2');
UPDATE aws_regions SET is_default = false;
INSERT INTO log_group (log_group_name) VALUES ('no-region');
SELECT default_aws_region('eu-west-2');

-- The account
INSERT INTO aws_account (access_key_id, region, account_id) VALUES ('AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '210987654321');
UPDATE aws_account SET account_id = '210987654321' RETURNING account_id;
UPDATE aws_account SET account_id = account_id, region = NULL RETURNING account_id, region;

-- Columns, triggers and constraints of the owner's own
\set VERBOSITY default
ALTER TABLE log_group ADD COLUMN team text DEFAULT 'nobody';
INSERT INTO log_group (log_group_name, team) VALUES ('mine-1', NULL), ('mine-2', ''), ('mine-3', 'us') RETURNING team;
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.log_group_name := upper(NEW.log_group_name); RETURN NEW; END $$;
CREATE TRIGGER a_shout BEFORE INSERT ON log_group FOR EACH ROW EXECUTE FUNCTION shout();
INSERT INTO log_group (log_group_name) VALUES ('quiet') RETURNING log_group_name, region;
DROP TRIGGER a_shout ON log_group;

-- A role that may write one table and read nothing else
GRANT INSERT ON repository_policy TO iasql_test_other;
GRANT USAGE ON SEQUENCE repository_policy_id_seq TO iasql_test_other;
SELECT id AS repository FROM repository WHERE repository_name = 'several-2' \gset
SET SESSION AUTHORIZATION iasql_test_other;
INSERT INTO repository_policy (repository_id, policy_text) VALUES (:repository, '{}');
SET SESSION AUTHORIZATION iasql_test_owner;
SELECT region FROM repository_policy WHERE repository_id = :repository;

-- After uninstall and install in the same session the rules are those of the new tables
SET client_min_messages = warning;
SET iasql.discard_changes = on;
SELECT count(*) FROM iasql_uninstall('aws_cloudwatch');
SELECT count(*) FROM iasql_install('aws_cloudwatch');
SET client_min_messages = notice;
INSERT INTO log_group (log_group_name, log_group_arn) VALUES ('again', 'arn:mine') RETURNING log_group_arn, region;
INSERT INTO log_group (log_group_name) VALUES ('not again!');
BEGIN;
SAVEPOINT before;
ALTER TABLE log_group ADD COLUMN here integer;
INSERT INTO log_group (log_group_name, here) VALUES ('with-column', 1) RETURNING region, here;
ROLLBACK TO before;
INSERT INTO log_group (log_group_name) VALUES ('without-column') RETURNING region;
ROLLBACK;
