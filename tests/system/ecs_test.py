"""Services on Fargate: what takes time, what comes in which order, and what revisions keep."""

import json

import pytest

from aws_objects import assert_agrees, in_aws
from container_lives import LIVES
from server import plan, rows, value, wait_until
from steps import applied, apply, insert, install, refusal, synced

MODULES = ("aws_cloudwatch", "aws_ecr", "aws_ecs_fargate", "aws_elb", "aws_security_group", "aws_vpc")
TABLES = {
    "aws_cloudwatch": ["log_group"],
    "aws_ecr": ["public_repository", "repository", "repository_policy"],
    "aws_security_group": ["security_group", "security_group_rule"],
    "aws_vpc": ["vpc", "subnet"],
    "aws_elb": ["load_balancer", "target_group", "listener", "load_balancer_security_groups"],
    "aws_ecs_fargate": ["cluster", "service", "task_definition", "container_definition", "service_security_groups"],
}
# How many addresses of a subnet are free changes by itself.
ALL_TABLES = [table for tables in TABLES.values() for table in tables if table != "subnet"]
SUBNETS = "(SELECT array_agg(subnet_id) FROM subnet JOIN vpc ON vpc.id = subnet.vpc_id WHERE is_default)"


def trust(principal):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": principal}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def ecs(db):
    install(db, *MODULES, "aws_iam")
    return db


def define(connection, family="web", image="nginx", **columns):
    """A task definition with one container, and its id."""
    definition = insert(connection, "task_definition", **{"family": family, "cpu_memory": "vCPU0.25-0.5GB", **columns})
    insert(
        connection,
        "container_definition",
        task_definition_id=definition,
        name="web",
        image=image,
        essential=True,
        container_port=8088,
    )
    return definition


def serve(connection, definition, **columns):
    """A service in a cluster of its own, and its id."""
    cluster = insert(connection, "cluster", cluster_name="shop")
    named = {"name": "web", "cluster_id": cluster, "task_definition_id": definition, "desired_count": 1, **columns}
    names, places = ", ".join(named), ", ".join(["%s"] * len(named))
    return value(
        connection, f"INSERT INTO service ({names}, subnets) VALUES ({places}, {SUBNETS}) RETURNING id", *named.values()
    )


def balance(connection):
    """A load balancer with a listener that forwards to a target group, and the target group's id."""
    group = insert(
        connection, "target_group", target_group_name="web", target_type="ip", protocol="HTTP", port=8088, vpc="default"
    )
    balancer = insert(
        connection,
        "load_balancer",
        load_balancer_name="web",
        scheme="internal",
        load_balancer_type="application",
        vpc="default",
        ip_address_type="ipv4",
    )
    insert(connection, "listener", load_balancer_id=balancer, port=80, protocol="HTTP", target_group_id=group)
    return group


def described(account, service="web", cluster="shop"):
    (found,) = account.client("ecs").describe_services(cluster=cluster, services=[service])["services"]
    return found


def revisions(account, family="web", status="ACTIVE"):
    arns = account.client("ecs").list_task_definitions(familyPrefix=family, status=status)["taskDefinitionArns"]
    return [int(arn.rpartition(":")[2]) for arn in arns]


# -- installing


def test_tables_and_their_counts_in_order(account, db):
    installed = install(db, *MODULES)
    assert [(module, table) for module, table, _ in installed] == [
        (module, table) for module, tables in TABLES.items() for table in tables
    ]
    assert len(installed) == 17
    for _, table, count in installed:
        assert count == len(in_aws(account, table)) == value(db, f"SELECT count(*) FROM {table}"), table


def test_every_column_of_a_container_is_changed_in_its_life(ecs):
    columns = rows(
        ecs, "SELECT attname FROM pg_attribute WHERE attrelid = 'container_definition'::regclass AND attnum > 0"
    )
    told = " ".join(sql for column, sql in LIVES["task_definition"].changes if column == "container_definition")
    untold = {row["attname"] for row in columns if f"{row['attname']} = " not in told}
    assert untold <= {"id", "region", "task_definition_id"}


# -- what takes time


def test_a_role_is_used_as_soon_as_ecs_knows_it(account, ecs, slowly):
    slowly(4)
    insert_role(ecs, "task", "ecs-tasks.amazonaws.com")
    define(ecs, execution_role_name="task", task_role_name="task")
    assert [change[:2] for change in applied(ecs)] == [("create", "role"), ("create", "task_definition")]
    (there,) = in_aws(account, "task_definition")
    assert (there["execution_role_name"], there["task_role_name"]) == ("task", "task")


def test_a_role_of_an_earlier_apply_is_waited_for_too(account, ecs, slowly):
    slowly(4)
    insert_role(ecs, "task", "ecs-tasks.amazonaws.com")
    applied(ecs)
    define(ecs, execution_role_name="task")
    assert applied(ecs) == [("create", "task_definition", "web")]


def test_a_role_that_ecs_may_not_take_fails_at_once(account, ecs):
    insert_role(ecs, "stranger", "ec2.amazonaws.com")
    applied(ecs)
    define(ecs, execution_role_name="stranger")
    ecs.execute("SET statement_timeout = '60s'")  # long before the two minutes that a young role gets
    refused = refusal(ecs, "SELECT * FROM iasql_apply()")
    said = f"{refused.message} {refused.detail}"
    assert "assume the role" in said or "Role is not valid" in said  # the latter where the role is new to ECS as well
    assert [change[:2] for change in plan(ecs)] == [("create", "task_definition")]


def insert_role(connection, name, principal):
    rows(
        connection, "INSERT INTO role (role_name, assume_role_policy_document) VALUES (%s, %s)", name, trust(principal)
    )


def test_apply_does_not_wait_for_tasks(account, ecs, slowly):
    slowly(3600)
    serve(ecs, define(ecs))
    assert [change[:2] for change in applied(ecs)] == [
        ("create", "cluster"),
        ("create", "task_definition"),
        ("create", "service"),
    ]
    found = described(account)
    assert (found["status"], found["runningCount"], len(found["deployments"])) == ("ACTIVE", 0, 1)
    assert value(ecs, "SELECT status FROM service") == "ACTIVE"


def test_everything_goes_in_one_apply_in_the_order_that_aws_demands(account, ecs):
    before = {table: in_aws(account, table) for table in ALL_TABLES}
    web = insert(ecs, "security_group", group_name="web", description="Web")
    target = balance(ecs)
    rows(ecs, "INSERT INTO load_balancer_security_groups SELECT id, %s FROM load_balancer", web)
    service = serve(ecs, define(ecs), target_group_id=target)
    rows(ecs, "INSERT INTO service_security_groups VALUES (%s, %s)", service, web)
    made = [change[1] for change in applied(ecs)]
    assert made.index("listener") < made.index("service")
    assert_agrees(account, ecs, *ALL_TABLES)
    (balancer,) = described(account)["loadBalancers"]
    assert (balancer["containerName"], balancer["containerPort"]) == ("web", 8088)

    ecs.execute("SELECT delete_all_records()")
    gone = [change[1] for change in applied(ecs)]
    for later in ("cluster", "task_definition", "target_group", "listener", "security_group"):
        assert gone.index("service") < gone.index(later), later
    assert {table: in_aws(account, table) for table in ALL_TABLES} == before
    assert revisions(account) == [] and revisions(account, status="INACTIVE") == [1]


def test_a_deleted_service_is_drained_before_what_it_uses_goes(account, ecs, slowly):
    slowly(2)
    web = insert(ecs, "security_group", group_name="web", description="Web")
    service = serve(ecs, define(ecs))
    rows(ecs, "INSERT INTO service_security_groups VALUES (%s, %s)", service, web)
    applied(ecs)
    wait_until(lambda: described(account)["runningCount"] == 1, "its task runs")
    for table in ("service", "container_definition", "task_definition", "cluster", "security_group_rule"):
        ecs.execute(f"DELETE FROM {table}" + (f" WHERE security_group_id = {web}" if table == "security_group_rule" else ""))
    ecs.execute("DELETE FROM security_group WHERE id = %s", (web,))
    gone = [change[1] for change in applied(ecs)]
    assert gone.index("service") < min(gone.index(table) for table in ("cluster", "task_definition", "security_group"))
    assert in_aws(account, "service") == in_aws(account, "cluster") == in_aws(account, "task_definition") == []
    assert [group["group_name"] for group in in_aws(account, "security_group")] == ["default"]


# -- revisions


def test_an_edit_is_an_update_that_moves_the_services(account, ecs):
    target = balance(ecs)
    definition = define(ecs)
    serve(ecs, definition, target_group_id=target)
    applied(ecs)
    ecs.execute("UPDATE container_definition SET name = 'shop', container_port = 9090, host_port = 9090")
    assert plan(ecs)[0][:2] == ("update", "task_definition")
    assert ("update", "task_definition") in [change[:2] for change in applied(ecs)]
    assert rows(ecs, "SELECT id, revision, status FROM task_definition") == [
        {"id": definition, "revision": 2, "status": "ACTIVE"}
    ]
    found = described(account)
    assert found["taskDefinition"].endswith(":2")
    (balancer,) = found["loadBalancers"]
    assert (balancer["containerName"], balancer["containerPort"]) == ("shop", 9090)
    assert revisions(account) == [2] and revisions(account, status="INACTIVE") == [1]
    assert_agrees(account, ecs, *ALL_TABLES)


def test_a_revision_keeps_what_no_column_says(account, ecs):
    register(account, command=["serve"], portMappings=[{"containerPort": 80}, {"containerPort": 81}])
    synced(ecs)
    ecs.execute("UPDATE container_definition SET tag = '2'")
    assert applied(ecs) == [("update", "task_definition", "web")]
    (container,) = newest(account)["containerDefinitions"]
    assert (container["image"], container["command"]) == ("nginx:2", ["serve"])
    assert [mapping["containerPort"] for mapping in container["portMappings"]] == [80, 81]
    ecs.execute("UPDATE container_definition SET container_port = 82, host_port = 82")
    applied(ecs)
    (container,) = newest(account)["containerDefinitions"]
    assert [mapping["containerPort"] for mapping in container["portMappings"]] == [82, 81]


def register(account, family="web", **container):
    return account.client("ecs").register_task_definition(
        family=family,
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "web", "image": "nginx", "essential": True, **container}],
    )["taskDefinition"]


def newest(account, family="web"):
    return account.client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"]


def test_the_newest_revision_and_those_in_use_are_rows(account, db):
    client = account.client("ecs")
    first, second, third = (register(account, image=f"nginx:{number}") for number in (1, 2, 3))
    client.create_cluster(clusterName="shop")
    subnets = [row["subnet_id"] for row in in_aws(account, "subnet")]
    client.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition=first["taskDefinitionArn"],
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets}},
    )
    client.deregister_task_definition(taskDefinition=first["taskDefinitionArn"])
    install(db, *MODULES)
    assert rows(db, "SELECT revision, status FROM task_definition ORDER BY revision") == [
        {"revision": 1, "status": "INACTIVE"},
        {"revision": 3, "status": "ACTIVE"},
    ]
    assert value(db, "SELECT revision FROM service JOIN task_definition ON task_definition.id = task_definition_id") == 1
    assert_agrees(account, db, *ALL_TABLES)
    assert plan(db) == plan(db, "iasql_plan_sync") == []
    client.update_service(cluster="shop", service="web", taskDefinition=third["taskDefinitionArn"])
    synced(db)
    assert [row["revision"] for row in rows(db, "SELECT revision FROM task_definition")] == [3]


def test_what_is_no_fargate_is_left_alone(account, ecs):
    account.client("ecs").register_task_definition(
        family="machine", containerDefinitions=[{"name": "c", "image": "nginx", "memory": 64}]
    )
    assert synced(ecs) == []
    assert rows(ecs, "SELECT * FROM task_definition") == []


def test_a_new_deployment_is_forced_once(account, ecs):
    serve(ecs, define(ecs))
    applied(ecs)
    before = described(account)["deployments"][0]["id"]
    ecs.execute("UPDATE service SET force_new_deployment = true")
    assert plan(ecs) == [("update", "service", "web")]
    assert applied(ecs) == [("update", "service", "web")]
    after = described(account)["deployments"][0]["id"]
    assert after != before
    assert value(ecs, "SELECT force_new_deployment FROM service") is False
    assert plan(ecs) == [] and apply(ecs) == []
    assert described(account)["deployments"][0]["id"] == after


# -- images, environment, sizes


def test_an_image_of_a_repository_is_shown_as_the_repository(account, ecs):
    insert_role(ecs, "task", "ecs-tasks.amazonaws.com")
    repository = insert(ecs, "repository", repository_name="shop")
    applied(ecs)
    uri = value(ecs, "SELECT repository_uri FROM repository")
    definition = define(ecs, image=uri, execution_role_name="task")
    ecs.execute("UPDATE container_definition SET tag = 'v1'")
    applied(ecs)
    (found,) = newest(account)["containerDefinitions"]
    assert found["image"] == f"{uri}:v1"
    ecs.execute("DELETE FROM container_definition")
    assert ("update", "task_definition") in [change[:2] for change in plan(ecs)]
    synced(ecs)
    assert rows(ecs, "SELECT image, tag, repository_id, task_definition_id FROM container_definition") == [
        {"image": None, "tag": "v1", "repository_id": repository, "task_definition_id": definition}
    ]


def test_the_environment_is_compared_by_meaning(account, ecs):
    define(ecs)
    ecs.execute("""UPDATE container_definition SET env_variables = '{"B": "2", "A": "1"}'""")
    applied(ecs)
    ecs.execute("""UPDATE container_definition SET env_variables = '{ "A":"1",  "B":"2" }'""")
    assert plan(ecs) == []
    (found,) = newest(account)["containerDefinitions"]
    assert found["environment"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    ecs.execute("UPDATE container_definition SET env_variables = '{}'")
    assert applied(ecs) == [("update", "task_definition", "web")]
    assert newest(account)["containerDefinitions"][0]["environment"] == []


@pytest.mark.parametrize("size", ["vCPU0.25-0.5GB", "vCPU0.5-4GB", "vCPU1-7GB", "vCPU2-16GB", "vCPU4-30GB"])
def test_sizes(account, ecs, size):
    define(ecs, cpu_memory=size)
    applied(ecs)
    (there,) = in_aws(account, "task_definition")
    assert there["cpu_memory"] == size


def test_a_size_that_the_column_cannot_say_stays(account, ecs):
    account.client("ecs").register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="8192",
        memory="16384",
        containerDefinitions=[{"name": "web", "image": "nginx"}],
    )
    synced(ecs)
    assert value(ecs, "SELECT cpu_memory FROM task_definition") is None
    ecs.execute("UPDATE container_definition SET tag = '2'")
    applied(ecs)
    assert (newest(account)["cpu"], newest(account)["memory"]) == ("8192", "16384")


@pytest.mark.parametrize(
    "columns",
    [
        {"name": "c"},
        {"name": "c", "image": ""},
        {"name": "c", "image": "nginx", "tag": "1", "digest": "sha256:0"},
        {"name": "c", "image": "nginx", "env_variables": "[]"},
        {"name": "c", "image": "nginx", "env_variables": "A=1"},
        {"name": "c", "image": "nginx", "protocol": "icmp"},
    ],
)
def test_containers_that_cannot_be(ecs, columns):
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    refusal(ecs, f"INSERT INTO container_definition ({names}) VALUES ({places})", *columns.values())


def test_sizes_that_fargate_does_not_have(ecs):
    for size in ("vCPU3-8GB", "vCPU0.25-4GB", "vCPU4-31GB", "2 vCPU"):
        refused = refusal(ecs, "INSERT INTO task_definition (family, cpu_memory) VALUES ('web', %s)", size)
        assert "task_definition_cpu_memory_is_a_fargate_size" in refused.message


def test_what_a_task_definition_needs(ecs):
    bare = insert(ecs, "task_definition", family="bare", cpu_memory="vCPU1-2GB")
    assert "container_definition" in refusal(ecs, "SELECT * FROM iasql_apply()").message
    rows(ecs, "DELETE FROM task_definition WHERE id = %s", bare)
    define(ecs, cpu_memory=None)
    assert "task_definition needs a value for cpu_memory" in refusal(ecs, "SELECT * FROM iasql_apply()").message


# -- replacing what services use


def test_a_target_group_is_replaced_with_what_uses_it(account, ecs):
    target = balance(ecs)
    service = serve(ecs, define(ecs), target_group_id=target)
    applied(ecs)
    ecs.execute("UPDATE target_group SET port = 9090")
    done = [change[:2] for change in applied(ecs)]
    assert {("replace", "target_group"), ("replace", "listener"), ("replace", "service")} <= set(done)
    assert_agrees(account, ecs, *ALL_TABLES)
    assert described(account)["status"] == "ACTIVE"
    assert value(ecs, "SELECT count(*) FROM service WHERE id = %s", service) == 1


def test_a_load_balancer_is_replaced_with_its_listeners(account, ecs):
    target = balance(ecs)
    serve(ecs, define(ecs), target_group_id=target)
    applied(ecs)
    ecs.execute("UPDATE load_balancer SET scheme = 'internet-facing'")
    assert {change[:2] for change in applied(ecs)} == {("replace", "load_balancer"), ("replace", "listener")}
    assert_agrees(account, ecs, *ALL_TABLES)


def test_a_cluster_is_replaced_with_its_services(account, ecs):
    serve(ecs, define(ecs))
    applied(ecs)
    ecs.execute("UPDATE cluster SET cluster_name = 'market'")
    assert {change[:2] for change in applied(ecs)} == {("replace", "cluster"), ("replace", "service")}
    assert_agrees(account, ecs, *ALL_TABLES)
    assert described(account, cluster="market")["status"] == "ACTIVE"


def test_the_order_of_deletes_is_kept_when_a_load_balancer_goes_and_the_service_stays(account, ecs):
    """ECS keeps a service whose target group no longer has a load balancer."""
    target = balance(ecs)
    serve(ecs, define(ecs), target_group_id=target)
    applied(ecs)
    ecs.execute("DELETE FROM listener")
    ecs.execute("DELETE FROM load_balancer")
    assert {change[:2] for change in applied(ecs)} == {("delete", "listener"), ("delete", "load_balancer")}
    assert in_aws(account, "load_balancer") == in_aws(account, "listener") == []


# -- corners


def test_a_new_service_needs_no_forcing(account, ecs):
    serve(ecs, define(ecs), force_new_deployment=True)
    applied(ecs)
    assert value(ecs, "SELECT force_new_deployment FROM service") is False
    assert len(described(account)["deployments"]) == 1


def test_a_service_needs_a_container_for_its_target_group(account, ecs):
    target = balance(ecs)
    definition = define(ecs)
    ecs.execute("UPDATE container_definition SET container_port = NULL")
    serve(ecs, definition, target_group_id=target)
    assert "no essential container of its task definition has a container_port" in refusal(
        ecs, "SELECT * FROM iasql_apply()"
    ).message


def test_a_revision_made_by_somebody_else_is_the_familys_row(account, ecs):
    definition = define(ecs)
    applied(ecs)
    ecs.execute("ALTER TABLE task_definition ADD COLUMN mine text")
    ecs.execute("UPDATE task_definition SET mine = 'kept'")
    register(account, image="nginx:2")
    assert ("update", "task_definition") in [change[:2] for change in synced(ecs)]
    assert rows(ecs, "SELECT id, revision, mine FROM task_definition") == [{"id": definition, "revision": 2, "mine": "kept"}]
    assert value(ecs, "SELECT tag FROM container_definition") == "2"
    ecs.execute("ALTER TABLE task_definition DROP COLUMN mine")
    assert_agrees(account, ecs, *ALL_TABLES)


def test_a_service_without_a_cluster_is_in_the_default_one(account, ecs):
    account.client("ecs").create_cluster(clusterName="default")
    synced(ecs)
    service = serve(ecs, define(ecs), cluster_id=None)
    ecs.execute("DELETE FROM cluster WHERE cluster_name = 'shop'")
    applied(ecs)
    found = value(ecs, "SELECT cluster_name FROM service JOIN cluster ON cluster.id = cluster_id WHERE service.id = %s", service)
    assert found == "default"
    assert plan(ecs) == []
