"""AWS changed underneath: apply writes what the user changed, keeps the rest, and says what it found."""

import json

import pytest

from aws_objects import assert_agrees, in_aws
from server import plan, rows, value
from steps import applied, apply, assert_settled, insert, install, notices, synced


@pytest.fixture
def repository(db):
    install(db, "aws_ecr")
    row = insert(db, "repository", repository_name="app", tags='{"a": "1"}')
    applied(db)
    return row


def test_only_the_changed_columns_are_written(account, db, ecr, repository):
    ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    db.execute("UPDATE repository SET scan_on_push = true")
    assert apply(db) == [("update", "repository", "app")]
    (there,) = in_aws(account, "repository")
    assert (there["image_tag_mutability"], there["scan_on_push"]) == ("IMMUTABLE", True)
    (warning,) = notices(db, "WARNING")
    assert "repository app" in warning
    # What others changed stays drift: apply does not hide it, sync shows it.
    assert plan(db) == []
    assert [change[:2] for change in synced(db)] == [("update", "repository")]
    assert_agrees(account, db, "repository", "repository_policy")


def test_the_warning_names_what_else_differs(database, account, ecr, repository):
    ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    connection = database.connect()
    details = []
    connection.add_notice_handler(lambda notice: details.append(notice.message_detail or ""))
    connection.execute("UPDATE repository SET scan_on_push = true")
    apply(connection)
    (detail,) = [detail for detail in details if "image_tag_mutability" in detail]
    assert "IMMUTABLE" in detail and "MUTABLE" in detail and "kept" in detail


def test_both_changed_the_same_column(database, account, ecr, repository):
    (there,) = in_aws(account, "repository")
    ecr.tag_resource(resourceArn=there["repository_arn"], tags=[{"Key": "a", "Value": "theirs"}])
    connection = database.connect()
    connection.execute("UPDATE repository SET tags = '{\"a\": \"mine\"}'")
    apply(connection)
    assert notices(connection, "was changed in AWS")
    (there,) = in_aws(account, "repository")
    assert there["tags"] == {"a": "mine"}
    assert_settled(connection)


def test_both_made_the_same_change(account, db, ecr, repository):
    ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
    applied(db)
    assert_agrees(account, db, "repository", "repository_policy")


def test_changed_rows_whose_object_is_gone_are_created_again(account, db, ecr, repository):
    ecr.delete_repository(repositoryName="app")
    db.execute("UPDATE repository SET scan_on_push = true")
    done = applied(db)
    assert [change[1] for change in done] == ["repository"]
    (there,) = in_aws(account, "repository")
    assert (there["scan_on_push"], there["tags"]) == (True, {"a": "1"})
    assert_agrees(account, db, "repository", "repository_policy")
    assert value(db, "SELECT id FROM repository") == repository


def test_a_group_that_is_gone_is_created_again_with_another_id(account, db, ec2):
    install(db, "aws_security_group")
    group = insert(db, "security_group", group_name="web", description="Web")
    applied(db)
    old = value(db, "SELECT group_id FROM security_group WHERE id = %s", group)
    ec2.delete_security_group(GroupId=old)
    db.execute("UPDATE security_group SET tags = '{\"a\": \"1\"}' WHERE id = %s", (group,))
    applied(db)
    assert value(db, "SELECT group_id FROM security_group WHERE id = %s", group) != old
    assert_agrees(account, db, "security_group", "security_group_rule")


def test_a_delete_of_what_is_gone_already_is_done(account, db, ecr, repository):
    ecr.delete_repository(repositoryName="app")
    db.execute("DELETE FROM repository")
    assert [change[:2] for change in applied(db)] == [("delete", "repository")]
    assert in_aws(account, "repository") == []


def test_a_delete_of_what_others_changed(account, db, ecr, repository):
    ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    db.execute("DELETE FROM repository")
    assert [change[:2] for change in applied(db)] == [("delete", "repository")]
    assert in_aws(account, "repository") == []


def test_a_policy_that_others_removed_and_one_that_they_changed(account, db, ecr, repository):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}
    insert(db, "repository_policy", repository_id=repository, policy_text=json.dumps(policy))
    applied(db)
    ecr.delete_repository_policy(repositoryName="app")
    policy["Statement"][0]["Sid"] = "again"
    db.execute("UPDATE repository_policy SET policy_text = %s", (json.dumps(policy),))
    applied(db)
    (there,) = in_aws(account, "repository_policy")
    assert there["policy_text"] == policy
    other = json.dumps({**policy, "Statement": [{**policy["Statement"][0], "Sid": "theirs"}]})
    ecr.set_repository_policy(repositoryName="app", policyText=other)
    assert [change[:2] for change in synced(db)] == [("update", "repository_policy")]
    assert_agrees(account, db, "repository", "repository_policy")


def test_a_rule_that_is_gone_is_created_again(account, db, ec2):
    install(db, "aws_security_group")
    group = insert(db, "security_group", group_name="web", description="Web")
    rule = insert(
        db, "security_group_rule", security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80,
        cidr_ipv4="10.0.0.0/8",
    )  # fmt: skip
    applied(db)
    ids = rows(
        db,
        "SELECT group_id, security_group_rule_id FROM security_group JOIN security_group_rule ON security_group_id ="
        " security_group.id WHERE security_group_rule.id = %s",
        rule,
    )[0]
    ec2.revoke_security_group_ingress(GroupId=ids["group_id"], SecurityGroupRuleIds=[ids["security_group_rule_id"]])
    db.execute("UPDATE security_group_rule SET description = 'http' WHERE id = %s", (rule,))
    applied(db)
    assert_agrees(account, db, "security_group", "security_group_rule")
    assert plan(db) == []
