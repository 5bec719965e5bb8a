"""Roles: trust documents that say whom they trust, changes that change only what they name, and quick resets.

Managed policies are parsed once and copied: moto reads 1.5 MB of JSON for each account, and again at each reset.
"""

import copy
import json
import re

from moto.core.serialize import url_encode
from moto.iam.exceptions import LimitExceededException, MalformedPolicyDocument, ValidationError
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import BaseIAMPolicyValidator
from moto.iam.responses import IamResponse
from moto.utilities.utils import get_partition

from iasql_emulator import passing_time
from iasql_emulator.corrections import around, before

MOST_POLICIES_OF_A_ROLE = 10


def as_list(value):
    return value if isinstance(value, list) else [value]


def principals_of(document):
    """(kind, name) of each principal whom the trust document's Allow statements name."""
    for statement in as_list(json.loads(document)["Statement"]):
        principal = statement.get("Principal", {})
        if statement.get("Effect") != "Allow":
            continue
        if principal == "*":
            yield "AWS", "*"
            continue
        for kind, names in principal.items():
            yield from ((kind, name) for name in as_list(names))


def check_trust(document):
    BaseIAMPolicyValidator(document).validate()
    for statement in as_list(json.loads(document)["Statement"]):
        if "Resource" in statement or "NotResource" in statement:
            raise MalformedPolicyDocument("Has prohibited field Resource")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise MalformedPolicyDocument("Missing required field Principal")
        if not isinstance(statement.get("Principal", "*"), dict) and statement.get("Principal", "*") != "*":
            raise MalformedPolicyDocument("Invalid principal in policy")
        for action in as_list(statement.get("Action", [])):
            if action != "*" and not action.lower().startswith("sts:"):
                raise MalformedPolicyDocument("AssumeRole policy may only specify STS AssumeRole actions.")
    for kind, name in principals_of(document):
        if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
            raise MalformedPolicyDocument(f'Invalid principal in policy: "{kind.upper()}":"{name}"')
        if kind == "Service" and not re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?", name):
            raise MalformedPolicyDocument(f'Invalid principal in policy: "SERVICE":"{name}"')


@before(IamResponse, "create_role")
def a_role_trusts_somebody(response):
    check_trust(response._get_param("AssumeRolePolicyDocument"))


@before(IamResponse, "update_assume_role_policy")
def a_role_goes_on_trusting_somebody(response):
    response.backend.get_role(response._get_param("RoleName"))
    check_trust(response._get_param("PolicyDocument"))


@before(IamResponse, "create_role", "update_role")
def a_session_lasts_from_one_hour_to_twelve(response):
    seconds = response._get_param("MaxSessionDuration")
    if seconds is not None and not 3600 <= int(seconds) <= 43200:
        bound = "greater than or equal to 3600" if int(seconds) < 3600 else "less than or equal to 43200"
        raise ValidationError(
            f"1 validation error detected: Value '{seconds}' at 'maxSessionDuration' failed to satisfy constraint: "
            f"Member must have value {bound}"
        )


@before(IamResponse, "attach_role_policy")
def a_role_has_ten_policies_at_most(response):
    role = response.backend.get_role(response._get_param("RoleName"))
    arns = {*role.managed_policies, response._get_param("PolicyArn")}
    if len(arns) > MOST_POLICIES_OF_A_ROLE:
        raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {MOST_POLICIES_OF_A_ROLE}")


@around(IAMBackend, "create_role")
def create_role(create, backend, *arguments, **named):
    """A new role is unknown to the other services until the delay is over."""
    role = create(backend, *arguments, **named)
    role.is_known_everywhere = False
    passing_time.later(lambda: setattr(role, "is_known_everywhere", True))
    return role


@around(IAMBackend, "update_role")
def update_role(update, backend, role_name, role_description, max_session_duration):
    """A description that the request leaves out stays."""
    if role_description is None:
        role_description = backend.get_role(role_name).description
    return update(backend, role_name, role_description, max_session_duration)


_parsed = []


@around(IAMBackend, "_init_aws_policies")
def copied_policies(parse, backend):
    if not _parsed:
        _parsed.extend(parse(backend))
    policies = []
    for parsed in _parsed:
        policy = copy.copy(parsed)
        policy.account_id, policy.partition = backend.account_id, get_partition(backend.region_name)
        policy.attachment_count, policy.versions = 0, list(parsed.versions)
        policies.append(policy)
    return policies


IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER["ListRolesResponse.Roles.Role.AssumeRolePolicyDocument"] = url_encode
