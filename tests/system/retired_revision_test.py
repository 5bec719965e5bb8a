"""Revisions that are deregistered while services use them, and families with several revisions."""

import pytest

from aws_objects import assert_agrees
from ecs_test import define, described, ecs, newest, register, revisions  # noqa: F401, ecs is a fixture
from server import rows, value
from steps import applied, apply, assert_settled, refusal, synced

CHECK = {"command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3}


@pytest.fixture
def retired(account, ecs):
    """A service that uses a revision with members that no column shows; somebody else deregisters the revision."""
    client = account.client("ecs")
    made = register(account, command=["serve"], healthCheck=CHECK)
    client.create_cluster(clusterName="shop")
    subnets = [subnet["SubnetId"] for subnet in account.client("ec2").describe_subnets()["Subnets"]]
    client.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition=made["taskDefinitionArn"],
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    )
    synced(ecs)
    client.deregister_task_definition(taskDefinition=made["taskDefinitionArn"])
    return ecs


def test_tags_of_a_retired_revision_make_another_that_keeps_everything(account, retired):
    tagged = """UPDATE task_definition SET tags = '{"team": "web"}'"""
    retired.execute(tagged)
    refused = refusal(retired, "SELECT * FROM iasql_apply()")
    assert "no longer active" in refused.message and "iasql_sync" in refused.hint
    assert revisions(account) == []
    synced(retired)
    assert value(retired, "SELECT status FROM task_definition") == "INACTIVE"
    retired.execute(tagged)
    applied(retired)
    found = newest(account)
    assert (found["revision"], found["status"]) == (2, "ACTIVE")
    (container,) = found["containerDefinitions"]
    assert container["command"] == ["serve"]
    assert container["healthCheck"]["command"] == CHECK["command"]
    assert described(account)["taskDefinition"] == found["taskDefinitionArn"]
    assert_agrees(account, retired, "task_definition", "container_definition", "service")


def test_both_rows_of_a_family_that_were_made_here_stay(account, ecs):
    for image in ("nginx:1", "nginx:2"):
        define(ecs, image=image)
        apply(ecs)
    assert sorted(revisions(account)) == [1, 2]
    assert_settled(ecs)
    synced(ecs)
    assert [row["revision"] for row in rows(ecs, "SELECT revision FROM task_definition ORDER BY revision")] == [1, 2]
    ecs.execute("DELETE FROM container_definition")
    ecs.execute("DELETE FROM task_definition")
    applied(ecs)
    assert revisions(account) == []
