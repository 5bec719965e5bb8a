"""The tutorial's database, applied and with a database instance beside it, dumped and restored into others: a connected one, one
that is connected when the account holds nothing of it any more, and a plain one with the extension."""

from types import SimpleNamespace

import psycopg
import pytest

import tutorial
from dump_test import dump, restore
from quickstart_objects import CREATES, assert_running, inventory
from server import REGION, plan, rows, value
from steps import assert_settled, refusal

PASSWORD = "correct-horse-battery"


@pytest.fixture
def before(account):
    return inventory(account)


@pytest.fixture
def original(before, database, db):
    rows(db, tutorial.scripts("sql", "Install the modules")[0])
    rows(db, "SELECT * FROM iasql_install('aws_rds')")
    for insert in tutorial.inserts():
        db.execute(insert)
    db.execute(
        "INSERT INTO rds (db_instance_identifier, allocated_storage, availability_zone, db_instance_class, engine,"
        " master_username, master_user_password) VALUES ('mine', 20, 'eu-west-2a', 'db.t4g.micro', 'postgres', 'me', %s)",
        (PASSWORD,),
    )
    assert len(plan(db, "iasql_apply")) == 12
    return db


def contents(connection):
    """Every row of every module table."""
    tables = [row["table"] for row in rows(connection, 'SELECT "table" FROM iasql_tables ORDER BY 1')]
    return {
        table: sorted(
            row["row"]  # without what changes by itself when a task starts
            for row in rows(connection, f"SELECT (to_jsonb(one) - 'available_ip_address_count')::text AS row FROM {table} AS one")
        )
        for table in tables
    }


def installed(connection):
    return sorted(row["module_name"] for row in rows(connection, "SELECT module_name FROM iasql_modules_installed()"))


def assert_refuses(connection):
    """Whatever is done to the rows, none of them can be applied; and without any row nothing is deleted in AWS."""
    for statement in ("SELECT 1", "DELETE FROM service", "UPDATE repository SET scan_on_push = true",
                      "INSERT INTO cluster (cluster_name) VALUES ('other')"):  # fmt: skip
        connection.execute("BEGIN")
        connection.execute(statement)
        refused = refusal(connection, "SELECT * FROM iasql_apply()")
        assert refused.sqlstate == "IQ007" and "iasql_sync" in refused.hint, (statement, refused)
        connection.execute("ROLLBACK")
    connection.execute("BEGIN")
    connection.execute("SELECT delete_all_records()")
    assert plan(connection, "iasql_apply") == []
    connection.execute("ROLLBACK")


def test_no_secret_is_in_the_dump(original, database):
    script = dump(database)
    assert "quickstart-container" in script and "mine" in script, "the rows are"
    assert PASSWORD not in script
    with database.superuser() as superuser:
        (sealed,) = superuser.execute("SELECT sealed FROM iasql.connection").fetchone()
        internal = superuser.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'iasql'::regnamespace"
        )
        for (table,) in internal.fetchall():
            assert f"COPY {table} " not in script
    assert sealed.hex() not in script and "sealed" not in script


def test_into_another_connected_database(original, database, second_database, account):
    there = contents(original)
    restore(second_database, dump(database, "--no-owner", "--no-privileges"))
    copy = second_database.connect()
    assert contents(copy) == there
    with database.superuser() as superuser:
        shared = superuser.execute(
            "SELECT count(*) FROM pg_shdepend JOIN pg_database d ON d.oid = dbid, pg_database original"
            " WHERE refobjid = original.datdba AND original.datname = %s AND d.datname = %s",
            (database.name, second_database.name),
        ).fetchone()
    assert shared == (0,), "the copy gives the original's role nothing"
    assert_refuses(copy)
    assert_running(account)
    plan(copy, "iasql_sync")
    assert_settled(copy)
    assert contents(copy) == there, "a sync keeps rows and their ids"
    assert installed(copy) == installed(original)

    # From now on it describes the account as well as the original does.
    copy.execute("SELECT delete_all_records()")
    assert len(plan(copy, "iasql_apply")) == 12
    assert inventory(account)["clusters"] == []
    assert {change[0] for change in plan(original, "iasql_sync")} == {"delete"}
    assert_settled(original)


def test_into_an_account_that_has_none_of_it(original, before, database, second_database, account):
    """A sync makes the rows what the account has, so the copy of a description is not a way to make it again."""
    script = dump(database, "--no-owner")
    original.execute("SELECT delete_all_records()")
    plan(original, "iasql_apply")
    restore(second_database, script)
    copy = second_database.connect()
    assert value(copy, "SELECT count(*) FROM service") == 1
    assert_refuses(copy)
    assert {change[0] for change in plan(copy, "iasql_plan_sync")} == {"delete"}
    plan(copy, "iasql_sync")
    assert_settled(copy)
    assert value(copy, "SELECT count(*) FROM service") == 0
    assert inventory(account) == before
    for insert in tutorial.inserts():
        copy.execute(insert)
    assert sorted(table for _, table, _ in plan(copy, "iasql_apply")) == CREATES
    assert_running(account)


@pytest.fixture
def plain_url(server):
    """A database with the extension and without an account."""
    with server.superuser("postgres") as superuser:
        superuser.execute("CREATE DATABASE plain")
    try:
        with server.superuser("plain") as superuser:
            superuser.execute("CREATE EXTENSION iasql")
        yield f"host={server.data / 'sockets'} port={server.port} user=iasql_operator dbname=plain"
    finally:
        with server.superuser("postgres") as superuser:
            superuser.execute("DROP DATABASE plain WITH (FORCE)")


def test_into_a_plain_database(original, database, account, plain_url):
    """Where the extension is and no account is connected: the rows can be read, and nothing acts on an account."""
    restore(SimpleNamespace(url=plain_url), dump(database, "--no-owner"))
    with psycopg.connect(plain_url, autocommit=True, row_factory=psycopg.rows.dict_row) as plain:
        assert contents(plain) == contents(original)
        for function in ("iasql_apply", "iasql_sync"):
            assert refusal(plain, f"SELECT * FROM {function}()").sqlstate == "IQ006", "it is not connected"
    assert_running(account)


def test_the_dependencies_are_there_after_a_sync(original, database, second_database):
    restore(second_database, dump(database, "--no-owner", "--no-privileges"))
    copy = second_database.connect()
    plan(copy, "iasql_sync")
    asked = "SELECT * FROM iasql_dependencies ORDER BY 1, 2"
    assert rows(copy, asked) == rows(original, asked) != []


def test_a_plain_database_connected_after_the_restore(original, database, server, account, plain_url):
    there = contents(original)
    restore(SimpleNamespace(url=plain_url), dump(database, "--no-owner", "--no-privileges"))
    server.iasql("connect", "--emulator", "--region", REGION, "--database", "plain", AWS_ENDPOINT_URL=account.url)
    with psycopg.connect(plain_url, autocommit=True, row_factory=psycopg.rows.dict_row) as plain:
        assert_refuses(plain)
        plan(plain, "iasql_sync")
        assert_settled(plain)
        assert contents(plain) == there
        assert installed(plain) == installed(original)
