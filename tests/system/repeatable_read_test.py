"""journal.md, steps 2 to 4: in REPEATABLE READ a stale snapshot is a serialization failure before any call to AWS."""

import psycopg
import pytest

from server import plan, rows, value

pytestmark = pytest.mark.every_postgresql


@pytest.fixture
def db(database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    return db


@pytest.fixture
def writer(database):
    """The other session."""
    return database.connect()


def refused_before_any_call(db, proxy):
    """40001, and nothing was sent."""
    sent = proxy.count()
    with pytest.raises(psycopg.errors.SerializationFailure):
        plan(db, "iasql_apply")
    db.execute("ROLLBACK")
    assert proxy.count() == sent


@pytest.fixture
def stale(proxy, database, db):
    """A transaction in REPEATABLE READ that has its snapshot, and whose calls `proxy` counts."""
    stale = database.connect()
    stale.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    rows(stale, "SELECT * FROM repository")
    return stale


def test_another_writers_commit(stale, db, proxy, ecr):
    db.execute("INSERT INTO repository (repository_name) VALUES ('theirs')")
    plan(db, "iasql_apply")
    stale.execute("INSERT INTO repository (repository_name) VALUES ('mine')")
    refused_before_any_call(stale, proxy)
    assert [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]] == ["theirs"]


def test_another_writers_rolled_back_apply(stale, db, proxy, ecr):
    """It leaves the epoch unchanged; its records show it."""
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('twin')")
        plan(db, "iasql_apply")
    stale.execute("INSERT INTO repository (repository_name) VALUES ('twin')")
    refused_before_any_call(stale, proxy)
    assert len(ecr.describe_repositories()["repositories"]) == 1


def test_another_writers_savepoint(stale, db, proxy, ecr):
    with db.transaction():
        with db.transaction(force_rollback=True):
            db.execute("INSERT INTO repository (repository_name) VALUES ('twin')")
            plan(db, "iasql_apply")
    stale.execute("INSERT INTO repository (repository_name) VALUES ('twin')")
    refused_before_any_call(stale, proxy)
    assert len(ecr.describe_repositories()["repositories"]) == 1


def test_another_writers_sync(stale, db, proxy, ecr):
    ecr.create_repository(repositoryName="elsewhere")
    plan(db, "iasql_sync")
    stale.execute("INSERT INTO repository (repository_name) VALUES ('mine')")
    refused_before_any_call(stale, proxy)


def test_a_newer_row_wants_what_would_be_deleted(db, writer, database, ecr):
    with db.transaction(force_rollback=True):
        db.execute("INSERT INTO repository (repository_name) VALUES ('wanted')")
        plan(db, "iasql_apply")
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    assert [action for action, *_ in plan(db)] == ["delete"]
    writer.execute("INSERT INTO repository (repository_name) VALUES ('wanted')")
    assert [action for action, *_ in plan(db)] == ["delete"], "the snapshot has no such row"
    with pytest.raises(psycopg.errors.SerializationFailure):
        plan(db, "iasql_apply")
    db.execute("ROLLBACK")
    assert [one["repositoryName"] for one in ecr.describe_repositories()["repositories"]] == ["wanted"]
    assert plan(db) == []


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_fresh_snapshot_does(db, ecr, level):
    db.execute(f"BEGIN ISOLATION LEVEL {level}")
    db.execute("INSERT INTO repository (repository_name) VALUES ('mine')")
    assert plan(db, "iasql_apply") == [("create", "repository", "mine")]
    db.execute("UPDATE repository SET scan_on_push = true")
    assert plan(db, "iasql_apply") == [("update", "repository", "mine")]
    assert plan(db, "iasql_sync") == []
    assert plan(db) == [], "what the same transaction did is known to it"
    db.execute("COMMIT")
    assert value(db, "SELECT scan_on_push FROM repository")
    assert plan(db) == []
    db.execute(f"BEGIN ISOLATION LEVEL {level}")
    db.execute("DELETE FROM repository")
    assert [action for action, *_ in plan(db, "iasql_apply")] == ["delete"]
    db.execute("ROLLBACK")
    assert plan(db) == [("create", "repository", "mine")]


def test_a_row_changed_by_somebody_else(db, writer, ecr):
    """The apply locks its rows, then plans again from the locked versions."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('shared')")
    plan(db, "iasql_apply")
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    rows(db, "SELECT * FROM repository")
    writer.execute("UPDATE repository SET scan_on_push = true")
    db.execute("SAVEPOINT before")
    with pytest.raises(psycopg.errors.SerializationFailure):
        db.execute("UPDATE repository SET image_tag_mutability = 'IMMUTABLE'")
    db.execute("ROLLBACK")
    assert plan(db, "iasql_apply") == [("update", "repository", "shared")]


def test_a_plan_is_of_its_snapshot(stale, db):
    db.execute("INSERT INTO repository (repository_name) VALUES ('newer')")
    plan(db, "iasql_apply")
    assert plan(stale) == [("running", "repository", "newer")], "as the snapshot sees it, that apply is not over"


def test_a_table_that_changed_behind_a_snapshot(stale, db):
    """Rows are checked by the tables as the transaction sees them; after it, as they are."""
    db.execute("ALTER TABLE public_repository DROP COLUMN repository_arn")
    stale.execute("INSERT INTO repository (repository_name) VALUES ('mine')")
    stale.execute("COMMIT")
    with pytest.raises(psycopg.Error, match='no column "repository_arn" any more') as refused:
        stale.execute("INSERT INTO public_repository (repository_name) VALUES ('mine')")
    assert refused.value.sqlstate == "IQ004"
