"""Services: from the first deployment to the end.

A service is ACTIVE at once with a PRIMARY deployment, and its tasks follow when the delay is over. An update that changes
what runs makes a new PRIMARY deployment; the tasks of the one before go when those of the new one have come. A deleted
service is DRAINING until its tasks are stopping, then INACTIVE: their interfaces go a delay after that. moto's services do
none of this, so its handling of create, update and delete is replaced; the checks of a request are in ecs_service_checks.
"""

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import ECSException, InvalidParameterException, ServiceNotFoundException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api._internal import mock_random

from iasql_emulator import passing_time
from iasql_emulator.corrections import around
from iasql_emulator.corrections.ecs_service_checks import check_load_balancers, check_name, check_network, definition_for
from iasql_emulator.corrections.ecs_tasks import start, stop, tasks_of_service

AS_GIVEN = {  # what a service shows as it was given, else so: {attribute: (parameter, default)}
    "load_balancers": ("loadBalancers", []),
    "service_registries": ("serviceRegistries", []),
    "placement_constraints": ("placementConstraints", []),
    "placement_strategy": ("placementStrategy", []),
    "health_check_grace_period_seconds": ("healthCheckGracePeriodSeconds", 0),
    "enable_ecs_managed_tags": ("enableECSManagedTags", False),
    "enable_execute_command": ("enableExecuteCommand", False),
    "propagate_tags": ("propagateTags", "NONE"),
    "platform_version": ("platformVersion", "LATEST"),
}
DEPLOYMENT_CONFIGURATION = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
}
STARTS_A_DEPLOYMENT = ("task_definition", "network_configuration", "load_balancers", "service_registries", "platform_version")


def network_with_defaults(network):
    if not network:
        return {}
    return {"awsvpcConfiguration": {"securityGroups": [], "assignPublicIp": "DISABLED", **network["awsvpcConfiguration"]}}


def begin_deployment(backend, service):
    """Makes a PRIMARY deployment of what the service now is; the one before is ACTIVE until it is replaced."""
    for deployment in service.deployments:
        deployment["status"] = "ACTIVE"
    now, identifier = utcnow(), f"ecs-svc/{mock_random.randint(10**18, 10**19 - 1)}"
    is_fargate = service.launch_type == "FARGATE"
    deployment = {
        "id": identifier,
        "status": "PRIMARY",
        "taskDefinition": service.task_definition,
        "desiredCount": service.desired_count,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        "launchType": service.launch_type,
        "platformVersion": "1.4.0" if is_fargate else None,
        "platformFamily": "Linux" if is_fargate else None,
        "networkConfiguration": service.network_configuration or None,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {identifier} in progress.",
    }
    service.deployments.insert(0, deployment)
    passing_time.later(lambda: reconcile(backend, service))


def count(backend, service):
    """Brings the numbers that a service and its deployments show up to date."""
    tasks = tasks_of_service(backend, service)
    service.running_count = len(tasks)
    wanted = sum(task.desired_status == "RUNNING" for task in tasks)
    service.pending_count = max(0, service.desired_count - wanted)
    for deployment in service.deployments:
        deployment["runningCount"] = sum(task.started_by == deployment["id"] for task in tasks)
        deployment["pendingCount"] = service.pending_count if deployment["status"] == "PRIMARY" else 0
    return service


def reconcile(backend, service):
    """Starts and stops tasks until the service has what it asks for: what AWS's scheduler does by and by."""
    if service.status != "ACTIVE" or service.launch_type != "FARGATE":
        return
    primary = service.deployments[0]
    running = [task for task in tasks_of_service(backend, service) if task.desired_status == "RUNNING"]
    current = [task for task in running if task.started_by == primary["id"]]
    try:
        definition = backend.describe_task_definition(service.task_definition)
        check_network(backend, primary["networkConfiguration"], definition, service.launch_type)
    except ServiceException as error:  # what it was made with is gone
        message = f"(service {service.name}) was unable to place a task. Reason: {error.message}"
        service.events.insert(0, {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": message})
        return
    for _ in range(len(current), service.desired_count):
        start(backend, service, primary)
    for task in [task for task in running if task not in current] + current[service.desired_count :]:
        stop(task, f"Scaling activity initiated by (deployment {primary['id']})")
    del service.deployments[1:]
    primary["rolloutState"], primary["updatedAt"] = "COMPLETED", utcnow()
    primary["rolloutStateReason"] = f"ECS deployment {primary['id']} completed."


def set_as_given(service, response, keep):
    """Takes over what the request gives; what it does not give stays, or is AWS's default for a new service."""
    for attribute, (parameter, default) in AS_GIVEN.items():
        value = response._get_param(parameter)
        if value is not None or not keep:
            setattr(service, attribute, default if value is None else value)
    configuration = response._get_param("deploymentConfiguration")
    if configuration is not None or not keep:
        service.deployment_configuration = {**DEPLOYMENT_CONFIGURATION, **(configuration or {})}


def existing_service(backend, cluster, response):
    """The service itself if the request that made it is repeated; an error if the name is taken; else None."""
    service = backend.services.get(f"{cluster.name}:{response._get_param('serviceName')}")
    if service is None or service.status == "INACTIVE":
        return None
    if service.status == "DRAINING":
        raise InvalidParameterException("Unable to Start a service that is still Draining.")
    if response._get_param("clientToken") and service.request == response._get_params():
        return service
    raise InvalidParameterException("Creation of service was not idempotent.")


@around(EC2ContainerServiceResponse, "create_service")
def create_service(_create, response):
    backend, name = response.ecs_backend, response._get_param("serviceName")
    check_name(name)
    cluster = backend._get_cluster(response._get_param("cluster") or "default")
    existing = existing_service(backend, cluster, response)
    if existing is not None:
        return ActionResult({"service": count(backend, existing)})
    launch_type = response._get_param("launchType") or "EC2"
    definition = definition_for(backend, response._get_param("taskDefinition"), launch_type)
    network = response._get_param("networkConfiguration")
    check_network(backend, network, definition, launch_type)
    check_load_balancers(backend, response._get_param("loadBalancers") or [], definition)
    desired_count = response._get_param("desiredCount")
    if desired_count is None and response._get_param("schedulingStrategy") != "DAEMON":
        raise InvalidParameterException("Desired count must be specified for REPLICA services.")
    service = Service(
        cluster=cluster,
        service_name=name,
        desired_count=int(desired_count or 0),
        backend=backend,
        task_definition=definition,
        scheduling_strategy=response._get_param("schedulingStrategy"),
        tags=response._get_param("tags"),
        deployment_controller=response._get_param("deploymentController"),
        launch_type=launch_type,
        network_configuration=network_with_defaults(network) or None,
    )
    set_as_given(service, response, keep=False)
    service.request = response._get_params()
    service.created_at, service.created_by = utcnow(), f"arn:aws:iam::{backend.account_id}:root"
    service.platform_family = "Linux" if launch_type == "FARGATE" else None
    if service.load_balancers:
        service.role_arn = f"arn:aws:iam::{backend.account_id}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    service.deployments = []
    begin_deployment(backend, service)
    backend.services[f"{cluster.name}:{name}"] = service
    return ActionResult({"service": count(backend, service)})


@around(EC2ContainerServiceResponse, "update_service")
def update_service(_update, response):
    backend = response.ecs_backend
    cluster = backend._get_cluster(response._get_param("cluster") or "default")
    service = backend._get_service(cluster.name, response._get_param("service"))
    if service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    given = response._get_param("taskDefinition") or service.task_definition
    definition = (
        definition_for(backend, given, service.launch_type)
        if response._get_param("taskDefinition")
        else backend.describe_task_definition(given)
    )
    network = response._get_param("networkConfiguration")
    if network is not None:
        check_network(backend, network, definition, service.launch_type)
    load_balancers = response._get_param("loadBalancers")
    check_load_balancers(backend, service.load_balancers if load_balancers is None else load_balancers, definition)
    before_it = {attribute: getattr(service, attribute) for attribute in STARTS_A_DEPLOYMENT}
    service.task_definition = definition.arn
    if network is not None:
        service.network_configuration = network_with_defaults(network)
    set_as_given(service, response, keep=True)
    if response._get_param("desiredCount") is not None:
        service.desired_count = int(response._get_param("desiredCount"))
    changed = any(getattr(service, attribute) != value for attribute, value in before_it.items())
    if changed or response._get_param("forceNewDeployment"):
        begin_deployment(backend, service)
    elif service.deployments[0]["desiredCount"] != service.desired_count:
        service.deployments[0]["desiredCount"] = service.desired_count
        passing_time.later(lambda: reconcile(backend, service))
    return ActionResult({"service": count(backend, service)})


@around(EC2ContainerServiceBackend, "delete_service")
def delete_service(_delete, backend, cluster_name, service_name, force):
    service = backend._get_service(cluster_name, service_name)
    if service.status == "INACTIVE":
        raise ServiceNotFoundException()
    if service.desired_count > 0 and not force:
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    if service.status == "ACTIVE":
        service.status, service.desired_count = "DRAINING", 0
        for deployment in service.deployments:
            deployment["desiredCount"] = 0
        for task in tasks_of_service(backend, service):
            if task.desired_status == "RUNNING":
                stop(task, f"Scaling activity initiated by (deployment {service.deployments[0]['id']})")
        # The tasks began to stop before: when this happens they are stopping.
        passing_time.later(lambda: service.__dict__.update(status="INACTIVE", deployments=[]))
    return count(backend, service)


@around(EC2ContainerServiceBackend, "_get_service")
def get_service(get, backend, cluster_str, service_str):
    """By name or ARN, as moto's describe does; its update finds services by name alone."""
    return get(backend, cluster_str, service_str.split("/")[-1])


@around(EC2ContainerServiceBackend, "describe_services")
def describe_services(describe, backend, cluster_str, names):
    services, failures = describe(backend, cluster_str, names)
    return [count(backend, service) for service in services], failures


@around(EC2ContainerServiceBackend, "list_services")
def list_services(list_them, backend, *arguments, **named):
    active = {service.arn for service in backend.services.values() if service.status == "ACTIVE"}
    return [arn for arn in list_them(backend, *arguments, **named) if arn in active]
