"""Clusters, task definitions and services on the emulator: what AWS enforces, and the states in between."""

import json

import pytest

from emulator_account import account, refused  # noqa: F401


@pytest.fixture
def ecs(account):
    return account.client("ecs")


@pytest.fixture
def ec2(account):
    return account.client("ec2")


@pytest.fixture
def elb(account):
    return account.client("elbv2")


def make_role(account, name="tasks", service="ecs-tasks.amazonaws.com"):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def register(ecs, family="web", **parameters):
    settings = {
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [{"name": "app", "image": "nginx", "portMappings": [{"containerPort": 8088}]}],
        **parameters,
    }
    return ecs.register_task_definition(family=family, **settings)["taskDefinition"]


class Place:
    """A cluster, a network, a target group and what a service in them needs."""

    def __init__(self, account):
        ec2, elb, ecs = (account.client(service) for service in ("ec2", "elbv2", "ecs"))
        (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
        self.subnets = sorted(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"])
        self.group = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc["VpcId"])["GroupId"]
        ecs.create_cluster(clusterName="home")
        self.definition = register(ecs)["taskDefinitionArn"]
        settings = {"Protocol": "HTTP", "Port": 8088, "VpcId": vpc["VpcId"], "TargetType": "ip"}
        self.target_group = elb.create_target_group(Name="web", **settings)["TargetGroups"][0]["TargetGroupArn"]
        self.network = {"awsvpcConfiguration": {"subnets": self.subnets, "securityGroups": [self.group]}}
        self.load_balancers = [{"targetGroupArn": self.target_group, "containerName": "app", "containerPort": 8088}]


@pytest.fixture
def place(account):
    return Place(account)


def listen(elb, place):
    """Puts the target group behind a load balancer."""
    arn = elb.create_load_balancer(Name="web", Subnets=place.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    actions = [{"Type": "forward", "TargetGroupArn": place.target_group}]
    elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=actions)


def settings(place, **parameters):
    return {
        "cluster": "home",
        "serviceName": "web",
        "taskDefinition": "web",
        "desiredCount": 2,
        "launchType": "FARGATE",
        "networkConfiguration": place.network,
        **parameters,
    }


def look(ecs, **parameters):
    return ecs.describe_services(cluster="home", services=["web"], **parameters)["services"][0]


def interfaces(ec2, group_id):
    found = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return found["NetworkInterfaces"]


def numbers(service):
    return service["status"], service["desiredCount"], service["runningCount"], service["pendingCount"]


def test_a_cluster_is_made_once_and_inactive_after_its_end(ecs):
    made = ecs.create_cluster(clusterName="home", tags=[{"key": "a", "value": "1"}])["cluster"]
    again = ecs.create_cluster(clusterName="home", tags=[{"key": "a", "value": "2"}])["cluster"]
    assert again["clusterArn"] == made["clusterArn"] and again["status"] == "ACTIVE"
    found = ecs.describe_clusters(clusters=["home", "none"], include=["TAGS"])
    assert found["clusters"][0]["tags"] == [{"key": "a", "value": "1"}]
    assert [failure["reason"] for failure in found["failures"]] == ["MISSING"]
    assert "tags" not in ecs.describe_clusters(clusters=["home"])["clusters"][0]
    assert ecs.delete_cluster(cluster="home")["cluster"]["status"] == "INACTIVE"
    assert ecs.describe_clusters(clusters=["home"])["clusters"][0]["status"] == "INACTIVE"
    assert ecs.list_clusters()["clusterArns"] == []
    refused("ClusterNotFoundException", ecs.delete_cluster, cluster="home")
    refused("ClusterNotFoundException", ecs.list_services, cluster="home")
    refused("InvalidParameterException", ecs.create_cluster, clusterName="a b")
    refused("InvalidParameterException", ecs.describe_clusters, clusters=["home"] * 101)
    assert ecs.create_cluster(clusterName="home")["cluster"]["status"] == "ACTIVE"


def test_tags_of_clusters_services_and_task_definitions(ecs, place):
    service = ecs.create_service(**settings(place, tags=[{"key": "a", "value": "1"}]))["service"]
    assert look(ecs, include=["TAGS"])["tags"] == [{"key": "a", "value": "1"}]
    assert "tags" not in look(ecs)
    for arn in (service["serviceArn"], service["clusterArn"], place.definition):
        ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "2"}, {"key": "b", "value": "3"}])
        ecs.untag_resource(resourceArn=arn, tagKeys=["b"])
        assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "2"}]


def test_a_task_definition_has_the_defaults_of_aws(account, ecs):
    arn = make_role(account)
    account.let_time_pass()
    made = register(ecs, cpu="1 vCPU", memory="2GB", executionRoleArn=arn, taskRoleArn=arn)
    assert (made["cpu"], made["memory"], made["revision"], made["status"]) == ("1024", "2048", 1, "ACTIVE")
    assert made["executionRoleArn"] == made["taskRoleArn"] == arn
    assert made["containerDefinitions"] == [
        {
            "name": "app",
            "image": "nginx",
            "cpu": 0,
            "portMappings": [{"containerPort": 8088, "hostPort": 8088, "protocol": "tcp"}],
            "essential": True,
            "environment": [],
            "mountPoints": [],
            "volumesFrom": [],
            "systemControls": [],
        }
    ]


@pytest.mark.parametrize(
    "cpu, memory, is_lawful",
    [("256", "512", True), ("2048", "8192", True), ("4096", "30720", True), ("256", "4096", False), ("300", "512", False)],
)
def test_sizes_of_fargate(ecs, cpu, memory, is_lawful):
    if is_lawful:
        assert register(ecs, cpu=cpu, memory=memory)["cpu"] == cpu
        return
    message = refused("ClientException", lambda **changes: register(ecs, **changes), cpu=cpu, memory=memory)
    assert message.startswith(f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory.")


@pytest.mark.parametrize(
    "changes",
    [
        {"networkMode": "bridge"},
        {"family": "a b"},
        {"containerDefinitions": []},
        {"containerDefinitions": [{"name": "app", "image": "a"}, {"name": "app", "image": "b"}]},
        {"containerDefinitions": [{"name": "app", "image": "a", "essential": False}]},
        {"containerDefinitions": [{"name": "app", "image": "a", "memory": 1024}]},
        {"containerDefinitions": [{"name": "app", "image": "a", "memoryReservation": 1024}]},
        {"containerDefinitions": [{"name": "app", "image": "a", "portMappings": [{"containerPort": 1, "hostPort": 2}]}]},
        {"containerDefinitions": [{"name": "app", "image": "1.dkr.ecr.eu-west-2.amazonaws.com/a"}]},
    ],
)
def test_unlawful_task_definitions(ecs, changes):
    refused("ClientException", lambda **parameters: register(ecs, **parameters), **changes)
    assert ecs.list_task_definitions()["taskDefinitionArns"] == []


def test_a_role_is_valid_a_while_after_it_was_made(account, ecs):
    arn, other = make_role(account), make_role(account, "other", "lambda.amazonaws.com")

    def with_role(role):
        return register(ecs, executionRoleArn=role)

    assert refused("ClientException", with_role, role=arn) == "Role is not valid"
    account.let_time_pass()
    assert refused("ClientException", with_role, role=f"{arn}s") == "Role is not valid"
    assert refused("ClientException", with_role, role=other).startswith(f"ECS was unable to assume the role '{other}'")
    assert with_role(arn)["revision"] == 1


def test_revisions_of_a_family(ecs):
    for _ in range(3):
        register(ecs)
    register(ecs, "other")
    assert ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]["revision"] == 3
    gone = ecs.deregister_task_definition(taskDefinition="web:3")["taskDefinition"]
    assert gone["status"] == "INACTIVE"
    assert ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]["revision"] == 2
    assert ecs.describe_task_definition(taskDefinition=gone["taskDefinitionArn"])["taskDefinition"]["status"] == "INACTIVE"
    pages = list(ecs.get_paginator("list_task_definitions").paginate(familyPrefix="web", PaginationConfig={"PageSize": 1}))
    assert [arn.split("/")[1] for page in pages for arn in page["taskDefinitionArns"]] == ["web:1", "web:2"]
    newest = ecs.list_task_definitions(familyPrefix="web", sort="DESC")["taskDefinitionArns"]
    assert [arn.split("/")[1] for arn in newest] == ["web:2", "web:1"]
    for revision in ("web:1", "web:2"):
        ecs.deregister_task_definition(taskDefinition=revision)
    assert ecs.list_task_definition_families(status="ACTIVE")["families"] == ["other"]
    assert ecs.list_task_definition_families(status="INACTIVE")["families"] == ["web"]
    refused("ClientException", ecs.describe_task_definition, taskDefinition="web")
    assert register(ecs)["revision"] == 4


def test_a_service_reaches_its_count(account, ecs, ec2, place):
    made = ecs.create_service(**settings(place))["service"]
    assert numbers(made) == ("ACTIVE", 2, 0, 2)
    (deployment,) = made["deployments"]
    assert deployment["status"] == "PRIMARY" and deployment["rolloutState"] == "IN_PROGRESS"
    assert deployment["taskDefinition"] == made["taskDefinition"] == place.definition
    account.let_time_pass()
    assert numbers(look(ecs)) == ("ACTIVE", 2, 2, 0)
    assert look(ecs)["deployments"][0]["rolloutState"] == "COMPLETED"
    tasks = ecs.list_tasks(cluster="home", serviceName="web")["taskArns"]
    described = ecs.describe_tasks(cluster="home", tasks=tasks)["tasks"]
    assert [task["lastStatus"] for task in described] == ["RUNNING", "RUNNING"]
    held = interfaces(ec2, place.group)
    descriptions = {f"arn:aws:ecs:eu-west-2:123456789012:attachment/{task['attachments'][0]['id']}" for task in described}
    assert {interface["Description"] for interface in held} == descriptions and all(i["RequesterManaged"] for i in held)
    refused("DependencyViolation", ec2.delete_security_group, GroupId=place.group)
    cluster = ecs.describe_clusters(clusters=["home"])["clusters"][0]
    assert (cluster["activeServicesCount"], cluster["runningTasksCount"]) == (1, 2)


def test_without_security_groups_tasks_have_the_default_one(account, ecs, ec2, place):
    ecs.create_service(**settings(place, networkConfiguration={"awsvpcConfiguration": {"subnets": place.subnets}}))
    account.let_time_pass()
    default = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]
    assert len(interfaces(ec2, default)) == 2


def test_the_same_service_again_or_another_of_its_name(account, ecs, place):
    made = ecs.create_service(**settings(place, clientToken="one"))["service"]
    assert ecs.create_service(**settings(place, clientToken="one"))["service"]["serviceArn"] == made["serviceArn"]
    message = "Creation of service was not idempotent."
    assert refused("InvalidParameterException", ecs.create_service, **settings(place)) == message
    changed = settings(place, clientToken="one", desiredCount=1)
    assert refused("InvalidParameterException", ecs.create_service, **changed) == message
    account.let_time_pass()
    ecs.delete_service(cluster="home", service="web", force=True)
    message = "Unable to Start a service that is still Draining."
    assert refused("InvalidParameterException", ecs.create_service, **settings(place)) == message
    account.let_time_pass()
    assert ecs.create_service(**settings(place))["service"]["status"] == "ACTIVE"


def test_a_service_needs_a_listener_before_it(ecs, elb, place):
    create = ecs.create_service
    wanted = settings(place, loadBalancers=place.load_balancers)
    message = refused("InvalidParameterException", create, **wanted)
    assert message == f"The target group with targetGroupArn {place.target_group} does not have an associated load balancer."
    listen(elb, place)
    for changes, expected in (
        ({"containerName": "other"}, "The container other does not exist in the task definition."),
        ({"containerPort": 80}, "The container app did not have a container port 80 defined."),
        ({"targetGroupArn": f"{place.target_group}0"}, "Unable to assume role and validate the specified targetGroupArn."),
    ):
        wrong = [{**place.load_balancers[0], **changes}]
        assert refused("InvalidParameterException", create, **{**wanted, "loadBalancers": wrong}).startswith(expected)
    assert create(**wanted)["service"]["loadBalancers"] == place.load_balancers


@pytest.mark.parametrize(
    "code, changes",
    [
        ("ClusterNotFoundException", {"cluster": "none"}),
        ("ClientException", {"taskDefinition": "none"}),
        ("InvalidParameterException", {"serviceName": "a b"}),
        ("InvalidParameterException", {"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}}),
        ("InvalidParameterException", {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}}),
    ],
)
def test_what_a_service_needs(ecs, place, code, changes):
    refused(code, ecs.create_service, **settings(place, **changes))


def test_what_a_services_network_needs(ecs, place):
    wanted = settings(place)
    del wanted["networkConfiguration"]
    refused("InvalidParameterException", ecs.create_service, **wanted)
    wrong = {"awsvpcConfiguration": {"subnets": place.subnets, "securityGroups": ["sg-00000000"]}}
    refused("InvalidParameterException", ecs.create_service, networkConfiguration=wrong, **wanted)
    ecs.deregister_task_definition(taskDefinition=place.definition)
    refused("ClientException", ecs.create_service, **settings(place, taskDefinition=place.definition))


def test_an_update_moves_the_primary_deployment(account, ecs, ec2, place):
    ecs.create_service(**settings(place))
    account.let_time_pass()
    old = {interface["NetworkInterfaceId"] for interface in interfaces(ec2, place.group)}
    revision = register(ecs)["taskDefinitionArn"]
    updated = ecs.update_service(cluster="home", service="web", taskDefinition="web")["service"]
    assert updated["taskDefinition"] == revision
    deployments = [(deployment["status"], deployment["taskDefinition"]) for deployment in updated["deployments"]]
    assert deployments == [("PRIMARY", revision), ("ACTIVE", place.definition)]
    account.let_time_pass()
    assert [deployment["taskDefinition"] for deployment in look(ecs)["deployments"]] == [revision]
    new = {interface["NetworkInterfaceId"] for interface in interfaces(ec2, place.group)}
    assert numbers(look(ecs)) == ("ACTIVE", 2, 2, 0) and len(new) == 2 and not new & old


def test_what_starts_a_deployment(account, ecs, elb, place):
    ecs.create_service(**settings(place))
    account.let_time_pass()
    (first,) = look(ecs)["deployments"]

    def update(**changes):
        service = ecs.update_service(cluster="home", service="web", **changes)["service"]
        account.let_time_pass()
        return service

    assert update(desiredCount=3)["deployments"][0]["id"] == first["id"]
    assert numbers(look(ecs)) == ("ACTIVE", 3, 3, 0)
    assert update(taskDefinition="web")["deployments"][0]["id"] == first["id"]
    second = update(forceNewDeployment=True)["deployments"][0]["id"]
    assert second != first["id"]
    network = {"awsvpcConfiguration": {"subnets": place.subnets[:1], "assignPublicIp": "ENABLED"}}
    third = update(networkConfiguration=network)
    assert third["deployments"][0]["id"] != second
    assert third["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    listen(elb, place)
    fourth = update(loadBalancers=place.load_balancers)
    assert fourth["deployments"][0]["id"] != third["deployments"][0]["id"]
    assert fourth["loadBalancers"] == place.load_balancers


def test_the_end_of_a_service(account, ecs, ec2, place):
    ecs.create_service(**settings(place))
    account.let_time_pass()
    message = refused("InvalidParameterException", ecs.delete_service, cluster="home", service="web")
    assert message == "The service cannot be stopped while it is scaled above 0."
    refused("ClusterContainsServicesException", ecs.delete_cluster, cluster="home")
    ecs.update_service(cluster="home", service="web", desiredCount=0)
    assert ecs.delete_service(cluster="home", service="web")["service"]["status"] == "DRAINING"
    assert numbers(look(ecs)) == ("DRAINING", 0, 2, 0)
    assert ecs.list_services(cluster="home")["serviceArns"] == []
    refused("ClusterContainsServicesException", ecs.delete_cluster, cluster="home")
    refused("ServiceNotActiveException", ecs.update_service, cluster="home", service="web", desiredCount=1)
    account.let_one_delay_pass()  # the tasks are stopping: the service is gone, their interfaces are not
    assert numbers(look(ecs)) == ("INACTIVE", 0, 0, 0)
    assert len(interfaces(ec2, place.group)) == 2
    refused("DependencyViolation", ec2.delete_security_group, GroupId=place.group)
    refused("ClusterContainsTasksException", ecs.delete_cluster, cluster="home")
    account.let_time_pass()
    ec2.delete_security_group(GroupId=place.group)
    assert ecs.delete_cluster(cluster="home")["cluster"]["status"] == "INACTIVE"


def test_a_service_that_lost_its_network_says_so(account, ecs, ec2, place):
    ecs.create_service(**settings(place))
    ec2.delete_security_group(GroupId=place.group)  # before the first task has an interface
    account.let_time_pass()
    service = look(ecs)
    assert numbers(service) == ("ACTIVE", 2, 0, 2)
    assert place.group in service["events"][0]["message"]


def test_the_waiter_of_the_model_waits(account, ecs, place):
    account.let_time_pass()
    account.set_delay(0.2)
    ecs.create_service(**settings(place))
    ecs.get_waiter("services_stable").wait(cluster="home", services=["web"], WaiterConfig={"Delay": 0.05})
    assert numbers(look(ecs)) == ("ACTIVE", 2, 2, 0)
    ecs.delete_service(cluster="home", service="web", force=True)
    ecs.get_waiter("services_inactive").wait(cluster="home", services=["web"], WaiterConfig={"Delay": 0.05})


def test_what_is_missing_is_a_failure_and_ten_are_the_most(ecs, place):
    found = ecs.describe_services(cluster="home", services=["none"])
    assert found["services"] == [] and [failure["reason"] for failure in found["failures"]] == ["MISSING"]
    refused("InvalidParameterException", ecs.describe_services, cluster="home", services=["none"] * 11)
    for number in range(12):
        ecs.create_service(**settings(place, serviceName=f"web-{number}", desiredCount=0))
    assert len(ecs.list_services(cluster="home")["serviceArns"]) == 10
    pages = ecs.get_paginator("list_services").paginate(cluster="home", PaginationConfig={"PageSize": 5})
    assert [len(page["serviceArns"]) for page in pages] == [5, 5, 2]
    refused("ServiceNotFoundException", ecs.update_service, cluster="home", service="none", desiredCount=1)
    refused("ServiceNotFoundException", ecs.delete_service, cluster="home", service="none")
