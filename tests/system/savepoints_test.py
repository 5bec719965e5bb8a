"""journal.md, step 1: the writer's lock and what is known outlive ROLLBACK TO SAVEPOINT, so that clients which wrap each
statement in a savepoint (psql's ON_ERROR_ROLLBACK, plpgsql's EXCEPTION, Django's nested atomic()) make nothing twice."""

import psycopg
import pytest

from background import Background
from server import plan, rows, value, wait_until

pytestmark = pytest.mark.every_postgresql


def repositories(ecr):
    return sorted(repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"])


@pytest.fixture
def db(database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    return db


def test_rollback_to_after_an_apply_makes_nothing_twice(db, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('once')")
    db.execute("BEGIN")
    db.execute("SAVEPOINT before")
    plan(db, "iasql_apply")
    (first,) = ecr.describe_repositories()["repositories"]
    db.execute("ROLLBACK TO before")
    assert value(db, "SELECT repository_arn FROM repository") is None
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    db.execute("COMMIT")
    assert value(db, "SELECT repository_arn FROM repository") == first["repositoryArn"]
    assert [one["createdAt"] for one in ecr.describe_repositories()["repositories"]] == [first["createdAt"]]
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_rollback_to_keeps_the_writers_lock(db, database, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('once')")
    db.execute("BEGIN")
    db.execute("SAVEPOINT before")
    plan(db, "iasql_apply")
    db.execute("ROLLBACK TO before")
    second = database.connect()
    waiting = Background(second, "SELECT * FROM iasql_apply()")
    with database.superuser() as superuser:
        wait_until(lambda: waiting.waits_for_lock(superuser) and second.notices, "the second session's wait")
    assert "waiting for process" in second.notices[0]
    db.execute("COMMIT")
    assert waiting.result() == []
    assert repositories(ecr) == ["once"]
    assert plan(db) == []


def test_a_row_inserted_in_a_rolled_back_savepoint_is_offered_for_deletion(db, ecr):
    db.execute("BEGIN")
    db.execute("SAVEPOINT before")
    db.execute("INSERT INTO repository (repository_name) VALUES ('orphan')")
    plan(db, "iasql_apply")
    db.execute("ROLLBACK TO before")
    assert [action for action, *_ in plan(db)] == ["delete"]
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["delete"]
    db.execute("COMMIT")
    assert repositories(ecr) == []
    assert plan(db) == []


def test_on_error_rollback(db, ecr):
    """psql's ON_ERROR_ROLLBACK: a savepoint around every statement."""
    db.execute("BEGIN")
    for statement in (
        "INSERT INTO repository (repository_name) VALUES ('first')",
        "SELECT * FROM iasql_apply()",
        "SELECT * FROM no_such_table",
        "INSERT INTO repository (repository_name) VALUES ('second')",
        "SELECT * FROM iasql_apply()",
        "INSERT INTO repository (repository_name) VALUES ('!')",
        "SELECT * FROM iasql_apply()",
    ):
        db.execute("SAVEPOINT pg_psql_temporary_savepoint")
        try:
            db.execute(statement)
            db.execute("RELEASE pg_psql_temporary_savepoint")
        except psycopg.Error:
            db.execute("ROLLBACK TO pg_psql_temporary_savepoint")
    db.execute("COMMIT")
    assert repositories(ecr) == ["first", "second"]
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_plpgsql_exception_block(db, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('once')")
    db.execute(
        """DO $$ BEGIN
             BEGIN PERFORM iasql_apply(); RAISE 'after the apply'; EXCEPTION WHEN raise_exception THEN NULL; END;
             BEGIN PERFORM iasql_apply(); RAISE 'once more'; EXCEPTION WHEN raise_exception THEN NULL; END;
           END $$"""
    )
    assert repositories(ecr) == ["once"]
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    assert plan(db, "iasql_plan_sync") == []


def test_nested_atomic(db, ecr):
    """Django: atomic() within atomic(), the inner one fails and the outer goes on."""
    with db.transaction():
        db.execute("INSERT INTO repository (repository_name) VALUES ('outer')")
        with pytest.raises(ZeroDivisionError):
            with db.transaction():
                db.execute("INSERT INTO repository (repository_name) VALUES ('inner')")
                plan(db, "iasql_apply")
                1 / 0
        assert [action for action, *_ in plan(db)] == ["delete"], "outer is there, inner has no row any more"
        plan(db, "iasql_apply")
    assert repositories(ecr) == ["outer"]
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_a_sync_in_a_rolled_back_savepoint_repairs_nothing(db, ecr):
    ecr.create_repository(repositoryName="theirs")
    db.execute("BEGIN")
    db.execute("SAVEPOINT before")
    plan(db, "iasql_sync")
    db.execute("UPDATE repository SET scan_on_push = true")
    plan(db, "iasql_apply")
    db.execute("ROLLBACK TO before")
    assert plan(db) == []
    assert plan(db, "iasql_apply") == []
    db.execute("COMMIT")
    assert repositories(ecr) == ["theirs"]
    assert [action for action, *_ in plan(db, "iasql_sync")] == ["create"]


def test_a_replaced_worker_in_a_savepoint_is_not_lost(db, ecr):
    """The worker serves the transaction, whatever savepoint it was started in."""
    db.execute("BEGIN")
    for number in range(3):
        db.execute("SAVEPOINT one")
        db.execute("INSERT INTO repository (repository_name) VALUES (%s)", (f"number-{number}",))
        plan(db, "iasql_apply")
        db.execute("RELEASE one" if number == 1 else "ROLLBACK TO one")
    db.execute("COMMIT")
    plan(db, "iasql_apply")
    assert repositories(ecr) == ["number-1"]
    assert plan(db) == []
