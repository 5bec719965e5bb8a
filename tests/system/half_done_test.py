"""Changes of lists, of which AWS has some already: each attach, detach, tag and untag counts by itself."""

import pytest

import proxy as faults
from aws_objects import assert_agrees
from ecs_test import trust
from server import plan, value
from steps import applied, install, refusal

READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
MISSING = "arn:aws:iam::aws:policy/ZoneOfNoPolicy"  # sorts after the other


@pytest.fixture
def iam(account):
    return account.client("iam")


@pytest.fixture
def role(proxy, db):
    install(db, "aws_iam")
    db.execute("INSERT INTO role (role_name, assume_role_policy_document) VALUES ('mine', %s)", (trust("ecs.amazonaws.com"),))
    applied(db)
    return db


def attached(iam):
    return [policy["PolicyArn"] for policy in iam.list_attached_role_policies(RoleName="mine")["AttachedPolicies"]]


def test_a_policy_that_was_attached_before_another_failed_is_detached_again(account, iam, role):
    role.execute("UPDATE role SET attached_policies_arns = %s", ([READ, MISSING],))
    assert "NoSuchEntity" in refusal(role, "SELECT * FROM iasql_apply()").message
    assert attached(iam) == [READ]
    role.execute("UPDATE role SET attached_policies_arns = '{}'")
    assert plan(role) == [("update", "role", "mine")]
    assert applied(role) == [("update", "role", "mine")]
    assert attached(iam) == []


def test_a_tag_that_was_taken_away_before_another_failed_is_given_again(account, proxy, iam, role):
    role.execute("""UPDATE role SET tags = '{"old": "1"}'""")
    applied(role)
    proxy.on("TagRole", faults.error("InvalidInput"))
    role.execute("""UPDATE role SET tags = '{"new": "1"}'""")
    assert "InvalidInput" in refusal(role, "SELECT * FROM iasql_apply()").message
    assert "old" not in [tag["Key"] for tag in iam.list_role_tags(RoleName="mine")["Tags"]]
    role.execute("""UPDATE role SET tags = '{"old": "1"}'""")
    assert applied(role) == [("update", "role", "mine")]
    assert value(role, "SELECT tags FROM role") == {"old": "1"}
    assert_agrees(account, role, "role")


def test_what_aws_has_already_is_planned_once(account, iam, role):
    iam.tag_role(RoleName="mine", Tags=[{"Key": "team", "Value": "web"}])
    iam.attach_role_policy(RoleName="mine", PolicyArn=READ)
    role.execute("""UPDATE role SET tags = '{"team": "web"}', attached_policies_arns = %s""", ([READ],))
    assert plan(role) == [("update", "role", "mine")]
    applied(role)
    assert_agrees(account, role, "role")
