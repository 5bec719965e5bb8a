"""Task definitions: what Fargate takes, the roles they name, the values AWS fills in, and which revision a family means."""

import re

from moto.core.responses import ActionResult, PaginatedResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import EcsClientException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.iam.models import iam_backends

from iasql_emulator.corrections import around, before
from iasql_emulator.corrections.iam import principals_of

FARGATE_MEMORY = {  # MiB by CPU units
    256: [512, 1024, 2048],
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}
SERVICE_PRINCIPAL = "ecs-tasks.amazonaws.com"


def units(text, unit):
    """CPU units or MiB of "1024", "1 vCPU" or "2GB"."""
    match = re.fullmatch(rf"\s*(\d*\.?\d+)\s*({unit})?\s*", text, re.IGNORECASE)
    if match is None or (match[2] is None and "." in match[1]):
        raise EcsClientException(f"Invalid value '{text}'")
    return int(float(match[1]) * 1024) if match[2] else int(match[1])


def is_for_fargate(response):
    return "FARGATE" in (response._get_param("requiresCompatibilities") or [])


@before(EC2ContainerServiceResponse, "register_task_definition")
def a_family_has_a_lawful_name(response):
    family = response._get_param("family") or ""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", family):
        raise EcsClientException(
            "Family contains invalid characters. Only up to 255 letters, numbers, hyphens and underscores are allowed."
        )


@before(EC2ContainerServiceResponse, "register_task_definition")
def fargate_has_fixed_sizes(response):
    if not is_for_fargate(response):
        return
    if response._get_param("networkMode") != "awsvpc":
        raise EcsClientException("Fargate only supports network mode 'awsvpc'.")
    sizes = []
    for parameter, unit in (("cpu", "vcpu"), ("memory", "gb")):
        if response._get_param(parameter) is None:
            raise EcsClientException(f"Fargate requires that '{parameter}' be defined at the task level.")
        sizes.append(units(response._get_param(parameter), unit))
    cpu, memory = sizes
    if memory not in FARGATE_MEMORY.get(cpu, []):
        raise EcsClientException(
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )


@before(EC2ContainerServiceResponse, "register_task_definition")
def containers_are_named_and_fit_into_the_task(response):
    containers = response._get_param("containerDefinitions") or []
    if not containers:
        raise EcsClientException("Container list cannot be empty.")
    names = [container.get("name") for container in containers]
    if len(set(names)) < len(names):
        raise EcsClientException("Container names must be unique within a task definition.")
    if not any(container.get("essential", True) for container in containers):
        raise EcsClientException("At least one container must be essential.")
    memory = response._get_param("memory")
    most = units(memory, "gb") if memory else None
    for container in containers:
        hard, soft = container.get("memory"), container.get("memoryReservation")
        if hard is not None and soft is not None and hard < soft:
            raise EcsClientException(
                f"Invalid setting for container '{container['name']}'. The value of 'memory' must not be below that of "
                "'memoryReservation'."
            )
        if most is not None and hard is not None and hard > most:
            raise EcsClientException(f"The 'memory' setting for container '{container['name']}' is greater than for the task.")
    if most is not None and sum(container.get("memoryReservation", 0) for container in containers) > most:
        raise EcsClientException(
            "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'."
        )


@before(EC2ContainerServiceResponse, "register_task_definition")
def host_ports_are_container_ports(response):
    if response._get_param("networkMode") != "awsvpc":
        return
    for container in response._get_param("containerDefinitions") or []:
        for mapping in container.get("portMappings", []):
            if mapping.get("hostPort", mapping.get("containerPort")) != mapping.get("containerPort"):
                raise EcsClientException(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
                )


@before(EC2ContainerServiceResponse, "register_task_definition")
def an_image_or_a_log_driver_of_aws_needs_an_execution_role(response):
    if not is_for_fargate(response) or response._get_param("executionRoleArn"):
        return
    for container in response._get_param("containerDefinitions") or []:
        if ".dkr.ecr." in container.get("image", ""):
            raise EcsClientException("Fargate requires task definition to have execution role ARN to support ECR images.")
        if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
            raise EcsClientException(
                "Fargate requires task definition to have execution role ARN to support log driver awslogs."
            )


def role_of(account_id, arn_or_name):
    """The role, if IAM has it and the other services know it already; else None."""
    for role in iam_backends[account_id]["aws"].get_roles():
        if arn_or_name in (role.arn, role.name) and role.is_known_everywhere:
            return role
    return None


@before(EC2ContainerServiceResponse, "register_task_definition")
def roles_are_known_and_trust_the_tasks(response):
    for parameter in ("executionRoleArn", "taskRoleArn"):
        arn = response._get_param(parameter)
        if not arn:
            continue
        role = role_of(response.current_account, arn)
        if role is None:
            raise EcsClientException("Role is not valid")
        if ("Service", SERVICE_PRINCIPAL) not in set(principals_of(role.assume_role_policy_document)):
            raise EcsClientException(
                f"ECS was unable to assume the role '{role.arn}' that was provided for this task. Please verify that the role "
                "being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass "
                "this role."
            )


def with_defaults(container, network_mode):
    """A container's definition as AWS gives it back."""
    full = {
        "cpu": 0,
        "portMappings": [],
        "essential": True,
        "environment": [],
        "mountPoints": [],
        "volumesFrom": [],
        "systemControls": [],
        **container,
    }
    full["portMappings"] = [
        {
            "protocol": "tcp",
            **mapping,
            "hostPort": mapping.get("containerPort") if network_mode == "awsvpc" else mapping.get("hostPort", 0),
        }
        for mapping in full["portMappings"]
    ]
    return full


@around(EC2ContainerServiceBackend, "register_task_definition")
def register_task_definition(register, backend, family, container_definitions, **named):
    for parameter, unit in (("cpu", "vcpu"), ("memory", "gb")):
        if named.get(parameter):
            named[parameter] = str(units(named[parameter], unit))
    definition = register(backend, family, container_definitions, **named)
    definition.container_definitions = [
        with_defaults(container, definition.network_mode) for container in definition.container_definitions
    ]
    definition.registered_at = utcnow()
    definition.registered_by = f"arn:aws:iam::{backend.account_id}:root"
    return definition


@around(EC2ContainerServiceResponse, "register_task_definition")
def tags_are_beside_the_definition(register, response):
    answer = register(response)
    return ActionResult({**answer.result, "tags": response._get_param("tags") or []})


@around(EC2ContainerServiceBackend, "describe_task_definition")
def describe_task_definition(describe, backend, task_definition_str):
    """A family means its newest revision that is active."""
    name = task_definition_str.split("/")[-1]
    if ":" not in name:
        revisions = backend.task_definitions.get(name, {})
        active = [number for number, definition in revisions.items() if definition.status == "ACTIVE"]
        if not active:
            raise EcsClientException("Unable to describe task definition.")
        name = f"{name}:{max(active)}"
    elif not name.rpartition(":")[2].isdigit():
        raise EcsClientException(f"Invalid revision number. Number: {name.rpartition(':')[2]}")
    return describe(backend, name)


@around(EC2ContainerServiceBackend, "deregister_task_definition")
def deregister_task_definition(deregister, backend, task_definition_str):
    definition = deregister(backend, task_definition_str)
    if not hasattr(definition, "deregistered_at"):
        definition.deregistered_at = utcnow()
    return definition


@around(EC2ContainerServiceResponse, "list_task_definition_families")
def list_task_definition_families(_list, response):
    """Families by status: a family is active while one of its revisions is."""
    prefix, status = response._get_param("familyPrefix") or "", response._get_param("status") or "ALL"
    if status not in ("ACTIVE", "INACTIVE", "ALL"):
        raise InvalidParameterException("Invalid status")
    families = []
    for family, revisions in sorted(response.ecs_backend.task_definitions.items()):
        is_active = any(definition.status == "ACTIVE" for definition in revisions.values())
        if revisions and family.startswith(prefix) and status in ("ALL", "ACTIVE" if is_active else "INACTIVE"):
            families.append(family)
    return PaginatedResult({"families": families})


@around(EC2ContainerServiceResponse, "list_task_definitions")
def list_task_definitions(list_them, response):
    """In the order of families and revisions, or the reverse."""
    arns = list_them(response).result["taskDefinitionArns"]

    def family_and_revision(arn):
        family, _, revision = arn.rpartition(":")
        return family, int(revision)

    arns.sort(key=family_and_revision, reverse=response._get_param("sort") == "DESC")
    return PaginatedResult({"taskDefinitionArns": arns})
