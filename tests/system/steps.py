"""What nearly every test does: install, apply, sync, see that both plans are empty, and catch what is refused."""

from dataclasses import dataclass

import psycopg
import pytest

from server import plan, rows

MODULES = ("aws_cloudwatch", "aws_ecr", "aws_vpc", "aws_security_group")
TABLES = (
    "log_group", "public_repository", "repository", "repository_policy", "vpc", "subnet", "security_group",
    "security_group_rule",
)  # fmt: skip


def every_module(connection):
    return [row["module_name"] for row in rows(connection, "SELECT module_name FROM iasql_modules_list()")]


def install(connection, *modules):
    """(module, table, count) of each row that iasql_install() gives."""
    installed = rows(connection, "SELECT * FROM iasql_install(VARIADIC %s)", list(modules))
    return [(row["module_name"], row["created_table_name"], row["record_count"]) for row in installed]


def uninstall(connection, *modules):
    dropped = rows(connection, "SELECT * FROM iasql_uninstall(VARIADIC %s)", list(modules))
    return [(row["module_name"], row["dropped_table_name"], row["record_count"]) for row in dropped]


def apply(connection):
    return plan(connection, "iasql_apply")


def sync(connection):
    return plan(connection, "iasql_sync")


def assert_settled(connection):
    """Neither plan has anything to do."""
    for function in ("iasql_plan_apply", "iasql_plan_sync"):
        pending = plan(connection, function)
        assert pending == [], f"{function}: {pending}"


def applied(connection):
    """Applies; both plans are empty afterwards."""
    done = apply(connection)
    assert_settled(connection)
    return done


def synced(connection):
    """Syncs; both plans are empty afterwards."""
    done = sync(connection)
    assert_settled(connection)
    return done


@dataclass
class Refusal:
    sqlstate: str
    message: str
    detail: str
    hint: str


def refusal(connection, statement, *parameters):
    """The error that the statement raises; fails when it raises none."""
    with pytest.raises(psycopg.Error) as caught:
        rows(connection, statement, *parameters)
    report = caught.value.diag
    assert report.sqlstate, f"no error of the server: {caught.value}"
    return Refusal(report.sqlstate, report.message_primary, report.message_detail or "", report.message_hint or "")


def notices(connection, part):
    """The notices and warnings so far that contain `part`."""
    return [notice for notice in connection.notices if part in notice]


def insert(connection, table, **columns):
    """Inserts a row and gives its id."""
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    (row,) = rows(connection, f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", *columns.values())
    return row["id"]
