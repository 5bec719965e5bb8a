"""The IAM policies in docs/reference/policies, against all that botocore knows of the services."""

import json
import re

import botocore.loaders
import pytest

from server import SOURCE

POLICIES = sorted((SOURCE / "docs" / "reference" / "policies").glob("*.json"))
# Where botocore calls a service otherwise than IAM.
SERVICES = {"elasticloadbalancing": "elbv2"}
# Checked by other services along with their operations; no operation itself.
PERMISSIONS_ONLY = {"iam:PassRole"}


@pytest.fixture(scope="module")
def operations():
    """The operations of a service, by IAM's prefix."""
    loader = botocore.loaders.Loader()
    return lambda prefix: loader.load_service_model(SERVICES.get(prefix, prefix), "service-2")["operations"]


@pytest.mark.parametrize("path", POLICIES, ids=[path.stem for path in POLICIES])
def test_is_a_policy_of_actions_that_exist(path, operations):
    policy = json.loads(path.read_text())
    assert set(policy) == {"Version", "Statement"} and policy["Version"] == "2012-10-17"
    for statement in policy["Statement"]:
        assert set(statement) <= {"Effect", "Action", "Resource", "Condition"}
        assert statement["Effect"] == "Allow" and statement["Resource"] == "*"
        actions = statement["Action"]
        assert actions == sorted(set(actions)) and actions
        for action in set(actions) - PERMISSIONS_ONLY:
            prefix, _, operation = action.partition(":")
            assert operation in operations(prefix), action
        if set(actions) & {"iam:PassRole", "iam:CreateServiceLinkedRole"}:
            ((key, services),) = statement["Condition"]["StringEquals"].items()
            assert key in ("iam:PassedToService", "iam:AWSServiceName")
            assert all(re.fullmatch(r"[a-z-]+\.amazonaws\.com", service) for service in services)


def test_there_are_policies():
    assert {"all.read", "all.write", "aws_vpc.read", "aws_vpc.write"} <= {path.stem for path in POLICIES}
