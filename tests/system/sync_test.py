"""From AWS to the tables: what others made, changed and deleted, and what becomes of changes that were not applied."""

import pytest

from aws_objects import assert_agrees, in_aws, in_table
from server import REGION, plan, rows, value
from steps import MODULES, applied, assert_settled, insert, install, refusal, sync, synced


@pytest.fixture
def log_group(db):
    """A log group, applied, by its row's id."""
    install(db, "aws_cloudwatch")
    row = insert(db, "log_group", log_group_name="/app", tags='{"a": "1"}')
    applied(db)
    return row


def test_what_others_made_becomes_rows(account, db, logs, ecr, ec2):
    install(db, *MODULES)
    logs.create_log_group(logGroupName="/elsewhere")
    ecr.create_repository(repositoryName="elsewhere")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone=f"{REGION}a")
    planned = plan(db, "iasql_plan_sync")
    assert {("create", "log_group"), ("create", "repository"), ("create", "vpc"), ("create", "subnet")} <= {
        change[:2] for change in planned
    }
    assert plan(db) == []
    assert synced(db) == planned
    assert_agrees(account, db)


def test_what_others_changed_changes_in_place(account, db, logs, log_group):
    (arn,) = (there["log_group_arn"] for there in in_aws(account, "log_group"))
    logs.tag_resource(resourceArn=arn, tags={"a": "2", "b": "3"})
    assert plan(db, "iasql_plan_sync")[0][:2] == ("update", "log_group")
    assert synced(db)[0][:2] == ("update", "log_group")
    assert rows(db, "SELECT id, tags FROM log_group") == [{"id": log_group, "tags": {"a": "2", "b": "3"}}]


def test_what_others_deleted_goes(db, logs, log_group):
    logs.delete_log_group(logGroupName="/app")
    assert [change[:2] for change in synced(db)] == [("delete", "log_group")]
    assert rows(db, "SELECT * FROM log_group") == []


def test_a_plan_changes_nothing(db, logs, log_group):
    before = in_table(db, "log_group")
    logs.create_log_group(logGroupName="/elsewhere")
    logs.delete_log_group(logGroupName="/app")
    first = plan(db, "iasql_plan_sync")
    assert {change[0] for change in first} == {"create", "delete"}
    assert plan(db, "iasql_plan_sync") == first
    assert in_table(db, "log_group") == before
    assert plan(db) == []


def test_changes_that_were_not_applied_are_discarded(account, db, log_group):
    db.execute("UPDATE log_group SET tags = '{\"a\": \"mine\"}'")
    insert(db, "log_group", log_group_name="/never")
    assert {change[:2] for change in synced(db)} == {("update", "log_group"), ("delete", "log_group")}
    assert_agrees(account, db, "log_group")
    assert rows(db, "SELECT id FROM log_group") == [{"id": log_group}]


def test_a_row_that_comes_back_has_its_former_id(account, db, log_group):
    insert(db, "log_group", log_group_name="/second")
    applied(db)
    db.execute("DELETE FROM log_group WHERE id = %s", (log_group,))
    assert [change[0] for change in synced(db)] == ["create"]
    assert value(db, "SELECT log_group_name FROM log_group WHERE id = %s", log_group) == "/app"
    assert insert(db, "log_group", log_group_name="/third") > log_group


def test_children_come_back_with_their_parents(account, db):
    install(db, "aws_vpc")
    vpc = insert(db, "vpc", cidr_block="10.1.0.0/16")
    subnet = insert(db, "subnet", vpc_id=vpc, cidr_block="10.1.1.0/24", availability_zone=f"{REGION}a")
    applied(db)
    db.execute("DELETE FROM subnet WHERE id = %s", (subnet,))
    db.execute("DELETE FROM vpc WHERE id = %s", (vpc,))
    assert [change[:2] for change in synced(db)] == [("create", "vpc"), ("create", "subnet")]
    assert value(db, "SELECT vpc_id FROM subnet WHERE id = %s", subnet) == vpc
    assert_agrees(account, db, "vpc", "subnet")


def test_users_own_columns_and_keys_stay(db, logs, log_group):
    db.execute("ALTER TABLE log_group ADD COLUMN team text DEFAULT 'nobody'")
    db.execute("UPDATE log_group SET team = 'web'")
    db.execute("CREATE TABLE alarm (log_group integer REFERENCES log_group (id) ON DELETE CASCADE)")
    db.execute("INSERT INTO alarm VALUES (%s)", (log_group,))
    assert_settled(db)
    logs.create_log_group(logGroupName="/elsewhere")
    (arn,) = (there["arn"].removesuffix(":*") for there in logs.describe_log_groups(logGroupNamePrefix="/app")["logGroups"])
    logs.tag_resource(resourceArn=arn, tags={"a": "2"})
    synced(db)
    assert rows(db, "SELECT log_group_name, team FROM log_group ORDER BY log_group_name") == [
        {"log_group_name": "/app", "team": "web"},
        {"log_group_name": "/elsewhere", "team": "nobody"},
    ]
    assert value(db, "SELECT log_group FROM alarm") == log_group


def test_a_row_that_was_not_applied_takes_over_what_others_made(account, db, logs):
    install(db, "aws_cloudwatch")
    row = insert(db, "log_group", log_group_name="/app")
    logs.create_log_group(logGroupName="/app")
    synced(db)
    assert rows(db, "SELECT id FROM log_group") == [{"id": row}]
    assert_agrees(account, db, "log_group")


def test_a_users_constraint_that_refuses_what_is_there_is_an_error_that_names_it(db, logs, log_group):
    db.execute("ALTER TABLE log_group ADD CONSTRAINT only_ours CHECK (log_group_name <> '/elsewhere')")
    logs.create_log_group(logGroupName="/elsewhere")
    refused = refusal(db, "SELECT * FROM iasql_sync()")
    assert refused.sqlstate == "23514"
    assert "only_ours" in refused.message + refused.detail
    assert rows(db, "SELECT id FROM log_group") == [{"id": log_group}]


def test_sync_in_a_transaction_that_is_rolled_back(database, logs):
    connection = database.connect(autocommit=False)
    install(connection, "aws_cloudwatch")
    connection.commit()
    logs.create_log_group(logGroupName="/elsewhere")
    assert [change[:2] for change in sync(connection)] == [("create", "log_group")]
    connection.rollback()
    assert rows(connection, "SELECT * FROM log_group") == [] and plan(connection) == []
    assert [change[:2] for change in sync(connection)] == [("create", "log_group")]
    connection.commit()


def test_something_made_outside_is_never_deleted_by_apply(account, db, logs, log_group):
    logs.create_log_group(logGroupName="/elsewhere")
    db.execute("DELETE FROM log_group")
    assert len(plan(db)) == 1
    rows(db, "SELECT * FROM iasql_apply()")
    assert [there["log_group_name"] for there in in_aws(account, "log_group")] == ["/elsewhere"]
