"""Clusters: made once, deleted when empty, inactive afterwards; and the limits and pages of what ECS describes and lists."""

from moto.core.responses import PaginatedResult
from moto.core.utils import get_pagination_model
from moto.ecs.exceptions import ClusterNotFoundException, ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from iasql_emulator.corrections import around, before

get_pagination_model("ecs")["ListServices"]["limit_default"] = 10


def services_of(backend, cluster):
    return [service for service in backend.services.values() if service.cluster_name == cluster.name]


def tasks_of(backend, cluster):
    return list(backend.tasks.get(cluster.name, {}).values())


def count(backend, cluster):
    """Brings the numbers that a cluster shows up to date."""
    cluster.active_services_count = sum(service.status == "ACTIVE" for service in services_of(backend, cluster))
    running = sum(task.last_status == "RUNNING" for task in tasks_of(backend, cluster))
    cluster.running_tasks_count = running
    cluster.pending_tasks_count = sum(task.last_status in ("PROVISIONING", "PENDING") for task in tasks_of(backend, cluster))
    return cluster


@before(EC2ContainerServiceResponse, "create_cluster")
def a_cluster_has_a_lawful_name(response):
    name = response._get_param("clusterName") or "default"
    if len(name) > 255 or not all(character.isascii() and (character.isalnum() or character in "-_") for character in name):
        raise InvalidParameterException(
            "Invalid cluster name. Only up to 255 letters, numbers, hyphens and underscores are allowed."
        )


@around(EC2ContainerServiceBackend, "create_cluster")
def create_cluster(create, backend, cluster_name, *arguments, **named):
    existing = backend.clusters.get(cluster_name)
    if existing is not None and existing.status == "ACTIVE":
        return count(backend, existing)
    return create(backend, cluster_name, *arguments, **named)


@around(EC2ContainerServiceBackend, "_get_cluster")
def an_inactive_cluster_is_not_found(get, backend, name):
    cluster = get(backend, name)
    if cluster.status != "ACTIVE":
        raise ClusterNotFoundException()
    return cluster


@around(EC2ContainerServiceBackend, "delete_cluster")
def delete_cluster(delete, backend, name):
    cluster = backend._get_cluster(name)
    if any(service.status in ("ACTIVE", "DRAINING") for service in services_of(backend, cluster)):
        raise ECSException(
            "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active."
        )
    if any(task.last_status != "STOPPED" for task in tasks_of(backend, cluster)):
        raise ECSException("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
    return count(backend, delete(backend, name))


@around(EC2ContainerServiceBackend, "describe_clusters")
def describe_clusters(describe, backend, cluster_names):
    if len(cluster_names) > 100:
        raise InvalidParameterException("Clusters cannot have more than 100 elements.")
    clusters, failures = describe(backend, cluster_names)
    return [count(backend, cluster) for cluster in clusters], failures


@around(EC2ContainerServiceBackend, "list_clusters")
def list_clusters(_list, backend):
    return sorted(cluster.arn for cluster in backend.clusters.values() if cluster.status == "ACTIVE")


@before(EC2ContainerServiceResponse, "describe_services", "describe_tasks")
def not_too_many_at_once(response):
    for parameter, most in (("services", 10), ("tasks", 100)):
        if len(response._get_param(parameter) or []) > most:
            raise InvalidParameterException(f"{parameter.capitalize()} cannot have more than {most} elements.")


@around(EC2ContainerServiceResponse, "list_clusters", "list_services", "list_tasks")
def in_pages(list_them, response):
    return PaginatedResult(list_them(response).result)
