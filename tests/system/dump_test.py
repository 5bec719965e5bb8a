"""Dumps, copies, clones: rows come along, registry, journal and secrets do not, and a copy acts on no account by accident."""

import os
import subprocess

import psycopg
import pytest

from server import plan, rows, value

pytestmark = pytest.mark.every_postgresql


@pytest.fixture
def original(database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr', 'aws_security_group')")
    db.execute("INSERT INTO repository (repository_name) VALUES ('applied')")
    plan(db, "iasql_apply")
    db.execute("INSERT INTO repository (repository_name) VALUES ('pending')")
    return db


def dump(database, *options):
    finished = subprocess.run(["pg_dump", "--dbname", database.url, *options], capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def restore(database, script):
    """As its owner, errors and all, as a person does it; gives what psql complained of."""
    finished = subprocess.run(
        ["psql", "-X", "-q", "--dbname", database.url], input=script, capture_output=True, text=True,
        env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"},
    )
    return finished.stderr


def test_a_copy_in_another_connected_database(original, database, second_database, account):
    script = dump(database, "--no-owner")
    assert "applied" in script and "pending" in script
    for internal in ("iasql.registry", "iasql.intent", "iasql.connection", "iasql.fold_mark", "iasql.module_table"):
        assert f"COPY {internal} " not in script
    restore(second_database, script)
    copy = second_database.connect()
    assert value(copy, "SELECT count(*) FROM repository") == 2, "the rows came along"
    before = account.client("ecr").describe_repositories()["repositories"]
    for statement in ("SELECT 1", "DELETE FROM repository", "UPDATE repository SET scan_on_push = true",
                      "DELETE FROM security_group_rule"):
        copy.execute("BEGIN")
        copy.execute(statement)
        with pytest.raises(psycopg.Error) as refused:
            plan(copy, "iasql_apply")
        copy.execute("ROLLBACK")
        assert refused.value.sqlstate == "IQ007", refused.value
        assert "iasql_sync" in refused.value.diag.message_hint
    assert account.client("ecr").describe_repositories()["repositories"] == before
    plan(copy, "iasql_sync")
    assert plan(copy) == [] and plan(copy, "iasql_plan_sync") == []
    assert [row["repository_name"] for row in rows(copy, "SELECT repository_name FROM repository")] == ["applied"]
    copy.execute("INSERT INTO repository (repository_name) VALUES ('from-the-copy')")
    assert plan(copy, "iasql_apply") == [("create", "repository", "from-the-copy")]
    # The original goes on where it was.
    assert plan(original) == [("create", "repository", "pending")]
    assert plan(original, "iasql_apply") == [("create", "repository", "pending")]


def test_a_dump_in_the_middle_of_an_apply(original, database, second_database, account):
    """With a pending journal: what is restored replays nothing."""
    original.execute("BEGIN")
    plan(original, "iasql_apply")
    script = dump(database, "--no-owner")
    original.execute("ROLLBACK")
    restore(second_database, script)
    copy = second_database.connect()
    with pytest.raises(psycopg.Error) as refused:
        plan(copy, "iasql_apply")
    assert refused.value.sqlstate == "IQ007"
    names = sorted(one["repositoryName"] for one in account.client("ecr").describe_repositories()["repositories"])
    assert names == ["applied", "pending"]
    plan(copy, "iasql_sync")
    assert plan(copy) == []
    assert plan(original) == []


def test_a_database_made_from_a_template(original, database, server, account):
    """CREATE DATABASE … TEMPLATE copies registry and sealed key too: the database's oid tells, and the key does not open."""
    original.close()
    with server.superuser("postgres") as superuser:
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database.name,))
        superuser.execute(f'CREATE DATABASE clone TEMPLATE "{database.name}"')
    before = account.client("ecr").describe_repositories()["repositories"]
    try:
        with server.superuser("clone") as clone:
            with pytest.raises(psycopg.Error) as refused:
                clone.execute("SELECT * FROM iasql.iasql_apply()")
            assert refused.value.sqlstate in ("IQ006", "IQ007"), refused.value
            with pytest.raises(psycopg.Error) as refused:
                clone.execute("SELECT * FROM iasql.iasql_sync()")
            assert refused.value.sqlstate == "IQ006"
    finally:
        with server.superuser("postgres") as superuser:
            superuser.execute("DROP DATABASE clone WITH (FORCE)")
    assert account.client("ecr").describe_repositories()["repositories"] == before


def test_schema_public_dropped_and_made_again(original, account):
    """Prisma's reset: registry and journal stay, and repair() makes wrappers again; nothing is deleted in AWS."""
    original.execute("DROP SCHEMA public CASCADE")
    original.execute("CREATE SCHEMA public")
    for function in ("iasql_plan_apply", "iasql_apply"):
        with pytest.raises(psycopg.Error, match="was dropped"):
            plan(original, f"iasql.{function}")
    original.execute("SELECT iasql.repair()")
    rows(original, "SELECT * FROM iasql_install('aws_ecr', 'aws_security_group')")
    assert value(original, "SELECT count(*) FROM repository") == 1
    assert plan(original) == [] and plan(original, "iasql_plan_sync") == []
    assert len(account.client("ecr").describe_repositories()["repositories"]) == 1
