"""iasql_plan() and iasql_plan_markdown(): what they say of a change is what apply then does."""

import json

import psycopg
import pytest

from background import Background
from proxy import Moment
from server import plan, rows, value
from steps import apply, insert, install

READS = ("Describe", "List", "Get")
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": ["ecr:GetDownloadUrlForLayer"]}],
}


@pytest.fixture
def db(database):
    """Nothing is asked about what is in doubt but once, and one call follows another."""
    database.set("iasql.in_doubt_wait", "0")
    database.set("iasql.parallelism", "1")
    db = database.connect()
    install(db, "aws_cloudwatch", "aws_ecr", "aws_vpc", "aws_security_group")
    return db


def rich_plan(db):
    return rows(db, "SELECT * FROM iasql_plan()")


def assert_is_projected(db):
    """iasql_plan_apply() is the columns of iasql_plan() that it has, in the same order."""
    projection = "SELECT action, table_name, id, description FROM iasql_plan() ORDER BY step"
    assert rows(db, projection) == rows(db, "SELECT * FROM iasql_plan_apply()")


def column(name, before, after):
    return {name: {"from": before, "to": after}}


def network(db, block="10.0.0.0/16"):
    """A network with a subnet and a group, whose rows name one another; their ids."""
    vpc = insert(db, "vpc", cidr_block=block)
    subnet = insert(db, "subnet", vpc_id=vpc, cidr_block="10.0.1.0/24", availability_zone="eu-west-2a")
    return vpc, subnet


def test_creates(db):
    vpc, subnet = network(db)
    insert(db, "log_group", log_group_name="/app")
    assert_is_projected(db)
    planned = {row["table_name"]: row for row in rich_plan(db)}
    assert sorted(row["step"] for row in planned.values()) == [1, 2, 3]
    created = planned["subnet"]
    assert created["id"] == subnet
    assert created["waits_for"] == [planned["vpc"]["step"]]
    assert created["aws_operations"] == ["ec2:CreateSubnet"]
    assert created["changes"]["vpc_id"] == {"from": None, "to": "10.0.0.0/16"}
    assert created["changes"]["region"] == {"from": None, "to": "eu-west-2"}
    assert "subnet_id" not in created["changes"] and "tags" not in created["changes"]
    assert created["reason"] is None and created["loses_data"] is False
    assert planned["log_group"]["waits_for"] == []


def test_updates_show_the_changed_columns_alone(db):
    insert(db, "repository", repository_name="app", image_tag_mutability="MUTABLE")
    apply(db)
    db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE', tags = '{\"a\": \"1\"}'")
    (row,) = rich_plan(db)
    assert row["changes"] == {
        **column("image_tag_mutability", "MUTABLE", "IMMUTABLE"),
        **column("tags", {}, {"a": "1"}),
    }
    assert row["aws_operations"] == ["ecr:PutImageTagMutability", "ecr:TagResource"]


def test_replaces_and_deletes(db):
    vpc, subnet = network(db)
    log_group = insert(db, "log_group", log_group_name="/app")
    apply(db)
    cloud_id = value(db, "SELECT vpc_id FROM vpc WHERE id = %s", vpc)
    db.execute("UPDATE subnet SET cidr_block = '10.0.2.0/24' WHERE id = %s", (subnet,))
    db.execute("DELETE FROM log_group")
    planned = {row["table_name"]: row for row in rich_plan(db)}
    replaced, deleted = planned["subnet"], planned["log_group"]
    assert (replaced["action"], replaced["reason"]) == ("replace", "cidr_block cannot be changed in place")
    assert replaced["changes"] == column("cidr_block", "10.0.1.0/24", "10.0.2.0/24")
    assert sorted(replaced["aws_operations"]) == ["ec2:CreateSubnet", "ec2:DeleteSubnet"]
    assert replaced["loses_data"] is False
    assert (deleted["action"], deleted["id"], deleted["loses_data"]) == ("delete", None, True)
    assert deleted["changes"] == {**column("region", "eu-west-2", None), **column("log_group_name", "/app", None)}
    markdown = value(db, "SELECT iasql_plan_markdown()")
    assert markdown.startswith("## Plan: 1 to replace, 1 to delete\n")
    assert "**delete, loses data**" in markdown
    assert "\n- cidr_block: 10.0.1.0/24 → 10.0.2.0/24\n" in markdown

    # Two networks of one block are told apart by their ids.
    other = insert(db, "vpc", cidr_block="10.0.0.0/16")
    db.execute("UPDATE subnet SET cidr_block = '10.0.1.0/24', vpc_id = %s WHERE id = %s", (other, subnet))
    moved = next(row for row in rich_plan(db) if row["table_name"] == "subnet")
    assert moved["changes"] == column("vpc_id", f"10.0.0.0/16 ({cloud_id})", "10.0.0.0/16 (new)")


def writes(proxy):
    return [f"{call.service}:{call.operation}" for call in proxy.calls if not call.operation.startswith(READS)]


def test_the_operations_are_those_that_apply_calls(db, database, proxy):
    """One call at a time: the order of the steps is the order of the calls."""
    steps = [
        lambda: (network(db), insert(db, "log_group", log_group_name="/app")),
        lambda: insert(
            db,
            "repository_policy",
            repository_id=insert(db, "repository", repository_name="app"),
            policy_text=json.dumps(POLICY),
        ),
        lambda: db.execute("UPDATE repository SET scan_on_push = true, image_tag_mutability = 'IMMUTABLE'"),
        lambda: db.execute("UPDATE subnet SET cidr_block = '10.0.3.0/24' WHERE cidr_block = '10.0.1.0/24'"),
        lambda: db.execute("DELETE FROM repository_policy"),
        lambda: db.execute("SELECT delete_all_records()"),
    ]
    through = database.connect()  # connected after the proxy was put in between
    for step in steps:
        step()
        assert_is_projected(db)
        planned = rich_plan(db)
        proxy.calls.clear()
        done = plan(through, "iasql_apply")
        assert done == [(row["action"], row["table_name"], row["description"]) for row in planned]
        called = writes(proxy)
        assert [operation for row in planned for operation in row["aws_operations"]] == called, planned


def test_waits_come_before(db):
    """Every step waits for earlier ones only, over all the changes of a whole network that comes, and goes."""
    network(db)
    db.execute("INSERT INTO security_group (description, group_name, vpc_id) VALUES ('d', 'web', NULL)")
    for change in ("SELECT", "SELECT delete_all_records()"):
        db.execute(change)
        planned = rich_plan(db)
        assert [row["step"] for row in planned] == list(range(1, len(planned) + 1))
        assert all(earlier < row["step"] for row in planned for earlier in row["waits_for"])
        assert any(row["waits_for"] for row in planned)
        apply(db)


def test_of_uncommitted_rows_read_only_and_without_a_network(database, db, proxy):
    connection = database.connect()
    proxy.down()
    connection.execute("BEGIN")
    insert(connection, "log_group", log_group_name="/app")
    connection.execute("SET TRANSACTION READ ONLY")
    assert [row["description"] for row in rich_plan(connection)] == ["/app"]
    assert "/app" in value(connection, "SELECT iasql_plan_markdown()")
    assert value(connection, "SELECT pg_current_xact_id_if_assigned() IS NOT NULL") is True  # the INSERT's
    connection.execute("ROLLBACK")
    connection.execute("BEGIN READ ONLY")
    assert rich_plan(connection) == []
    assert value(connection, "SELECT iasql_plan_markdown()") == "Nothing to change.\n"
    assert value(connection, "SELECT pg_current_xact_id_if_assigned()") is None
    connection.execute("COMMIT")


def test_what_runs_and_what_is_in_doubt(database, db, proxy):
    insert(db, "vpc", cidr_block="10.0.0.0/16")
    through = database.connect()
    held = proxy.pause("CreateVpc", Moment.response)
    running = Background(through, "SELECT * FROM iasql_apply()")
    held.reached()
    (row,) = rich_plan(db)
    assert (row["step"], row["action"], row["table_name"]) == (1, "running", "vpc")
    assert row["changes"] is None and row["aws_operations"] == ["ec2:CreateVpc"]
    through.cancel()
    assert isinstance(running.error(), psycopg.errors.QueryCanceled)
    vpc = value(db, "SELECT id FROM vpc WHERE cidr_block = '10.0.0.0/16'")
    insert(db, "subnet", vpc_id=vpc, cidr_block="10.0.1.0/24", availability_zone="eu-west-2a")
    doubtful, subnet = rich_plan(db)
    assert (doubtful["action"], doubtful["id"]) == ("in doubt", vpc)
    assert (subnet["step"], subnet["waits_for"]) == (2, [1])
    assert value(db, "SELECT iasql_plan_markdown()").startswith("## Plan: 1 to create, 1 in doubt\n")
    assert_is_projected(db)
    held.release()
    assert [row["action"] for row in rows(db, "SELECT * FROM iasql_apply()")] == ["create"]
    assert rich_plan(db) == []


def test_protected_objects_say_so(db):
    db.execute("DELETE FROM security_group_rule")
    db.execute("DELETE FROM security_group")
    assert_is_projected(db)
    assert any("protected" in row["description"] for row in rich_plan(db))
    assert "protected" in value(db, "SELECT iasql_plan_markdown()")


def test_hostile_values_stay_values(db):
    evil = "](x) | `a` <script>\n# no"
    db.execute("INSERT INTO log_group (log_group_name, tags) VALUES ('/app', jsonb_build_object('k', %s::text))", (evil,))
    (row,) = rich_plan(db)
    assert row["changes"]["tags"]["to"] == {"k": evil}
    lines = value(db, "SELECT iasql_plan_markdown()").splitlines()
    assert not any("<script>" in line or line.startswith("# no") for line in lines)
    assert plan(db) == [("create", "log_group", "/app")]
