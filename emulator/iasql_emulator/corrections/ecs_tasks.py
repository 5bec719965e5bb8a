"""Tasks of services: started and stopped by and by, each with a network interface while it lives.

A task of a service appears running when the delay is over. When it is no longer wanted its desired status is STOPPED at
once; a delay later it is DEPROVISIONING, and after another its interface is gone and it is STOPPED.
"""

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend, Task

from iasql_emulator import passing_time
from iasql_emulator.corrections import around
from iasql_emulator.corrections.interfaces import managed, remove_interface


def interfaces_of(task):
    """The task's network interfaces that are still there."""
    known = ec2_backends[task._account_id][task.region_name].enis
    details = [detail for attachment in task.attachments for detail in attachment["details"]]
    wanted = [detail["value"] for detail in details if detail["name"] == "networkInterfaceId"]
    return [known[interface_id] for interface_id in wanted if interface_id in known]


@around(Task, "__init__")
def make_task(make, task, *arguments, networking_configuration=None, **named):
    """moto asks for security groups, and makes an interface that does not say whose it is."""
    if networking_configuration:
        vpc = networking_configuration["awsvpcConfiguration"]
        networking_configuration = {"awsvpcConfiguration": {**vpc, "securityGroups": vpc.get("securityGroups") or []}}
    make(task, *arguments, networking_configuration=networking_configuration, **named)
    task.created_at = utcnow()
    for attachment, interface in zip(task.attachments, interfaces_of(task)):
        interface.description = f"arn:aws:ecs:{task.region_name}:{task._account_id}:attachment/{attachment['id']}"
        managed(interface, "578734482556")


@around(Task, "advance")
def looking_changes_nothing(_advance, _task):
    """moto lets a task go on towards its end each time it is described."""


def start(backend, service, deployment):
    """Starts one task of the deployment."""
    cluster = backend.clusters[service.cluster_name]
    definition = backend.describe_task_definition(deployment["taskDefinition"])
    task = Task(
        cluster=cluster,
        task_definition=definition,
        container_instance_arn=None,
        resource_requirements=None,
        backend=backend,
        group=f"service:{service.name}",
        launch_type=service.launch_type,
        started_by=deployment["id"],
        networking_configuration=deployment["networkConfiguration"] or None,
        platform_version=service.platform_version,
    )
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task


def stop(task, reason):
    task.desired_status, task.stopped_reason = "STOPPED", reason

    def stopped():
        for interface in interfaces_of(task):
            remove_interface(interface)
        task.last_status, task.stopped_at = "STOPPED", utcnow()

    def stopping():
        task.last_status = "DEPROVISIONING"
        passing_time.later(stopped)

    passing_time.later(stopping)


def tasks_of_service(backend, service):
    """The tasks of the service that ECS has not let go of yet: those before DEPROVISIONING."""
    return [
        task
        for task in backend.tasks.get(service.cluster_name, {}).values()
        if task.group == f"service:{service.name}" and task.last_status == "RUNNING"
    ]


@around(EC2ContainerServiceBackend, "list_tasks")
def list_tasks(list_them, backend, *others, service_name=None, desired_status=None):
    """Those of a service if asked for; stopped ones only if asked for. moto's last two parameters are these."""
    if len(others) > 4:
        *others, service_name, desired_status = others
    tasks = list_them(backend, *others)
    if others and others[0]:  # moto takes a cluster whose name contains this one's, too
        cluster = backend._get_cluster(others[0])
        tasks = [task for task in tasks if task.cluster_arn == cluster.arn]
    if service_name:
        tasks = [task for task in tasks if task.group == f"service:{service_name.split('/')[-1]}"]
    return [task for task in tasks if task.desired_status == (desired_status or "RUNNING")]


@around(EC2ContainerServiceBackend, "stop_task")
def stop_task(stop_it, backend, cluster_str, task_str, reason):
    task = stop_it(backend, cluster_str, task_str, reason)
    for interface in interfaces_of(task):
        remove_interface(interface)
    return task
