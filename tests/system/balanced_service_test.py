"""Services with load balancers, and containers, of which rows show a part: a revision changes what the row changed."""

from aws_containers import default_vpc
from aws_objects import assert_agrees, in_aws
from ecs_test import described, ecs, insert_role, newest, revisions  # noqa: F401, ecs is a fixture
from server import REGION, rows, value, wait_until
from steps import applied, insert, synced


def two_target_groups(account):
    """Two target groups that a load balancer forwards to, by their ARNs."""
    client, subnets = account.client("elbv2"), [subnet["subnet_id"] for subnet in in_aws(account, "subnet")]
    (balancer,) = client.create_load_balancer(Name="web", Subnets=subnets, Scheme="internal")["LoadBalancers"]
    wait_until(lambda: in_aws(account, "load_balancer")[0]["state"] == "active", "the load balancer")
    arns = []
    for port in (80, 81):
        (group,) = client.create_target_group(
            Name=f"web-{port}", Protocol="HTTP", Port=port, TargetType="ip", VpcId=default_vpc(account, REGION)
        )["TargetGroups"]
        arns.append(group["TargetGroupArn"])
        client.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Port=port,
            Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": arns[-1]}],
        )
    return arns


def test_traffic_stays_with_its_containers_when_one_changes(account, ecs):
    client = account.client("ecs")
    made = client.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[
            {"name": "envoy", "image": "envoy", "essential": True, "portMappings": [{"containerPort": 9000}]},
            {
                "name": "web",
                "image": "nginx",
                "essential": True,
                "portMappings": [{"containerPort": 80}, {"containerPort": 81}],
            },
        ],
    )["taskDefinition"]
    client.create_cluster(clusterName="shop")
    balancers = [
        {"targetGroupArn": arn, "containerName": "web", "containerPort": port}
        for arn, port in zip(two_target_groups(account), (80, 81))
    ]
    client.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition=made["taskDefinitionArn"],
        desiredCount=1,
        launchType="FARGATE",
        loadBalancers=balancers,
        networkConfiguration={"awsvpcConfiguration": {"subnets": [row["subnet_id"] for row in in_aws(account, "subnet")]}},
    )
    synced(ecs)
    ecs.execute("""UPDATE container_definition SET env_variables = '{"A": "2"}' WHERE name = 'web'""")
    applied(ecs)
    found = described(account)
    assert found["taskDefinition"].endswith(":2") and revisions(account) == [2]
    assert found["loadBalancers"] == balancers
    assert_agrees(account, ecs, "service", "task_definition", "container_definition", "target_group")


def test_members_beside_a_changed_one_stay(account, ecs, slowly):
    slowly(0)  # roles are known to ECS at once
    insert_role(ecs, "task", "ecs-tasks.amazonaws.com")
    applied(ecs)
    options = {
        "awslogs-group": "/old",
        "awslogs-region": REGION,
        "awslogs-stream-prefix": "mine",
        "mode": "non-blocking",
        "max-buffer-size": "4m",
    }
    account.client("ecs").register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=value(ecs, "SELECT arn FROM role"),
        containerDefinitions=[
            {
                "name": "web",
                "image": "nginx",
                "essential": True,
                "portMappings": [{"containerPort": 80, "name": "http", "appProtocol": "http"}, {"containerPort": 81}],
                "logConfiguration": {"logDriver": "awslogs", "options": options},
            }
        ],
    )
    account.client("logs").create_log_group(logGroupName="/old")
    synced(ecs)
    group = insert(ecs, "log_group", log_group_name="/new")
    rows(ecs, "UPDATE container_definition SET log_group_id = %s, container_port = 8080, host_port = 8080", group)
    applied(ecs)
    (container,) = newest(account)["containerDefinitions"]
    assert container["logConfiguration"]["options"] == {**options, "awslogs-group": "/new"}
    first, second = container["portMappings"]
    assert (first["containerPort"], first.get("name"), first.get("appProtocol")) == (8080, "http", "http")
    assert second["containerPort"] == 81
    assert rows(ecs, "SELECT name, container_port, log_group_id FROM container_definition") == [
        {"name": "web", "container_port": 8080, "log_group_id": group}
    ]
