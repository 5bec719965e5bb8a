"""Services whose ARN is of the older form and does not name the cluster: what cannot be found is not taken for gone."""

import pytest

from server import Emulator, plan, rows
from steps import assert_settled, install, refusal, synced


@pytest.fixture
def account(monkeypatch):
    """An account that still gives out short ARNs."""
    monkeypatch.setenv("MOTO_ECS_NEW_ARN", "false")
    emulator = Emulator()
    yield emulator
    emulator.stop()


def test_a_service_with_a_short_arn_is_neither_deleted_nor_forgotten(account, db):
    client = account.client("ecs")
    client.create_cluster(clusterName="shop")
    client.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "nginx"}],
    )
    subnets = [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"]]
    made = client.create_service(
        cluster="shop",
        serviceName="old",
        taskDefinition="web",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    )["service"]
    assert made["serviceArn"].endswith(":service/old")
    install(db, "aws_ecs_fargate", "aws_elb", "aws_security_group", "aws_vpc", "aws_cloudwatch", "aws_ecr")
    assert_settled(db)
    for change in ("UPDATE service SET desired_count = 2", "DELETE FROM service"):
        db.execute(change)
        assert f"{made['serviceArn']} does not say its cluster" in refusal(db, "SELECT * FROM iasql_apply()").message
        (there,) = client.describe_services(cluster="shop", services=["old"])["services"]
        assert (there["status"], there["desiredCount"]) == ("ACTIVE", 1)
        assert [change[1] for change in plan(db)] == ["service"]
        synced(db)
        assert rows(db, "SELECT name, desired_count FROM service") == [{"name": "old", "desired_count": 1}]
