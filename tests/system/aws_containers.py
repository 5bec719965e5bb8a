"""Load balancers and containers as boto3 sees them, for aws_objects.py: a dict for each object in the tables' shape."""

import botocore.exceptions
from botocore import xform_name

from spelling import canonical, tags_of


def all_pages(client, operation, items, **parameters):
    pages = client.get_paginator(operation).paginate(**parameters)
    return [item for page in pages for item in page[items]]


def in_snake_case(found):
    return {xform_name(member): value for member, value in found.items()}


# -- load balancing


def default_vpc(account, region):
    (vpc,) = account.client("ec2", region).describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return vpc["VpcId"]


def elb_tags(client, arn):
    return tags_of(client.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"])


def load_balancers(account, region):
    client, default = account.client("elbv2", region), default_vpc(account, region)
    for found in all_pages(client, "describe_load_balancers", "LoadBalancers"):
        row = in_snake_case(found)
        row["state"] = found["State"]["Code"]
        row["load_balancer_type"] = found["Type"]
        row["vpc"] = "default" if found["VpcId"] == default else found["VpcId"]
        row["subnets"] = [zone["SubnetId"] for zone in found["AvailabilityZones"]]
        row["availability_zones"] = [zone["ZoneName"] for zone in found["AvailabilityZones"]]
        row["region"], row["tags"] = region, elb_tags(client, found["LoadBalancerArn"])
        yield canonical(row)


def target_groups(account, region):
    client, default = account.client("elbv2", region), default_vpc(account, region)
    for found in all_pages(client, "describe_target_groups", "TargetGroups"):
        row = in_snake_case(found)
        row["vpc"] = "default" if found.get("VpcId") == default else found.get("VpcId")
        row["region"], row["tags"] = region, elb_tags(client, found["TargetGroupArn"])
        yield canonical(row)


def listeners(account, region):
    client = account.client("elbv2", region)
    for balancer in all_pages(client, "describe_load_balancers", "LoadBalancers"):
        for found in all_pages(client, "describe_listeners", "Listeners", LoadBalancerArn=balancer["LoadBalancerArn"]):
            row = in_snake_case(found)
            row["load_balancer_id"] = found["LoadBalancerArn"]
            row["action_type"] = found["DefaultActions"][0]["Type"]
            row["target_group_id"] = found["DefaultActions"][0].get("TargetGroupArn")
            row["region"], row["tags"] = region, elb_tags(client, found["ListenerArn"])
            yield canonical(row)


def load_balancer_security_groups(account, region):
    for balancer in load_balancers(account, region):
        for group in balancer.get("security_groups", []):
            yield {"load_balancer_id": balancer["load_balancer_arn"], "security_group_id": group, "region": region}


# -- containers


def clusters(account, region):
    client = account.client("ecs", region)
    arns = all_pages(client, "list_clusters", "clusterArns")
    for found in client.describe_clusters(clusters=arns, include=["TAGS"])["clusters"] if arns else []:
        if found["status"] != "INACTIVE":
            row = in_snake_case(found)
            row["cluster_status"], row["region"], row["tags"] = found["status"], region, tags_of(found.get("tags", []))
            yield canonical(row)


def fargate_services(account, region):
    """boto3's own, of all clusters."""
    client = account.client("ecs", region)
    for cluster in all_pages(client, "list_clusters", "clusterArns"):
        arns = all_pages(client, "list_services", "serviceArns", cluster=cluster)
        for start in range(0, len(arns), 10):
            asked = {"cluster": cluster, "services": arns[start : start + 10], "include": ["TAGS"]}
            for found in client.describe_services(**asked)["services"]:
                if found["status"] != "INACTIVE" and found.get("launchType") == "FARGATE":
                    yield found


def services(account, region):
    for found in fargate_services(account, region):
        network = found["networkConfiguration"]["awsvpcConfiguration"]
        yield canonical(
            {
                "name": found["serviceName"],
                "arn": found["serviceArn"],
                "status": found["status"],
                "desired_count": found["desiredCount"],
                "subnets": network["subnets"],
                "security_groups": network.get("securityGroups", []),
                "assign_public_ip": network.get("assignPublicIp", "DISABLED"),
                "force_new_deployment": False,
                "cluster_id": found["clusterArn"],
                "task_definition_id": found["taskDefinition"],
                "target_group_id": next((balancer["targetGroupArn"] for balancer in found["loadBalancers"]), None),
                "region": region,
                "tags": tags_of(found.get("tags", [])),
            }
        )


def service_security_groups(account, region):
    for service in services(account, region):
        for group in service["security_groups"]:
            yield {"service_id": service["arn"], "security_group_id": group, "region": region}


def fargate_task_definitions(account, region):
    """boto3's own: the newest active revision of each family, and what services use."""
    client = account.client("ecs", region)
    names = set(all_pages(client, "list_task_definition_families", "families", status="ACTIVE"))
    names |= {service["taskDefinition"] for service in fargate_services(account, region)}
    definitions = {}
    for name in names:
        found = client.describe_task_definition(taskDefinition=name, include=["TAGS"])
        if "FARGATE" in found["taskDefinition"].get("requiresCompatibilities", []):
            definitions[found["taskDefinition"]["taskDefinitionArn"]] = {**found["taskDefinition"], "tags": found.get("tags", [])}
    return definitions.values()


def gigabytes(units):
    return f"{int(units) / 1024:g}"


def role_name(account, region, arn):
    """Of a role that there is."""
    if not arn:
        return None
    try:
        role = account.client("iam", region).get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except botocore.exceptions.ClientError:
        return None
    return role["RoleName"] if role["Arn"] == arn else None


def task_definitions(account, region):
    for found in fargate_task_definitions(account, region):
        row = in_snake_case(found)
        row["cpu_memory"] = f"vCPU{gigabytes(found['cpu'])}-{gigabytes(found['memory'])}GB"
        row["task_role_name"] = role_name(account, region, found.get("taskRoleArn"))
        row["execution_role_name"] = role_name(account, region, found.get("executionRoleArn"))
        row["region"], row["tags"] = region, tags_of(found["tags"])
        yield canonical(row)


def split_image(image):
    """Name, tag and digest."""
    name, _, digest = image.partition("@")
    if digest:
        return name, None, digest
    folder, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return folder + slash + last, tag or None, None


def repository_uris(account, region):
    return {found["repositoryUri"] for found in account.client("ecr", region).describe_repositories()["repositories"]}


def public_repository_uris(account):
    found = account.client("ecr-public", "us-east-1").describe_repositories()["repositories"]
    return {repository["repositoryUri"] for repository in found}


def container_definitions(account, region):
    private, public = repository_uris(account, region), public_repository_uris(account)
    for definition in fargate_task_definitions(account, region):
        for found in definition["containerDefinitions"]:
            row = in_snake_case(found)
            name, row["tag"], row["digest"] = split_image(found["image"])
            row["repository_id"] = name if name in private else None
            row["public_repository_id"] = name if name in public else None
            row["image"] = None if name in private | public else name
            row.update(in_snake_case(next(iter(found.get("portMappings", [])), {})))
            row["env_variables"] = {pair["name"]: pair["value"] for pair in found.get("environment", [])}
            row["log_group_id"] = found.get("logConfiguration", {}).get("options", {}).get("awslogs-group")
            row["task_definition_id"], row["region"] = definition["taskDefinitionArn"], region
            yield canonical(row)


READERS = {
    "load_balancer": load_balancers,
    "target_group": target_groups,
    "listener": listeners,
    "load_balancer_security_groups": load_balancer_security_groups,
    "cluster": clusters,
    "service": services,
    "task_definition": task_definitions,
    "container_definition": container_definitions,
    "service_security_groups": service_security_groups,
}

QUERIES = {
    "listener": "SELECT listener.*, load_balancer_arn AS load_balancer_id, target_group_arn AS target_group_id FROM listener"
    " LEFT JOIN load_balancer ON load_balancer.id = load_balancer_id LEFT JOIN target_group ON target_group.id = target_group_id",
    "load_balancer_security_groups": "SELECT load_balancer_arn AS load_balancer_id, group_id AS security_group_id,"
    " load_balancer.region FROM load_balancer_security_groups JOIN load_balancer ON load_balancer.id = load_balancer_id"
    " JOIN security_group ON security_group.id = security_group_id",
    "service": "SELECT service.*, cluster_arn AS cluster_id, task_definition_arn AS task_definition_id,"
    " target_group_arn AS target_group_id FROM service LEFT JOIN cluster ON cluster.id = cluster_id"
    " LEFT JOIN task_definition ON task_definition.id = task_definition_id"
    " LEFT JOIN target_group ON target_group.id = target_group_id",
    "container_definition": "SELECT container_definition.*, task_definition_arn AS task_definition_id,"
    " repository.repository_uri AS repository_id, public_repository.repository_uri AS public_repository_id,"
    " log_group_name AS log_group_id FROM container_definition"
    " LEFT JOIN task_definition ON task_definition.id = task_definition_id"
    " LEFT JOIN repository ON repository.id = repository_id"
    " LEFT JOIN public_repository ON public_repository.id = public_repository_id"
    " LEFT JOIN log_group ON log_group.id = log_group_id",
    "service_security_groups": "SELECT service.arn AS service_id, group_id AS security_group_id, service.region"
    " FROM service_security_groups JOIN service ON service.id = service_id"
    " JOIN security_group ON security_group.id = security_group_id",
}
