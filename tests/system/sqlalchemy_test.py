"""SQLAlchemy: tables reflected, classes and relationships made from them, objects saved by a session's unit of work."""

import pytest
import sqlalchemy
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

from quickstart_objects import pages
from server import rows, value
from steps import assert_settled, install

TUTORIAL = ("aws_cloudwatch", "aws_ecr", "aws_ecs_fargate", "aws_elb", "aws_security_group", "aws_vpc", "aws_rds")


@pytest.fixture
def engine(database, db):
    install(db, *TUTORIAL)
    engine = sqlalchemy.create_engine(database.url.replace("postgres://", "postgresql+psycopg://"))
    yield engine
    engine.dispose()


def relationship_name(base, local, referred, constraint):
    """`role` twice in a task definition: the relationship is named for its column, and its other side for both."""
    (column,) = constraint.columns
    return column.name.removesuffix("_id").removesuffix("_name") + "_object"


def collection_name(base, local, referred, constraint):
    if local is not referred and constraint.table not in (local.__table__, referred.__table__):  # many to many
        return f"{referred.__name__}s"
    (column,) = constraint.columns
    return f"{referred.__name__}_by_{column.name}"


@pytest.fixture
def classes(engine):
    base = automap_base()
    base.prepare(
        autoload_with=engine,
        name_for_scalar_relationship=relationship_name,
        name_for_collection_relationship=collection_name,
    )
    return base.classes


@pytest.fixture
def session(engine):
    with Session(engine) as session:
        yield session


def call(session, function):
    return [
        (row.action, row.table_name, row.description) for row in session.execute(sqlalchemy.text(f"SELECT * FROM {function}()"))
    ]


def test_reflection_gives_what_the_catalogue_says(db, engine, classes):
    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    names = {row["table"] for row in rows(db, 'SELECT "table" FROM iasql_tables')}
    assert names < set(metadata.tables)
    for name in names:
        table = metadata.tables[name]
        catalogue = rows(
            db,
            "SELECT column_name::text, is_nullable = 'YES' AS nullable,"
            " col_description(%s::regclass, ordinal_position) AS comment FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
            name,
            name,
        )
        reflected = [
            {"column_name": column.name, "nullable": column.nullable, "comment": column.comment} for column in table.columns
        ]
        assert reflected == catalogue, name
        assert table.comment and all(column.comment for column in table.columns), name
        assert table.primary_key.columns, name
        unknown = [column.name for column in table.columns if isinstance(column.type, sqlalchemy.types.NullType)]
        assert unknown == [], name
    keys = sum(len(metadata.tables[name].foreign_keys) for name in names)
    assert keys == value(
        db,
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid IN"
        ' (SELECT to_regclass(quote_ident("table")) FROM iasql_tables)',
    )
    # A table of nothing but two foreign keys is no class: it is the many-to-many relationship of the classes on both sides.
    joins = {"load_balancer_security_groups", "rds_security_groups", "service_security_groups"}
    assert names - set(classes.keys()) == joins
    assert isinstance(metadata.tables["security_group_rule"].columns["cidr_ipv4"].type, sqlalchemy.dialects.postgresql.CIDR)
    assert isinstance(metadata.tables["repository"].columns["tags"].type, sqlalchemy.dialects.postgresql.JSONB)


def test_objects_with_their_relationships(account, db, classes, session):
    repository = classes.repository(repository_name="app", tags={"made by": "sqlalchemy"})
    logs = classes.log_group(log_group_name="/app")
    group = classes.security_group(group_name="web", description="Web")
    rule = classes.security_group_rule(
        security_group_object=group, is_egress=False, ip_protocol="tcp", from_port=80, to_port=80, cidr_ipv4="10.0.0.0/8"
    )
    target = classes.target_group(target_group_name="web", target_type="ip", protocol="HTTP", port=80, vpc="default")
    balancer = classes.load_balancer(
        load_balancer_name="web", scheme="internal", load_balancer_type="application", ip_address_type="ipv4", vpc="default"
    )
    balancer.security_groups.append(group)
    listener = classes.listener(
        load_balancer_object=balancer, target_group_object=target, port=80, protocol="HTTP", action_type="forward"
    )
    everything = (repository, logs, group, rule, target, balancer, listener)
    session.add_all(everything)
    session.flush()
    expected = [
        ("create", "listener", "web:80"), ("create", "load_balancer", "web"), ("create", "log_group", "/app"),
        ("create", "repository", "app"), ("create", "security_group", "web"),
        ("create", "security_group_rule", "ingress tcp 80 10.0.0.0/8 of web"), ("create", "target_group", "web"),
    ]  # fmt: skip
    assert sorted(call(session, "iasql_plan_apply")) == expected
    session.commit()
    applied = call(session, "iasql_apply")
    session.commit()  # and every object is read again when it is next asked for
    assert set(expected) <= set(applied)

    (there,) = account.client("ecr").describe_repositories(repositoryNames=["app"])["repositories"]
    assert (repository.repository_uri, repository.repository_arn) == (there["repositoryUri"], there["repositoryArn"])
    (there,) = account.client("elbv2").describe_load_balancers(Names=["web"])["LoadBalancers"]
    assert (balancer.dns_name, balancer.load_balancer_arn) == (there["DNSName"], there["LoadBalancerArn"])
    assert there["SecurityGroups"] == [group.group_id]
    assert sorted(balancer.subnets) == sorted(zone["SubnetId"] for zone in there["AvailabilityZones"])
    (there,) = account.client("elbv2").describe_target_groups(Names=["web"])["TargetGroups"]
    assert (target.target_group_arn, target.health_check_path) == (there["TargetGroupArn"], there["HealthCheckPath"])
    assert logs.log_group_arn and listener.listener_arn and rule.security_group_rule_id
    assert balancer.listener_by_load_balancer_id == [listener]
    assert_settled(db)

    # A whole row saved, what AWS filled in included, is no change, and a change in it is that change alone.
    for saved in everything:
        for column in sqlalchemy.inspect(type(saved)).columns:
            sqlalchemy.orm.attributes.flag_modified(saved, column.key)
    session.commit()
    assert call(session, "iasql_plan_apply") == []
    repository.image_tag_mutability = "IMMUTABLE"
    session.commit()
    assert call(session, "iasql_apply") == [("update", "repository", "app")]
    session.commit()

    for unwanted in (listener, balancer, target, rule, group, logs, repository):
        session.delete(unwanted)
    session.commit()
    assert {change[0] for change in call(session, "iasql_apply")} == {"delete"}
    session.commit()
    assert pages(account.client("elbv2"), "describe_load_balancers", "LoadBalancers") == []
    assert pages(account.client("elbv2"), "describe_target_groups", "TargetGroups") == []
    assert account.client("ecr").describe_repositories()["repositories"] == []
    assert account.client("logs").describe_log_groups()["logGroups"] == []
    assert_settled(db)


def test_a_role_used_twice(db, classes, session):
    """Two foreign keys from one table to another, by a key that is not an integer."""
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
        ' "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}'
    )
    role = classes.role(role_name="task", assume_role_policy_document=trust, attached_policies_arns=[])
    definition = classes.task_definition(
        family="app", cpu_memory="vCPU0.25-0.5GB", task_role_object=role, execution_role_object=role
    )
    definition.container_definition_by_task_definition_id.append(
        classes.container_definition(name="app", image="public.ecr.aws/nginx/nginx", tag="latest", essential=True)
    )
    session.add(definition)
    session.commit()
    assert call(session, "iasql_apply") == [("create", "role", "task"), ("create", "task_definition", "app")]
    session.commit()
    assert definition.task_definition_arn.endswith("task-definition/app:1")
    assert role.arn.endswith(":role/task")
    assert_settled(db)


def test_a_refused_value_fails_the_flush(classes, session):
    session.add(classes.repository(repository_name="app", image_tag_mutability="SOMETIMES"))
    with pytest.raises(sqlalchemy.exc.DBAPIError, match="IMMUTABLE"):
        session.flush()
    session.rollback()
    assert call(session, "iasql_plan_apply") == []


def test_a_rollback_after_an_apply_forgets_nothing(account, db, classes, session):
    session.add_all([classes.log_group(log_group_name="/app"), classes.repository(repository_name="app")])
    session.flush()
    assert len(call(session, "iasql_apply")) == 2
    session.rollback()
    assert value(db, "SELECT count(*) FROM log_group") == 0
    assert sorted(change[:2] for change in call(session, "iasql_plan_apply")) == [
        ("delete", "log_group"), ("delete", "repository")
    ]  # fmt: skip
    call(session, "iasql_sync")
    session.commit()
    assert [found.repository_name for found in session.scalars(sqlalchemy.select(classes.repository))] == ["app"]
    assert_settled(db)
