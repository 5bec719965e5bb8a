"""Target groups: the same one twice, the ranges of health checks, and which load balancers use them."""

from moto.core.responses import PaginatedResult
from moto.core.utils import get_pagination_model
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends
from moto.elbv2.responses import ELBV2Response

from iasql_emulator.corrections import around, before

get_pagination_model("elbv2")["DescribeTargetGroups"]["unique_attribute"] = "arn"
RANGES = {
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
    "Port": (1, 65535),
}
SETTINGS = (
    "vpc_id", "protocol", "protocol_version", "port", "target_type", "ip_address_type", "matcher", "health_check_protocol",
    "health_check_port", "health_check_path", "health_check_interval_seconds", "health_check_timeout_seconds",
    "health_check_enabled", "healthy_threshold_count", "unhealthy_threshold_count",
)  # fmt: skip


def invalid(message):
    return ELBClientError("ValidationError", message)


def settings_of(backend, group):
    tags = backend.tagging_service.get_tag_dict_for_resource(group.arn)
    return [str(getattr(group, name, None)) for name in SETTINGS], tags


@around(ELBv2Backend, "create_target_group")
def create_target_group(create, backend, name, **named):
    """The same group again, or the error of a name that is taken by another."""
    existing = next((group for group in backend.target_groups.values() if group.name == name), None)
    if existing is None:
        return create(backend, name, **named)
    del backend.target_groups[existing.arn]
    try:
        wanted = create(backend, name, **named)
        settings = settings_of(backend, wanted)
        del backend.target_groups[wanted.arn]
        backend.tagging_service.delete_all_tags_for_resource(wanted.arn)
    finally:
        backend.target_groups[existing.arn] = existing
    if settings != settings_of(backend, existing):
        raise ELBClientError(
            "DuplicateTargetGroupName", f"A target group with the same name '{name}' exists, but with different settings"
        )
    return existing


@before(ELBV2Response, "create_target_group", "modify_target_group")
def a_target_groups_numbers_are_in_their_ranges(response):
    for parameter, (least, most) in RANGES.items():
        value = response._get_param(parameter)
        if value is not None and not least <= int(value) <= most:
            raise invalid(f"{parameter} '{value}' must be between {least} and {most}")
    path = response._get_param("HealthCheckPath")
    if path is not None and not path.startswith("/"):
        raise invalid(f"Health check path '{path}' must begin with a '/' character")


@before(ELBV2Response, "create_target_group", "modify_target_group")
def only_lambda_targets_go_unchecked(response):
    group = response.elbv2_backend.target_groups.get(response._get_param("TargetGroupArn"))
    kind = group.target_type if group else response._get_param("TargetType") or "instance"
    if kind != "lambda" and str(response._get_param("HealthCheckEnabled")).lower() == "false":
        raise invalid(f"Health check enabled must be true for target groups with target type '{kind}'")


@around(ELBv2Backend, "modify_target_group")
def modify_target_group(modify, backend, arn, *arguments, **named):
    """The interval stays longer than the timeout, whichever of them changes."""
    group = backend.target_groups.get(arn)
    if group is None:
        return modify(backend, arn, *arguments, **named)
    before_it = dict(group.__dict__)
    changed = modify(backend, arn, *arguments, **named)
    if int(changed.health_check_timeout_seconds) >= int(changed.health_check_interval_seconds):
        message = (
            f"Health check timeout '{changed.health_check_timeout_seconds}' must be smaller than the interval "
            f"'{changed.health_check_interval_seconds}'"
        )
        group.__dict__.update(before_it)
        raise invalid(message)
    return changed


def users_of(group):
    """The ARNs of the load balancers whose listeners or rules forward to the group: moto never forgets one."""
    backend = elbv2_backends[group.account_id][group.region_name]
    return [
        balancer.arn
        for balancer in backend.load_balancers.values()
        if any(
            group.arn in backend._get_target_group_arns_from(action_data=action.data)
            for listener in balancer.listeners.values()
            for rule in listener.rules.values()
            for action in rule.actions
        )
    ]


FakeTargetGroup.load_balancer_arns = property(users_of, lambda group, value: None)


@around(ELBv2Backend, "delete_target_group")
def delete_target_group(delete, backend, arn):
    """Deleting one that is gone succeeds."""
    if arn in backend.target_groups:
        delete(backend, arn)
        backend.tagging_service.delete_all_tags_for_resource(arn)


@around(ELBV2Response, "describe_target_groups")
def describe_target_groups(describe, response):
    return PaginatedResult(describe(response).result)
