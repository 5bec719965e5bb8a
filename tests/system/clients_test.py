"""How clients that are not psql write: every column named, NULL or '' for what they have no opinion on, whole rows saved."""

import json
import re

import psycopg
import pytest

from aws_objects import assert_agrees
from server import SOURCE, plan, rows, value
from steps import MODULES, TABLES, applied, assert_settled, install, notices


def columns(db, table):
    return [
        row["column_name"]
        for row in rows(
            db,
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " ORDER BY ordinal_position",
            table,
        )
        if row["column_name"] != "id"
    ]


def insert_all(db, table, nothing, **given):
    """As Django's Model.save() does in a new object: every column, in the table's order."""
    texts = {
        row["column_name"]
        for row in rows(
            db,
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = %s AND data_type = 'text'",
            table,
        )
    }
    named = columns(db, table)
    parameters = [given[column] if column in given else nothing if column in texts else None for column in named]
    places = ", ".join(["%s"] * len(named))
    quoted = ", ".join(f'"{column}"' for column in named)
    return value(db, f"INSERT INTO {table} ({quoted}) VALUES ({places}) RETURNING id", *parameters)


POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:ListImages"}]}'


@pytest.mark.parametrize("nothing", [None, ""], ids=["NULL", "empty text"])
def test_every_column_named(account, db, nothing):
    install(db, *MODULES)
    insert_all(db, "log_group", nothing, log_group_name="/app")
    repository = insert_all(db, "repository", nothing, repository_name="app")
    insert_all(db, "repository_policy", nothing, repository_id=repository, policy_text=POLICY)
    group = insert_all(db, "security_group", nothing, group_name="web", description="Web")
    insert_all(
        db, "security_group_rule", nothing, security_group_id=group, is_egress=False, ip_protocol="tcp", from_port=80,
        to_port=80, cidr_ipv4="10.0.0.0/8",
    )  # fmt: skip
    applied(db)
    assert_agrees(account, db)
    assert value(db, "SELECT image_tag_mutability FROM repository") == "MUTABLE"


@pytest.mark.parametrize("nothing", [None, ""], ids=["NULL", "empty text"])
def test_every_column_named_of_a_network(account, db, nothing):
    install(db, "aws_vpc")
    vpc = insert_all(db, "vpc", nothing, cidr_block="10.1.0.0/16")
    insert_all(db, "subnet", nothing, vpc_id=vpc, cidr_block="10.1.1.0/24", availability_zone="eu-west-2a")
    applied(db)
    assert_agrees(account, db, "vpc", "subnet")


def test_a_row_read_and_saved_whole_is_no_change(db):
    install(db, *MODULES)
    repository = insert_all(db, "repository", None, repository_name="app", tags='{"a": "1"}')
    insert_all(db, "log_group", None, log_group_name="/app")
    insert_all(db, "repository_policy", None, repository_id=repository, policy_text=POLICY)
    applied(db)
    db.notices.clear()
    for table in TABLES:
        named = columns(db, table)
        for row in rows(db, f"SELECT * FROM {table}"):
            assignments = ", ".join(f'"{column}" = %s' for column in named)
            parameters = [json.dumps(row[column]) if isinstance(row[column], dict) else row[column] for column in named]
            db.execute(f"UPDATE {table} SET {assignments} WHERE id = %s", [*parameters, row["id"]])
    assert_settled(db)
    assert notices(db, "ignored") == []


def test_a_stale_row_saved_whole_keeps_what_aws_said(db):
    """An ORM holds the object from before the apply: its outputs are still NULL when it saves the next change."""
    install(db, "aws_ecr")
    row = insert_all(db, "repository", None, repository_name="app")
    applied(db)
    arn = value(db, "SELECT repository_arn FROM repository")
    db.execute(
        "UPDATE repository SET repository_name = 'app', repository_arn = NULL, registry_id = NULL, repository_uri = NULL,"
        " created_at = NULL, scan_on_push = true WHERE id = %s",
        (row,),
    )
    assert value(db, "SELECT repository_arn FROM repository") == arn
    assert plan(db) == [("update", "repository", "app")]
    applied(db)


def test_the_sequence_goes_on_after_an_import(account, db):
    for number in range(5):
        account.client("logs").create_log_group(logGroupName=f"/{number}")
    install(db, "aws_cloudwatch")
    assert insert_all(db, "log_group", None, log_group_name="/app") == 6


def test_prepared_statements_and_copy(account, db):
    install(db, "aws_cloudwatch")
    with db.cursor().copy("COPY log_group (log_group_name) FROM STDIN") as copy:
        for number in range(5):
            copy.write_row((f"/copied/{number}",))
    for number in range(5):
        db.execute("INSERT INTO log_group (log_group_name) VALUES (%s)", (f"/prepared/{number}",), prepare=True)
    assert len(applied(db)) == 10
    assert_agrees(account, db, "log_group")
    db.execute(
        "INSERT INTO log_group (log_group_name, tags) VALUES ('/copied/0', '{\"a\": \"1\"}')"
        " ON CONFLICT (log_group_name, region) DO UPDATE SET tags = excluded.tags"
    )
    assert [change[0] for change in applied(db)] == ["update"]


def test_a_prepared_call_of_the_functions(db):
    install(db, "aws_cloudwatch")
    for _ in range(7):
        assert db.execute("SELECT * FROM iasql_plan_apply()", prepare=True).fetchall() == []
        assert db.execute("SELECT * FROM iasql_apply()", prepare=True).fetchall() == []


def test_results_have_the_documented_columns(db):
    def shape(statement):
        return [(column.name, column.type_display) for column in db.execute(statement).description]

    changes = [("action", "text"), ("table_name", "text"), ("id", "int4"), ("description", "text")]
    assert shape("SELECT * FROM iasql_install('aws_ecr')") == [
        ("module_name", "text"), ("created_table_name", "text"), ("record_count", "int8")
    ]  # fmt: skip
    for function in ("iasql_plan_apply", "iasql_apply", "iasql_plan_sync", "iasql_sync"):
        assert shape(f"SELECT * FROM {function}()") == changes
    for function in ("iasql_modules_list", "iasql_modules_installed"):
        assert [name for name, _ in shape(f"SELECT * FROM {function}()")] == [
            "module_name", "module_version", "dependencies"
        ]  # fmt: skip
    assert shape("SELECT * FROM iasql_version()") == [("version", "text")]


def test_a_role_that_only_reads(database, db):
    """What docs/clients.md says about dashboards."""
    install(db, *MODULES)
    statements = [
        statement.replace("DATABASE …", f'DATABASE "{database.name}"')
        for statement in re.findall(r"^GRANT .*;$", (SOURCE / "docs" / "clients.md").read_text(), re.M)
    ]
    assert len(statements) == 4
    with database.superuser() as superuser:
        superuser.execute("CREATE ROLE reader")
        try:
            for statement in statements:
                db.execute(statement)
            superuser.execute("SET ROLE reader")
            assert superuser.execute("SELECT count(*) FROM log_group").fetchone() == (0,)
            assert superuser.execute("SELECT count(*) FROM iasql.history").fetchone() == (0,)
            for statement in ("INSERT INTO log_group (log_group_name) VALUES ('/app')", "SELECT * FROM iasql.iasql_apply()"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    superuser.execute(statement)
        finally:
            superuser.execute("RESET ROLE")
            for statement in statements:
                db.execute(statement.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
            superuser.execute("DROP ROLE reader")
