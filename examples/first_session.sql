-- A first session, against the local emulator. Each table is a kind of AWS resource, each row one of them.

-- Installing a module brings its tables and imports what the account has: here, what AWS makes for every account.
SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch', 'aws_security_group');
SELECT group_name, group_id, vpc_id FROM security_group;

-- Rows say what should exist; nothing happens in AWS yet. 123456789012 is the emulator's account.
INSERT INTO repository (repository_name, scan_on_push) VALUES ('quickstart/app', true);
INSERT INTO repository_policy (repository_id, policy_text)
  SELECT id, '{"Version": "2012-10-17", "Statement": [{"Sid": "pull", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}]}'
    FROM repository WHERE repository_name = 'quickstart/app';
INSERT INTO log_group (log_group_name) VALUES ('/quickstart/app');
INSERT INTO security_group (group_name, description) VALUES ('quickstart-web', 'Web servers');
INSERT INTO security_group_rule (security_group_id, is_egress, ip_protocol, from_port, to_port, cidr_ipv4, description)
  SELECT id, false, 'tcp', port, port, '0.0.0.0/0', what
    FROM security_group, (VALUES (80, 'http'), (443, 'https')) AS rule(port, what) WHERE group_name = 'quickstart-web';

-- The plan is the difference between the rows and AWS. Then it is made so.
SELECT * FROM iasql_plan_apply();
SELECT * FROM iasql_apply();

-- What AWS decided is in the rows now.
SELECT repository_name, repository_uri, created_at FROM repository;
SELECT log_group_name, log_group_arn FROM log_group;
SELECT group_name, group_id, vpc_id FROM security_group WHERE group_name = 'quickstart-web';
SELECT * FROM iasql_plan_apply();

-- A change is an UPDATE.
UPDATE repository SET image_tag_mutability = 'IMMUTABLE' WHERE repository_name = 'quickstart/app';
SELECT * FROM iasql_apply();

-- "What if?" is a transaction that is rolled back.
BEGIN;
DELETE FROM security_group_rule WHERE from_port = 80;
SELECT * FROM iasql_plan_apply();
ROLLBACK;
SELECT * FROM iasql_plan_apply();

-- Somebody makes a log group with another tool, and a sync finds it.
\! "$IASQL_PYTHON" -c 'import boto3; boto3.client("logs").create_log_group(logGroupName="/made/elsewhere"); print("made /made/elsewhere with boto3")'
SELECT * FROM iasql_plan_sync();
SELECT * FROM iasql_sync();
SELECT id, log_group_name FROM log_group;

-- What has no row any more goes.
DELETE FROM repository_policy;
DELETE FROM repository WHERE repository_name = 'quickstart/app';
DELETE FROM log_group WHERE log_group_name IN ('/quickstart/app', '/made/elsewhere');
DELETE FROM security_group_rule WHERE security_group_id = (SELECT id FROM security_group WHERE group_name = 'quickstart-web');
DELETE FROM security_group WHERE group_name = 'quickstart-web';
SELECT * FROM iasql_apply();
SELECT * FROM iasql_plan_apply();
