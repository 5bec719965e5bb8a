"""The view iasql.progress: what an apply is doing, as another session sees it while it happens."""

import psycopg
import pytest

from background import Background
from proxy import Moment, error
from server import rows, value
from steps import apply, insert, install, refusal


@pytest.fixture
def db(database, proxy):
    """A session whose calls go through the proxy, one after another."""
    database.set("iasql.in_doubt_wait", "0")
    database.set("iasql.parallelism", "1")
    db = database.connect()
    install(db, "aws_cloudwatch", "aws_ecr")
    return db


def progress(db):
    return rows(db, "SELECT * FROM iasql.progress")


def test_is_seen_from_another_session_while_apply_runs(db, database, proxy):
    watcher = database.connect()
    assert progress(watcher) == []
    insert(db, "log_group", log_group_name="/first")
    insert(db, "repository", repository_name="second")
    insert(db, "repository", repository_name="third")
    first, last = proxy.pause("CreateLogGroup", Moment.request), proxy.pause("CreateRepository", Moment.request, after=1)
    running = Background(db, "SELECT * FROM iasql_apply()")
    first.reached()
    (row,) = progress(watcher)
    assert row["elapsed"].total_seconds() >= 0 and row["started"] is not None
    del row["elapsed"], row["started"]
    assert row == {
        "pid": running.pid,
        "who": value(watcher, "SELECT current_user::text"),
        "transaction_state": "in progress",
        "action": "create",
        "table_name": "log_group",
        "description": "/first",
        "region": "eu-west-2",
        "state": "running",
        "aws_operation": "logs:CreateLogGroup",
        "aws_request_id": None,
        "error": None,
    }
    first.release()
    last.reached()
    states = [(row["description"], row["state"], row["aws_request_id"] is not None) for row in progress(watcher)]
    assert states == [("/first", "done", True), ("second", "done", True), ("third", "running", False)]
    watched = [row["elapsed"] for row in progress(watcher)]
    again = [row["elapsed"] for row in progress(watcher)]
    assert again[:2] == watched[:2] and again[2] > watched[2]
    last.release()
    running.result()
    finished = progress(watcher)
    assert [row["state"] for row in finished] == ["done"] * 3
    assert {row["transaction_state"] for row in finished} == {"committed"}


def test_is_of_the_latest_apply(db):
    insert(db, "repository", repository_name="first")
    apply(db)
    insert(db, "repository", repository_name="second")
    apply(db)
    assert [row["description"] for row in progress(db)] == ["second"]


def test_shows_what_failed_and_a_transaction_that_was_rolled_back(db, proxy):
    insert(db, "repository", repository_name="refused")
    insert(db, "log_group", log_group_name="/made")
    proxy.on("CreateRepository", error("InvalidParameterException", "no"))
    assert refusal(db, "SELECT * FROM iasql_apply()").sqlstate == "IQ010"
    of = {row["description"]: row for row in progress(db)}
    assert (of["refused"]["state"], of["/made"]["state"]) == ("failed", "done")
    assert "InvalidParameterException" in of["refused"]["error"]
    assert {row["transaction_state"] for row in of.values()} == {"aborted"}


def test_shows_what_is_in_doubt_until_it_is_found_out(db, database, proxy):
    insert(db, "repository", repository_name="lost")
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    db.cancel()
    assert isinstance(running.error(), psycopg.errors.QueryCanceled)
    held.release()
    (row,) = progress(db)
    assert (row["state"], row["transaction_state"]) == ("in doubt", "aborted")
    # It stays in sight when a later apply is the latest.
    with database.connect() as other:
        other.execute("SELECT * FROM iasql_sync()")
    (row,) = progress(db)
    assert row["state"] == "done"


def test_own_transaction_is_not_running(db, proxy):
    """What came of the call is not known, and nobody is waiting for it any more."""
    insert(db, "repository", repository_name="lost")
    proxy.pause("CreateRepository", Moment.response)
    db.execute("BEGIN")
    db.execute("SAVEPOINT before")
    db.execute("SET LOCAL statement_timeout = '500ms'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        apply(db)
    db.execute("ROLLBACK TO before")
    assert [(row["state"], row["transaction_state"]) for row in progress(db)] == [("in doubt", "in progress")]
    proxy.clear()
    db.execute("ROLLBACK")


def test_is_for_the_owner_to_read(db, database):
    described = rows(
        db,
        "SELECT attname FROM pg_attribute WHERE attrelid = 'iasql.progress'::regclass AND attnum > 0"
        " AND col_description(attrelid, attnum) IS NULL",
    )
    assert described == []
    for statement in ("DELETE FROM iasql.progress", "UPDATE iasql.progress SET error = ''",
                      "INSERT INTO iasql.progress (pid) VALUES (1)"):  # fmt: skip
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            db.execute(statement)
    with database.superuser() as superuser:
        superuser.execute("CREATE ROLE iasql_test_watcher")
        try:
            superuser.execute("SET ROLE iasql_test_watcher")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                superuser.execute("SELECT * FROM iasql.progress")
        finally:
            superuser.execute("RESET ROLE")
            superuser.execute("DROP ROLE iasql_test_watcher")
