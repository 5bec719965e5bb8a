"""The policies of docs/reference/policies, attached to the user whose key is connected: with them everything works, and
without it does not. The emulator checks signatures and actions; what AWS checks besides (`further_actions`) it does not."""

import pytest

import tutorial
from server import REGION, SOURCE, Emulator, HostedDatabase, rows
from steps import apply, assert_settled, every_module, install, refusal, sync

POLICIES = SOURCE / "docs" / "reference" / "policies"
# What the tutorial has none of.
FURTHER_ROWS = """
INSERT INTO log_group (log_group_name, tags) VALUES ('permitted', '{"a": "1"}');
INSERT INTO vpc (cidr_block, tags) VALUES ('10.7.0.0/16', '{"a": "1"}');
INSERT INTO subnet (availability_zone, cidr_block, vpc_id)
  SELECT 'eu-west-2a', '10.7.1.0/24', id FROM vpc WHERE cidr_block = '10.7.0.0/16';
INSERT INTO public_repository (repository_name, tags) VALUES ('permitted', '{"a": "1"}');
INSERT INTO repository_policy (repository_id, policy_text)
  SELECT id, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}'
  FROM repository;
INSERT INTO rds (db_instance_identifier, allocated_storage, availability_zone, db_instance_class, engine,
                 master_username, master_user_password, skip_final_snapshot)
  VALUES ('permitted', 20, 'eu-west-2a', 'db.t3.micro', 'postgres', 'someone', 'not-a-secret', true);
"""
CHANGES = """
UPDATE log_group SET tags = '{"b": "2"}';
UPDATE vpc SET tags = '{"b": "2"}' WHERE NOT is_default;
UPDATE public_repository SET tags = '{"b": "2"}';
UPDATE repository SET image_tag_mutability = 'IMMUTABLE', scan_on_push = true, tags = '{"b": "2"}';
UPDATE repository_policy SET policy_text = replace(policy_text, 'BatchGetImage', 'GetDownloadUrlForLayer');
UPDATE role SET description = 'changed', attached_policies_arns = '{}', tags = '{"b": "2"}' WHERE role_name LIKE 'ecs%';
UPDATE rds SET allocated_storage = 30, tags = '{"b": "2"}';
UPDATE target_group SET health_check_path = '/changed', tags = '{"b": "2"}';
UPDATE security_group_rule SET description = 'changed' WHERE from_port = 8088;
UPDATE service SET desired_count = 0, tags = '{"b": "2"}';
UPDATE container_definition SET memory_reservation = 4096;
"""


class KeyedDatabase(HostedDatabase):
    """A database connected with a user's own key."""

    def __init__(self, server, emulator, key):
        self.server = server
        self.url = server.iasql(
            *("connect", "--access-key-id", key["AccessKeyId"], "--region", REGION),
            input=key["SecretAccessKey"] + "\n",
            AWS_ENDPOINT_URL=emulator.url,
        ).strip()
        self.name = self.url.rpartition("/")[2]
        self._connections = []
        self.use_endpoint(emulator.url)


@pytest.fixture
def connected_with(server):
    """Makes a database whose user has the policy of that name."""
    made = []

    def connect(policy):
        calls = 4
        emulator = Emulator("--authenticate-after", str(calls))
        iam = emulator.client("iam")
        iam.create_user(UserName="someone")
        key = iam.create_access_key(UserName="someone")["AccessKey"]
        document = (POLICIES / f"{policy}.json").read_text()
        arn = iam.create_policy(PolicyName=policy, PolicyDocument=document)["Policy"]["Arn"]
        iam.attach_user_policy(UserName="someone", PolicyArn=arn)
        made.append((emulator, KeyedDatabase(server, emulator, key)))
        return made[-1][1].connect()

    yield connect
    for emulator, database in made:
        database.remove()
        emulator.stop()


def test_reading_is_permitted_and_writing_is_not(connected_with):
    db = connected_with("all.read")
    install(db, *every_module(db))
    assert sync(db) == []
    db.execute("INSERT INTO log_group (log_group_name) VALUES ('forbidden')")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "is not authorized to perform: logs:CreateLogGroup" in f"{refused.message} {refused.detail}"


def test_a_modules_policy_reads_what_it_needs(connected_with):
    db = connected_with("aws_ecs_fargate.read")
    install(db, "aws_ecs_fargate")
    assert sync(db) == []
    assert "is not authorized to perform: rds:DescribeDBInstances" in str(
        refusal(db, "SELECT * FROM iasql_install('aws_rds')")
    )


def test_writing_is_permitted(connected_with):
    db = connected_with("all.write")
    install(db, *every_module(db))
    for statement in tutorial.inserts():
        db.execute(statement)
    db.execute(FURTHER_ROWS)
    assert {action for action, _, _ in apply(db)} == {"create"}
    db.execute(CHANGES)
    assert {action for action, _, _ in apply(db)} == {"update"}
    rows(db, "SELECT delete_all_records()")
    assert {action for action, _, _ in apply(db)} == {"delete"}
    assert_settled(db)
