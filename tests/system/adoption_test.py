"""A row for something that somebody else made: it is taken over, unless that would mean replacing it."""

import pytest

from aws_objects import assert_agrees, in_aws
from server import plan, rows, value
from steps import applied, apply, assert_settled, insert, install, refusal, synced


def test_the_same_name_is_taken_over(account, db, logs, ecr):
    install(db, "aws_cloudwatch", "aws_ecr")
    logs.create_log_group(logGroupName="/app")
    ecr.create_repository(repositoryName="app")
    insert(db, "log_group", log_group_name="/app")
    insert(db, "repository", repository_name="app")
    assert {change[0] for change in plan(db)} == {"create"}
    done = applied(db)
    assert {change[:2] for change in done} == {("update", "log_group"), ("update", "repository")}
    assert all("adopts existing arn:aws:" in description for _, _, description in done)
    assert_agrees(account, db, "log_group", "repository")
    assert len(in_aws(account, "log_group")) == 1


def test_what_differs_is_changed(account, db, ecr):
    install(db, "aws_ecr")
    ecr.create_repository(repositoryName="app", tags=[{"Key": "theirs", "Value": "1"}])
    insert(db, "repository", repository_name="app", image_tag_mutability="IMMUTABLE", tags='{"mine": "2"}')
    ((action, _, description),) = applied(db)
    assert action == "update" and "adopts existing" in description
    (there,) = in_aws(account, "repository")
    assert (there["image_tag_mutability"], there["tags"]) == ("IMMUTABLE", {"mine": "2"})
    assert_agrees(account, db, "repository")


def test_a_column_without_opinion_keeps_what_is_there(account, db, ecr):
    install(db, "aws_ecr")
    ecr.create_repository(repositoryName="app", tags=[{"Key": "theirs", "Value": "1"}])
    db.execute("INSERT INTO repository (repository_name) VALUES ('app')")
    applied(db)
    assert value(db, "SELECT tags FROM repository") == {"theirs": "1"}


def test_a_policy_of_somebody_else_is_not_overwritten_unseen(account, db, ecr):
    install(db, "aws_ecr")
    repository = insert(db, "repository", repository_name="app")
    applied(db)
    theirs = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'
    ecr.set_repository_policy(repositoryName="app", policyText=theirs)
    insert(db, "repository_policy", repository_id=repository, policy_text=theirs)
    ((action, _, description),) = applied(db)
    assert action == "update" and "adopts existing" in description
    assert_agrees(account, db, "repository_policy")


def test_a_rule_of_somebody_else(account, db, ec2):
    install(db, "aws_security_group")
    group = insert(db, "security_group", group_name="web", description="Web")
    applied(db)
    group_id = value(db, "SELECT group_id FROM security_group WHERE id = %s", group)
    port = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[port])
    insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80,
        cidr_ipv4="10.0.0.0/8",
    )  # fmt: skip
    ((action, _, description),) = applied(db)
    assert action == "update" and "adopts existing sgr-" in description
    assert_agrees(account, db, "security_group_rule")


def test_where_it_would_take_a_replace_the_change_fails_and_names_the_columns(account, db, ec2):
    install(db, "aws_security_group")
    vpc = value(db, "SELECT vpc_id FROM vpc WHERE is_default")
    ec2.create_security_group(GroupName="web", Description="Theirs", VpcId=vpc)
    insert(db, "security_group", group_name="web", description="Mine")
    insert(db, "security_group", group_name="other", description="Other")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010"
    assert "security_group web" in refused.message and "description" in refused.message
    groups = {there["group_name"]: there["description"] for there in in_aws(account, "security_group")}
    assert groups["web"] == "Theirs" and groups["other"] == "Other"


@pytest.mark.parametrize("ending", ["ROLLBACK", "COMMIT"])
def test_what_was_taken_over_is_deleted_only_if_its_row_is(account, database, logs, ending):
    connection = database.connect()
    install(connection, "aws_cloudwatch")
    logs.create_log_group(logGroupName="/app", tags={"a": "theirs"})
    connection.execute("BEGIN")
    insert(connection, "log_group", log_group_name="/app", tags='{"a": "mine"}')
    apply(connection)
    connection.execute(ending)
    # After a rollback there is no row, but what was taken over was never ours to delete.
    assert plan(connection) == []
    assert apply(connection) == []
    assert len(in_aws(account, "log_group")) == 1
    synced(connection)
    assert rows(connection, "SELECT tags FROM log_group") == [{"tags": {"a": "mine"}}]


def test_somebody_elses_object_is_not_ours_to_recreate(db, logs):
    """delete_all_records() counts what was taken over among what had existed before."""
    install(db, "aws_cloudwatch")
    logs.create_log_group(logGroupName="/theirs")
    insert(db, "log_group", log_group_name="/theirs")
    insert(db, "log_group", log_group_name="/mine")
    applied(db)
    db.execute("SELECT delete_all_records()")
    assert [notice for notice in db.notices if "log_group: 2 deleted" in notice and "1 of the deleted had existed" in notice]


def test_two_rows_for_one_object(account, db, logs):
    install(db, "aws_cloudwatch")
    insert(db, "log_group", log_group_name="/app")
    applied(db)
    db.execute("ALTER TABLE log_group DROP CONSTRAINT log_group_name_key")
    insert(db, "log_group", log_group_name="/app")
    refused = refusal(db, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010" and "another row" in refused.message
    db.execute("DELETE FROM log_group WHERE id = (SELECT max(id) FROM log_group)")
    assert_settled(db)
