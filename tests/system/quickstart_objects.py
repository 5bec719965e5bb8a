"""The tutorial's service as boto3 sees it: what an account holds, and whether the service is there as described."""

import json

import pytest

from server import REGION

POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
PORT = 8088
CREATES = sorted(
    ["cluster", "listener", "load_balancer", "repository", "role", "security_group", "security_group_rule"]
    + ["security_group_rule", "service", "target_group", "task_definition"]
)


def pages(client, operation, items, **arguments):
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[items]]


def inventory(account):
    """What is in the account, by kind: the names or ids. Deregistered revisions and deleted clusters are left out."""
    ec2, elb, ecs = account.client("ec2"), account.client("elbv2"), account.client("ecs")
    clusters = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
    balancers = pages(elb, "describe_load_balancers", "LoadBalancers")
    return {
        "security groups": sorted(group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]),
        "rules": sorted(
            rule["SecurityGroupRuleId"] for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]
        ),
        "target groups": sorted(
            group["TargetGroupName"] for group in pages(elb, "describe_target_groups", "TargetGroups")
        ),
        "load balancers": sorted(balancer["LoadBalancerName"] for balancer in balancers),
        "repositories": sorted(
            repository["repositoryName"] for repository in account.client("ecr").describe_repositories()["repositories"]
        ),
        "roles": sorted(role["RoleName"] for role in pages(account.client("iam"), "list_roles", "Roles")),
        "clusters": sorted(cluster["clusterName"] for cluster in clusters if cluster["status"] == "ACTIVE"),
        "task definitions": sorted(ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]),
        "vpcs": sorted(vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]),
        "subnets": sorted(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]),
    }


@pytest.fixture
def before(account):
    """What was in the account; it is the same afterwards."""
    found = inventory(account)
    yield found
    left = inventory(account)
    if left != found:
        account.reset()
    assert left == found


def assert_running(account, project="quickstart", image="latest"):
    """Each object is there once, and as the tutorial describes it."""
    ec2, elb, ecs = account.client("ec2"), account.client("elbv2"), account.client("ecs")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    subnets = {
        subnet["SubnetId"]
        for subnet in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    }

    (group,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [f"{project}-security-group"]}])[
        "SecurityGroups"
    ]
    rules = [
        (rule["IsEgress"], rule["IpProtocol"], rule["FromPort"], rule["ToPort"], rule["CidrIpv4"])
        for rule in ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}])[
            "SecurityGroupRules"
        ]
    ]
    assert sorted(rules) == [(False, "tcp", PORT, PORT, "0.0.0.0/0"), (True, "-1", -1, -1, "0.0.0.0/0")]

    (target_group,) = [
        found
        for found in pages(elb, "describe_target_groups", "TargetGroups")
        if found["TargetGroupName"] == f"{project}-target"
    ]
    assert (target_group["TargetType"], target_group["Protocol"], target_group["Port"]) == ("ip", "HTTP", PORT)
    assert (target_group["VpcId"], target_group["HealthCheckPath"]) == (vpc["VpcId"], "/health")

    (balancer,) = [
        found
        for found in pages(elb, "describe_load_balancers", "LoadBalancers")
        if found["LoadBalancerName"] == f"{project}-load-balancer"
    ]
    assert (balancer["Scheme"], balancer["Type"], balancer["IpAddressType"]) == ("internet-facing", "application", "ipv4")
    assert balancer["SecurityGroups"] == [group["GroupId"]]
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == subnets
    (listener,) = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    (action,) = listener["DefaultActions"]
    assert (listener["Port"], listener["Protocol"], action["Type"]) == (PORT, "HTTP", "forward")
    assert action["TargetGroupArn"] == target_group["TargetGroupArn"]

    (repository,) = account.client("ecr").describe_repositories(repositoryNames=[f"{project}-repository"])["repositories"]

    name = f"ecsTaskExecRole-{REGION}"
    role = account.client("iam").get_role(RoleName=name)["Role"]
    trust = role["AssumeRolePolicyDocument"]
    (statement,) = (trust if isinstance(trust, dict) else json.loads(trust))["Statement"]
    assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    attached = pages(account.client("iam"), "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    assert [policy["PolicyArn"] for policy in attached] == [POLICY]

    (cluster,) = ecs.describe_clusters(clusters=[f"{project}-cluster"])["clusters"]
    assert cluster["status"] == "ACTIVE"
    (arn,) = ecs.list_task_definitions(familyPrefix=f"{project}-td", status="ACTIVE")["taskDefinitionArns"]
    definition = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
    assert (definition["cpu"], definition["memory"], definition["networkMode"]) == ("2048", "8192", "awsvpc")
    assert definition["taskRoleArn"] == definition["executionRoleArn"] == role["Arn"]
    (container,) = definition["containerDefinitions"]
    assert (container["name"], container["essential"]) == (f"{project}-container", True)
    assert (container["image"], container["memoryReservation"]) == (f"{repository['repositoryUri']}:{image}", 8192)
    (mapping,) = container["portMappings"]
    assert (mapping["containerPort"], mapping["hostPort"], mapping["protocol"]) == (PORT, PORT, "tcp")

    (service_arn,) = ecs.list_services(cluster=f"{project}-cluster")["serviceArns"]
    (service,) = ecs.describe_services(cluster=f"{project}-cluster", services=[service_arn])["services"]
    assert (service["serviceName"], service["status"]) == (f"{project}-service", "ACTIVE")
    assert (service["desiredCount"], service["taskDefinition"]) == (1, arn)
    (target,) = service["loadBalancers"]
    assert (target["targetGroupArn"], target["containerName"], target["containerPort"]) == (
        target_group["TargetGroupArn"], f"{project}-container", PORT
    )  # fmt: skip
    network = service["deployments"][0]["networkConfiguration"]["awsvpcConfiguration"]
    assert set(network["subnets"]) == subnets
    assert (network["securityGroups"], network["assignPublicIp"]) == ([group["GroupId"]], "ENABLED")
