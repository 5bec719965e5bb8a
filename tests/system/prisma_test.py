"""Prisma: its introspection, its generated client, and its reset, which drops schema public. Its engines are npm packages."""

import pytest

from prisma_project import PrismaFailed, PrismaProject
from server import plan, rows, value
from steps import assert_settled, every_module, install

APPLY = ("$queryRawUnsafe", "SELECT * FROM iasql_apply()")
PLAN = ("$queryRawUnsafe", "SELECT * FROM iasql_plan_apply()")
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return PrismaProject(tmp_path_factory.mktemp("prisma"))


@pytest.fixture
def prisma(project, database, db):
    """The project connected to a database with every module. Its schema and client are made once: they hold no address."""
    install(db, *every_module(db))
    project.url = database.url
    if not project.has_client():
        project.command("db", "pull")
        project.command("generate")
    return project


def changes(result):
    return [(change["action"], change["table_name"], change["description"]) for change in result]


def test_introspection_finds_every_table(db, prisma):
    columns = {}
    for row in rows(
        db,
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'",
    ):
        columns.setdefault(row["table_name"], set()).add(row["column_name"])
    models = prisma.models()
    assert {row["table"] for row in rows(db, 'SELECT "table" FROM iasql_tables')} < set(models)

    def is_relation(kind):
        return kind.rstrip("[]?") in models

    found = {model: {name for name, kind in fields.items() if not is_relation(kind)} for model, fields in models.items()}
    assert found == columns
    many = [name for fields in models.values() for name, kind in fields.items() if is_relation(kind) and kind.endswith("[]")]
    assert len(many) == value(
        db, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
    )


def test_a_create_with_relations(account, db, prisma):
    repository, group, balancer, planned = prisma.calls(
        ("repository", "create", {"data": {
            "repository_name": "app", "tags": {"made by": "prisma"}, "repository_policy": {"create": [{"policy_text": POLICY}]},
        }}),
        ("security_group", "create", {"data": {"group_name": "web", "description": "Web"}}),
        ("load_balancer", "create", {"data": {
            "load_balancer_name": "web", "scheme": "internal", "load_balancer_type": "application", "ip_address_type": "ipv4",
            "vpc": "default", "load_balancer_security_groups": {"create": [
                {"security_group": {"connect": {"id": value(db, "SELECT id FROM security_group")}}}]},
            "listener": {"create": [{"port": 80, "protocol": "HTTP", "target_group": {"create": {
                "target_group_name": "web", "target_type": "ip", "protocol": "HTTP", "port": 80, "vpc": "default"}}}]},
        }}),
        PLAN,
    )  # fmt: skip
    assert (repository["image_tag_mutability"], repository["repository_uri"]) == ("MUTABLE", None)
    assert group["region"] == balancer["region"] == "eu-west-2"
    created = [
        ("create", "repository", "app"), ("create", "repository_policy", "app"), ("create", "security_group", "web"),
        ("create", "load_balancer", "web"), ("create", "listener", "web:80"), ("create", "target_group", "web"),
    ]  # fmt: skip
    assert sorted(changes(planned)) == sorted(created)

    applied, repository, balancer, target = prisma.calls(
        APPLY,
        ("repository", "findUnique", {"where": {"id": repository["id"]}}),
        ("load_balancer", "findFirst", {"where": {"load_balancer_name": "web"}, "include": {"listener": True}}),
        ("target_group", "findFirst", {"where": {"target_group_name": "web"}}),
    )
    assert set(created) <= set(changes(applied))
    (there,) = account.client("ecr").describe_repositories(repositoryNames=["app"])["repositories"]
    assert (repository["repository_uri"], repository["repository_arn"]) == (there["repositoryUri"], there["repositoryArn"])
    assert repository["tags"] == {"made by": "prisma"}
    (there,) = account.client("elbv2").describe_load_balancers(Names=["web"])["LoadBalancers"]
    assert (balancer["dns_name"], balancer["state"]) == (there["DNSName"], "active")
    assert sorted(balancer["subnets"]) == sorted(zone["SubnetId"] for zone in there["AvailabilityZones"])
    assert balancer["listener"][0]["listener_arn"].startswith("arn:")
    assert target["health_check_path"] == "/"
    assert_settled(db)

    # A whole row saved, what AWS filled in included, is no change, and a change in it is that change alone.
    whole = {name: field for name, field in repository.items() if name != "id"}
    del balancer["listener"]
    save = ("repository", "update", {"where": {"id": repository["id"]}, "data": whole})
    saved, _, planned = prisma.calls(
        save, ("load_balancer", "update", {"where": {"id": balancer["id"]}, "data": balancer}), PLAN
    )
    assert (saved, planned) == (repository, [])
    whole["scan_on_push"] = True
    assert changes(prisma.calls(save, PLAN, APPLY)[1]) == [("update", "repository", "app")]

    for model in ("listener", "repository_policy"):
        prisma.calls((model, "deleteMany", {}))
    deleted = prisma.calls(
        ("load_balancer", "delete", {"where": {"id": balancer["id"]}}),
        ("target_group", "delete", {"where": {"id": target["id"]}}),
        ("repository", "delete", {"where": {"id": repository["id"]}}),
        ("security_group", "delete", {"where": {"id": group["id"]}}),
        APPLY,
    )[-1]
    assert {change["action"] for change in deleted} == {"delete"} and len(deleted) == 6
    assert account.client("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert account.client("ecr").describe_repositories()["repositories"] == []
    assert_settled(db)


def test_a_transaction(account, db, prisma):
    create = ("log_group", "create", {"data": {"log_group_name": "/app"}})
    ((_, planned),) = prisma.calls((create, PLAN))
    assert changes(planned) == [("create", "log_group", "/app")]
    db.execute("DELETE FROM log_group")
    with pytest.raises(PrismaFailed, match="no_such_table"):
        prisma.calls((create, APPLY, ("$queryRawUnsafe", "SELECT * FROM no_such_table")))
    assert value(db, "SELECT count(*) FROM log_group") == 0
    assert len(account.client("logs").describe_log_groups()["logGroups"]) == 1
    assert [change[:2] for change in plan(db)] == [("delete", "log_group")], "what was made in it is known"


def test_a_refused_value_says_what_is_allowed(db, prisma):
    with pytest.raises(PrismaFailed, match="IMMUTABLE"):
        prisma.calls(("repository", "create", {"data": {"repository_name": "app", "image_tag_mutability": "SOMETIMES"}}))
    assert value(db, "SELECT count(*) FROM repository") == 0


def test_a_reset_loses_tables_and_wrappers_only(account, db, prisma):
    prisma.calls(("log_group", "create", {"data": {"log_group_name": "/app"}}), APPLY)
    prisma.command("migrate", "reset", "--force", "--skip-seed", "--skip-generate")
    assert value(db, "SELECT to_regclass('public.log_group') IS NULL AND to_regprocedure('public.iasql_apply()') IS NULL")
    assert value(db, "SELECT count(*) FROM iasql.history WHERE table_name = 'log_group'") == 1
    rows(db, "SELECT iasql.repair()")
    prisma.calls(("$queryRawUnsafe", "SELECT module_name FROM iasql_install('aws_cloudwatch')"))
    assert [group["log_group_name"] for group in prisma.calls(("log_group", "findMany", {}))[0]] == ["/app"]
    assert_settled(db)
    assert len(account.client("logs").describe_log_groups()["logGroups"]) == 1
