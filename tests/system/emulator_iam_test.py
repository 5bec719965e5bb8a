"""Roles on the emulator: what AWS enforces of their documents and policies."""

import json
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from emulator_account import account, refused  # noqa: F401

EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


def trust(service="ecs-tasks.amazonaws.com"):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def iam(account):
    return account.client("iam")


def make(iam, name="one", **parameters):
    return iam.create_role(RoleName=name, **{"AssumeRolePolicyDocument": trust(), **parameters})["Role"]


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[]",
        '{"Version": "2012-10-17"}',
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}',
        trust("ecs-tasks"),
        trust().replace("sts:AssumeRole", "s3:GetObject"),
        trust().replace('"Action"', '"Resource": "*", "Action"'),
    ],
)
def test_a_malformed_trust_document(iam, document):
    refused("MalformedPolicyDocument", iam.create_role, RoleName="one", AssumeRolePolicyDocument=document)
    make(iam)
    refused("MalformedPolicyDocument", iam.update_assume_role_policy, RoleName="one", PolicyDocument=document)


def test_a_name_is_taken_once(iam):
    make(iam)
    refused("EntityAlreadyExists", iam.create_role, RoleName="one", AssumeRolePolicyDocument=trust())


def test_a_change_changes_what_it_names(iam):
    make(iam, Description="first", MaxSessionDuration=7200)
    iam.update_role(RoleName="one", MaxSessionDuration=3600)
    iam.update_assume_role_policy(RoleName="one", PolicyDocument=trust("lambda.amazonaws.com"))
    role = iam.get_role(RoleName="one")["Role"]
    assert role["Description"] == "first" and role["MaxSessionDuration"] == 3600
    assert role["AssumeRolePolicyDocument"] == json.loads(trust("lambda.amazonaws.com"))
    iam.update_role(RoleName="one", Description="second")
    assert iam.get_role(RoleName="one")["Role"]["Description"] == "second"
    refused("ValidationError", iam.update_role, RoleName="one", MaxSessionDuration=50000)
    refused("NoSuchEntity", iam.update_role, RoleName="two", Description="none")


def test_a_role_that_has_something_stays(iam):
    make(iam)
    iam.attach_role_policy(RoleName="one", PolicyArn=EXECUTION_POLICY)
    attached = iam.list_attached_role_policies(RoleName="one")["AttachedPolicies"]
    assert attached == [{"PolicyName": "AmazonECSTaskExecutionRolePolicy", "PolicyArn": EXECUTION_POLICY}]
    refused("DeleteConflict", iam.delete_role, RoleName="one")
    iam.detach_role_policy(RoleName="one", PolicyArn=EXECUTION_POLICY)
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'
    iam.put_role_policy(RoleName="one", PolicyName="inline", PolicyDocument=document)
    refused("DeleteConflict", iam.delete_role, RoleName="one")
    iam.delete_role_policy(RoleName="one", PolicyName="inline")
    iam.create_instance_profile(InstanceProfileName="profile")
    iam.add_role_to_instance_profile(InstanceProfileName="profile", RoleName="one")
    refused("DeleteConflict", iam.delete_role, RoleName="one")
    iam.remove_role_from_instance_profile(InstanceProfileName="profile", RoleName="one")
    iam.delete_role(RoleName="one")
    refused("NoSuchEntity", iam.get_role, RoleName="one")


def test_policies_exist_and_are_ten_at_most(iam):
    make(iam)
    refused("NoSuchEntity", iam.attach_role_policy, RoleName="one", PolicyArn="arn:aws:iam::aws:policy/None")
    refused("NoSuchEntity", iam.attach_role_policy, RoleName="two", PolicyArn=EXECUTION_POLICY)
    arns = [policy["Arn"] for policy in iam.list_policies(Scope="AWS", MaxItems=11)["Policies"]]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName="one", PolicyArn=arn)
    iam.attach_role_policy(RoleName="one", PolicyArn=arns[0])  # again: succeeds
    refused("LimitExceeded", iam.attach_role_policy, RoleName="one", PolicyArn=arns[10])


def test_roles_come_in_pages(iam):
    names = [f"role-{number}" for number in range(5)]
    for name in names:
        make(iam, name)
    pages = list(iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["Roles"]) for page in pages] == [2, 2, 1]
    assert sorted(role["RoleName"] for page in pages for role in page["Roles"]) == names


@pytest.mark.parametrize("parameters", [{"Action": "ListRoles"}, {"Action": "GetRole", "RoleName": "one"}])
def test_documents_are_url_encoded(iam, parameters):
    make(iam)
    body = urllib.parse.urlencode({"Version": "2010-05-08", **parameters})
    request = botocore.awsrequest.AWSRequest("POST", iam.meta.endpoint_url, data=body)
    request.headers["Content-Type"] = "application/x-www-form-urlencoded"
    keys = botocore.credentials.Credentials("testing", "testing")
    botocore.auth.SigV4Auth(keys, "iam", "us-east-1").add_auth(request)
    signed = urllib.request.Request(request.url, body.encode(), dict(request.headers), method="POST")
    answer = urllib.request.urlopen(signed).read().decode()
    assert f"<AssumeRolePolicyDocument>{urllib.parse.quote(trust(), safe='')}" in answer


def test_a_reset_takes_no_longer_than_a_call(account, iam, emulator):
    make(iam)
    iam.attach_role_policy(RoleName="one", PolicyArn=EXECUTION_POLICY)
    emulator.reset()
    assert iam.list_roles()["Roles"] == []
    assert iam.get_policy(PolicyArn=EXECUTION_POLICY)["Policy"]["AttachmentCount"] == 0
