"""What counts as a change of a row, what does not, and that only what changed is sent."""

import json

import pytest

from aws_objects import assert_agrees, in_aws
from server import REGION, plan, rows, value
from steps import applied, apply, assert_settled, insert, install, notices, synced

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "pull", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}],
}


@pytest.fixture
def app(db):
    """A repository with a policy, applied."""
    install(db, "aws_ecr")
    repository = insert(db, "repository", repository_name="app")
    insert(db, "repository_policy", repository_id=repository, policy_text=json.dumps(POLICY))
    applied(db)
    return repository


def test_only_the_operation_of_the_changed_column_is_called(proxy, database):
    connection = database.connect()
    install(connection, "aws_ecr")
    insert(connection, "repository", repository_name="app")
    apply(connection)
    before = len(proxy.calls)
    connection.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
    assert apply(connection) == [("update", "repository", "app")]
    assert [call.operation for call in proxy.calls[before:] if call.operation.startswith("Put")] == ["PutImageTagMutability"]


def test_a_change_and_back_is_none(db, app):
    db.execute("UPDATE repository SET scan_on_push = true")
    assert plan(db) == [("update", "repository", "app")]
    db.execute("UPDATE repository SET scan_on_push = false")
    assert_settled(db)


def test_tags_are_added_changed_and_removed(account, db, app):
    for tags in ({"a": "1", "b": "2"}, {"b": "3", "c": "ü ß"}, {}):
        db.execute("UPDATE repository SET tags = %s", (json.dumps(tags),))
        assert applied(db) == [("update", "repository", "app")]
        (there,) = in_aws(account, "repository")
        assert there["tags"] == tags
        assert_agrees(account, db, "repository", "repository_policy")


@pytest.mark.parametrize(
    "same",
    [
        {"Statement": [{"Principal": "*", "Action": ["ecr:BatchGetImage"], "Effect": "Allow", "Sid": "pull"}], "Version": "2012-10-17"},
        {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "ecr:BatchGetImage"}]},
        {**POLICY, "Statement": POLICY["Statement"][0]},
    ],
    ids=["order of keys", "one action", "one statement"],
)  # fmt: skip
def test_a_policy_is_compared_by_its_meaning(db, app, same):
    db.execute("UPDATE repository_policy SET policy_text = %s", (json.dumps(same, indent=3),))
    assert_settled(db)


def test_a_policy_that_means_something_else_is_a_change(account, db, app):
    other = {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": ["ecr:BatchGetImage", "ecr:ListImages"]}]}
    db.execute("UPDATE repository_policy SET policy_text = %s", (json.dumps(other),))
    assert applied(db) == [("update", "repository_policy", "app")]
    (there,) = in_aws(account, "repository_policy")
    assert there["policy_text"] == other


def test_host_bits_of_a_network_say_nothing(account, db):
    install(db, "aws_vpc")
    vpc = insert(db, "vpc", cidr_block="10.0.0.5/16")
    insert(db, "subnet", vpc_id=vpc, cidr_block="10.0.1.7/24", availability_zone=f"{REGION}a")
    apply(db)
    assert_settled(db)
    assert "10.0.0.0/16" in [row["cidr_block"] for row in in_aws(account, "vpc")]
    db.execute("UPDATE vpc SET cidr_block = '10.0.255.255/16' WHERE id = %s", (vpc,))
    assert_settled(db)


def test_null_is_no_opinion_and_is_filled_in(db):
    install(db, "aws_ecr", "aws_security_group")
    db.execute("INSERT INTO repository (repository_name, scan_on_push) VALUES ('app', NULL)")
    group = insert(db, "security_group", group_name="web", description="Web")
    db.execute(
        "INSERT INTO security_group_rule (security_group_id, is_egress, ip_protocol, cidr_ipv4)"
        " VALUES (%s, false, '-1', '10.0.0.0/8')",
        (group,),
    )
    applied(db)
    assert rows(db, "SELECT scan_on_push, image_tag_mutability, region FROM repository") == [
        {"scan_on_push": False, "image_tag_mutability": "MUTABLE", "region": REGION}
    ]
    assert value(db, "SELECT vpc_id FROM security_group WHERE id = %s", group) == value(
        db, "SELECT vpc_id FROM vpc WHERE is_default"
    )
    assert rows(db, "SELECT from_port, to_port FROM security_group_rule WHERE security_group_id = %s", group) == [
        {"from_port": -1, "to_port": -1}
    ]


def test_null_in_an_existing_row_is_no_change(db, app):
    db.execute("UPDATE repository SET tags = '{\"a\": \"1\"}'")
    applied(db)
    db.execute("UPDATE repository SET tags = NULL, image_tag_mutability = NULL, scan_on_push = NULL")
    assert plan(db) == []
    synced(db)
    assert value(db, "SELECT tags FROM repository") == {"a": "1"}


def test_outputs_are_awss(db, app):
    arn = value(db, "SELECT repository_arn FROM repository")
    db.execute("UPDATE repository SET repository_arn = 'mine', created_at = now(), scan_on_push = true")
    assert notices(db, "repository_arn") and notices(db, "created_at")
    assert value(db, "SELECT repository_arn FROM repository") == arn
    assert applied(db) == [("update", "repository", "app")]
    db.execute("INSERT INTO repository (repository_name, repository_arn, repository_uri) VALUES ('other', 'mine', 'too')")
    assert rows(db, "SELECT repository_arn, repository_uri FROM repository WHERE repository_name = 'other'") == [
        {"repository_arn": None, "repository_uri": None}
    ]
    applied(db)
    assert value(db, "SELECT repository_arn FROM repository WHERE repository_name = 'other'").startswith("arn:")


def test_a_change_of_the_rows_number_is_none_of_the_object(account, db, app):
    db.execute("DELETE FROM repository_policy")
    applied(db)
    db.execute("UPDATE repository SET id = 1000")
    assert_settled(db)
    db.execute("UPDATE repository SET scan_on_push = true")
    assert [row["id"] for row in rows(db, "SELECT * FROM iasql_apply()")] == [1000]
    assert_settled(db)


def test_several_rows_at_once(account, db):
    install(db, "aws_cloudwatch")
    db.execute("INSERT INTO log_group (log_group_name) SELECT '/many/' || n FROM generate_series(1, 30) n")
    assert len(applied(db)) == 30
    db.execute("UPDATE log_group SET tags = jsonb_build_object('name', log_group_name)")
    assert len(applied(db)) == 30
    assert_agrees(account, db, "log_group")
