"""Roles: what a row can do that other tables' rows cannot, and what AWS keeps for itself."""

import json

import pytest

from aws_objects import assert_agrees, in_aws
from server import plan, rows, value
from steps import applied, apply, install, notices, refusal, synced

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["sts:AssumeRole"], "Principal": {"Service": ["ecs-tasks.amazonaws.com"]}},
    ],
}
READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
VIEW = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"


@pytest.fixture
def iam(account):
    return account.client("iam")


@pytest.fixture
def role(db):
    install(db, "aws_iam")
    db.execute(
        "INSERT INTO role (role_name, assume_role_policy_document, attached_policies_arns) VALUES ('mine', %s, %s)",
        (json.dumps(TRUST), [READ, VIEW]),
    )
    return db


def test_a_role_has_no_number_and_is_deleted_by_its_arn(role):
    created = rows(role, "SELECT * FROM iasql_apply()")
    assert [(row["action"], row["id"], row["description"]) for row in created] == [("create", None, "mine")]
    role.execute("DELETE FROM role")
    (deleted,) = rows(role, "SELECT * FROM iasql_apply()")
    assert (deleted["id"], deleted["description"]) == (None, "arn:aws:iam::123456789012:role/mine")


def test_what_a_trust_policy_means_counts_not_how_it_is_written(account, role):
    applied(role)
    (statement,) = TRUST["Statement"]
    same = {**statement, "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
    spelled = {"Statement": same, "Version": TRUST["Version"]}
    role.execute("UPDATE role SET assume_role_policy_document = %s", (json.dumps(spelled, indent=4),))
    assert plan(role) == []


def test_the_order_of_policies_does_not_count(role):
    applied(role)
    role.execute("UPDATE role SET attached_policies_arns = %s", ([VIEW, READ],))
    assert plan(role) == []


def test_no_opinion_on_policies_leaves_them(account, role, iam):
    applied(role)
    role.execute("UPDATE role SET attached_policies_arns = NULL, description = 'mine'")
    assert plan(role) == [("update", "role", "mine")]
    applied(role)
    (there,) = in_aws(account, "role")
    assert there["attached_policies_arns"] == sorted([READ, VIEW])
    assert value(role, "SELECT cardinality(attached_policies_arns) FROM role") == 2


def test_a_policy_that_does_not_exist_fails_and_the_next_apply_goes_on(account, role):
    missing = "arn:aws:iam::aws:policy/NoSuchPolicy"
    role.execute("UPDATE role SET attached_policies_arns = %s", ([READ, missing],))
    refused = refusal(role, "SELECT * FROM iasql_apply()")
    assert refused.message.startswith("role mine") and "NoSuchEntity" in refused.message
    role.execute("UPDATE role SET attached_policies_arns = %s", ([READ],))
    applied(role)
    assert_agrees(account, role, "role")


def test_a_session_may_stay_as_long_as_it_was(account, iam, role):
    iam.create_role(RoleName="long", AssumeRolePolicyDocument=json.dumps(TRUST), MaxSessionDuration=7200)
    synced(role)
    role.execute("UPDATE role SET description = 'changed' WHERE role_name = 'long'")
    applied(role)
    assert iam.get_role(RoleName="long")["Role"]["MaxSessionDuration"] == 7200


def test_a_role_that_something_holds_keeps_all_it_has(iam, role):
    applied(role)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="mine", PolicyName="inline", PolicyDocument=json.dumps(policy))
    attached = iam.list_attached_role_policies(RoleName="mine")["AttachedPolicies"]
    role.execute("DELETE FROM role")
    refused = refusal(role, "SELECT * FROM iasql_apply()")
    assert refused.sqlstate == "IQ010" and 'inline policy "inline"' in refused.message and "inline policies" in refused.hint
    assert iam.list_attached_role_policies(RoleName="mine")["AttachedPolicies"] == attached
    iam.delete_role_policy(RoleName="mine", PolicyName="inline")
    iam.create_instance_profile(InstanceProfileName="machine")
    iam.add_role_to_instance_profile(InstanceProfileName="machine", RoleName="mine")
    assert 'instance profile "machine"' in refusal(role, "SELECT * FROM iasql_apply()").message
    iam.remove_role_from_instance_profile(InstanceProfileName="machine", RoleName="mine")
    assert [change[:2] for change in applied(role)] == [("delete", "role")]


def test_the_roles_of_awss_services_stay(account, db, iam):
    iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    install(db, "aws_iam")
    before = in_aws(account, "role")
    assert len(before) == value(db, "SELECT count(*) FROM role") == 1
    db.execute("SELECT delete_all_records()")
    assert notices(db, "role: 0 deleted, 1 stayed")
    db.execute("DELETE FROM role")
    assert refusal(db, "SELECT * FROM iasql_apply()").sqlstate == "IQ013"
    synced(db)
    assert in_aws(account, "role") == before


def test_a_role_that_somebody_made_meanwhile_is_adopted(account, iam, role):
    iam.create_role(RoleName="mine", AssumeRolePolicyDocument=json.dumps(TRUST), Description="theirs")
    iam.attach_role_policy(RoleName="mine", PolicyArn=READ)
    ((action, table, description),) = apply(role)
    assert (action, table) == ("update", "role") and "adopts existing" in description
    (there,) = in_aws(account, "role")
    assert there["attached_policies_arns"] == sorted([READ, VIEW]) and there["description"] == "theirs"
    assert_agrees(account, role, "role")


def test_a_role_is_the_same_in_all_regions(account, role):
    applied(role)
    role.execute("UPDATE aws_regions SET is_enabled = true WHERE region = 'us-west-2'")
    synced(role)
    assert value(role, "SELECT count(*) FROM role") == 1
    role.execute("SELECT default_aws_region('us-west-2')")
    role.execute("UPDATE role SET description = 'from elsewhere'")
    applied(role)
    assert_agrees(account, role, "role")
