"""What a service's request must name that exists and goes together: task definition, containers, target groups, network."""

import re

from moto.ec2.models import ec2_backends
from moto.ecs.exceptions import EcsClientException, InvalidParameterException
from moto.elbv2.models import elbv2_backends


def check_name(name):
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name or ""):
        raise InvalidParameterException(
            "Invalid service name. Only up to 255 letters, numbers, hyphens and underscores are allowed."
        )


def definition_for(backend, name, launch_type):
    """The active task definition of that ARN, family and revision, or family, which can be launched so."""
    if not name:
        raise InvalidParameterException("TaskDefinition can not be blank.")
    try:
        definition = backend.describe_task_definition(name)
    except EcsClientException:
        definition = None
    if definition is None:
        raise EcsClientException("TaskDefinition not found.")
    if definition.status != "ACTIVE":
        raise EcsClientException("TaskDefinition is inactive")
    if launch_type == "FARGATE" and "FARGATE" not in definition.compatibilities:
        raise InvalidParameterException("Task definition does not support launch_type FARGATE.")
    return definition


def check_network(backend, network, definition, launch_type):
    if definition.network_mode != "awsvpc":
        if network:
            raise InvalidParameterException(
                "Network Configuration is not valid for the given networkMode of this task definition."
            )
        return
    if not network:
        raise InvalidParameterException("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    vpc = network["awsvpcConfiguration"]
    if vpc.get("assignPublicIp") == "ENABLED" and launch_type != "FARGATE":
        raise InvalidParameterException("Assign public IP is not supported for this launch type.")
    subnet_ids, group_ids = vpc.get("subnets") or [], vpc.get("securityGroups") or []
    if not subnet_ids:
        raise InvalidParameterException("subnets can not be empty.")
    for what, ids, most in (("subnets", subnet_ids, 16), ("securityGroups", group_ids, 5)):
        if len(ids) > most:
            raise InvalidParameterException(f"{what} can have at most {most} items.")
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    known = {subnet.id: subnet for subnet in ec2.describe_subnets()}
    for subnet_id in subnet_ids:
        if subnet_id not in known:
            raise InvalidParameterException(
                f"Error retrieving subnet information for [{subnet_id}]: The subnet ID '{subnet_id}' does not exist "
                "(ErrorCode: InvalidSubnetID.NotFound)"
            )
    vpc_ids = {known[subnet_id].vpc_id for subnet_id in subnet_ids}
    if len(vpc_ids) > 1:
        raise InvalidParameterException("All subnets must be in the same VPC.")
    for group_id in group_ids:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise InvalidParameterException(
                f"Error retrieving security group information for [{group_id}]: The security group '{group_id}' does not "
                "exist (ErrorCode: InvalidGroup.NotFound)"
            )
        if group.vpc_id not in vpc_ids:
            raise InvalidParameterException(
                f"Security group {group_id} does not appear to belong to the same VPC as the input subnets."
            )


def check_load_balancers(backend, load_balancers, definition):
    containers = {container["name"]: container for container in definition.container_definitions}
    groups = elbv2_backends[backend.account_id][backend.region_name].target_groups
    for load_balancer in load_balancers:
        arn, name, port = (load_balancer.get(key) for key in ("targetGroupArn", "containerName", "containerPort"))
        if name not in containers:
            raise InvalidParameterException(f"The container {name} does not exist in the task definition.")
        if port not in [mapping.get("containerPort") for mapping in containers[name]["portMappings"]]:
            raise InvalidParameterException(f"The container {name} did not have a container port {port} defined.")
        if arn not in groups:
            raise InvalidParameterException(
                "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role "
                "being passed has the proper permissions."
            )
        if definition.network_mode == "awsvpc" and groups[arn].target_type != "ip":
            raise InvalidParameterException(
                f"The provided target group {arn} has target type {groups[arn].target_type}, which is incompatible with the "
                "awsvpc network mode specified in the task definition."
            )
        if not groups[arn].load_balancer_arns:
            raise InvalidParameterException(
                f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            )
