"""One writer: one apply, sync, install or uninstall at a time for each account in the cluster. Plans never wait."""

import psycopg
import pytest

from background import Background
from proxy import Moment, Proxy
from server import HostedDatabase, plan, rows, value, wait_until

pytestmark = pytest.mark.every_postgresql


@pytest.fixture(scope="module")
def connected(server, emulator):
    """Two databases on one account, and the proxy of the first."""
    emulator.reset()
    proxy = Proxy(emulator.url)
    first, second = HostedDatabase(server, proxy.url), HostedDatabase(server, emulator.url)
    for database in (first, second):
        database.set("iasql.in_doubt_wait", "0")
        rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr')")
    yield first, second, proxy
    proxy.stop()
    first.remove()
    second.remove()


@pytest.fixture
def first(connected, account):
    first, second, proxy = connected
    proxy.clear()
    for database in (first, second):
        with database.connect() as db:
            rows(db, "SELECT * FROM iasql_sync()")
    proxy.calls.clear()
    return first


@pytest.fixture
def proxy(connected):
    return connected[2]


@pytest.fixture
def other_database(first, connected):
    return connected[1]


@pytest.fixture
def holder(first, proxy):
    """A session in the middle of an apply: AWS has made the repository, its answer is on the way."""
    with first.connect() as holder:
        holder.execute("INSERT INTO repository (repository_name) VALUES ('held')")
        holder.held = proxy.pause("CreateRepository", Moment.response)
        holder.running = Background(holder, "SELECT * FROM iasql_apply()")
        holder.held.reached()
        yield holder
        holder.held.release()
        holder.running.result()


def finish(holder):
    holder.held.release()
    return holder.running.result()


def repositories(account):
    return sorted(one["repositoryName"] for one in account.client("ecr").describe_repositories()["repositories"])


@pytest.mark.parametrize("function", ["iasql_apply", "iasql_sync", "iasql_install('aws_vpc') --"])
def test_the_second_waits_and_says_for_whom(first, holder, account, function):
    with first.connect() as second, first.superuser() as superuser:
        waiting = Background(second, f"SELECT * FROM {function}()")
        wait_until(lambda: waiting.waits_for_lock(superuser) and second.notices, "the wait")
        assert f"waiting for process {holder.running.pid} of {holder.info.user}" in second.notices[0]
        assert first.name in second.notices[0]
        assert len(finish(holder)) == 1
        waiting.result()
    assert repositories(account) == ["held"]


def test_lock_timeout(first, holder, account):
    with first.connect() as second:
        second.execute("SET lock_timeout = '50ms'")
        for function in ("iasql_apply", "iasql_sync"):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                plan(second, function)
    finish(holder)
    assert repositories(account) == ["held"]


def test_plans_never_wait_and_show_what_runs(first, holder, account):
    with first.connect() as second:
        second.execute("SET statement_timeout = '10s'")
        assert plan(second) == [("running", "repository", "held")]
        (progress,) = rows(second, "SELECT pid, action, table_name, description FROM iasql.progress")
        assert progress == {
            "pid": holder.running.pid,
            "action": "create",
            "table_name": "repository",
            "description": "held",
        }
        second.execute("BEGIN READ ONLY")
        assert [action for action, *_ in plan(second)] == ["running"]
        second.execute("ROLLBACK")
        assert plan(second, "iasql_plan_sync") is not None
        finish(holder)
        assert plan(second) == []


def test_other_changes_are_planned_beside_what_runs(first, holder):
    with first.connect() as second:
        second.execute("INSERT INTO repository (repository_name) VALUES ('another')")
        assert plan(second) == [("running", "repository", "held"), ("create", "repository", "another")]


def test_unlock_all_does_not_release(first, holder, account):
    finish(holder)
    with first.connect() as db, first.connect() as second, first.superuser() as superuser:
        db.execute("BEGIN")
        plan(db, "iasql_apply")
        db.execute("SELECT pg_advisory_unlock_all()")
        db.execute("SAVEPOINT one")
        db.execute("ROLLBACK TO one")
        db.execute("DISCARD SEQUENCES")
        second.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            plan(second, "iasql_apply")
        assert superuser.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted").fetchone() == (1,)
        db.execute("COMMIT")
        assert plan(second, "iasql_apply") == []
        assert superuser.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


def test_the_lock_goes_with_the_session(first, account):
    with first.connect() as second, first.superuser() as superuser:
        db = first.connect()
        db.execute("BEGIN")
        plan(db, "iasql_apply")
        superuser.execute("SELECT pg_terminate_backend(%s)", (db.info.backend_pid,))
        second.execute("SET lock_timeout = '10s'")
        assert plan(second, "iasql_apply") == []


def test_two_databases_on_one_account(first, other_database, holder, account):
    with other_database.connect() as second, other_database.superuser() as superuser:
        second.execute("INSERT INTO repository (repository_name) VALUES ('other')")
        assert plan(second) == [("create", "repository", "other")], "the other database's journal is its own"
        waiting = Background(second, "SELECT * FROM iasql_apply()")
        wait_until(lambda: waiting.waits_for_lock(superuser) and second.notices, "the wait")
        assert f'in database "{first.name}"' in second.notices[0]
        finish(holder)
        assert [row["action"] for row in waiting.result()] == ["create"]
        assert repositories(account) == ["held", "other"]
        assert [action for action, *_ in plan(second, "iasql_sync")] == ["create"], "the sync imports the other's"


def test_the_same_object_from_two_databases(first, other_database, account):
    """The second adopts what the first made, and deletes nothing of it by rolling back."""
    with first.connect() as one, other_database.connect() as two:
        one.execute("INSERT INTO repository (repository_name) VALUES ('shared')")
        plan(one, "iasql_apply")
        with two.transaction(force_rollback=True):
            two.execute("INSERT INTO repository (repository_name) VALUES ('shared')")
            ((action, _, description),) = plan(two, "iasql_apply")
            assert action == "update" and "adopts existing" in description
        assert plan(two) == [] and plan(two, "iasql_apply") == []
        assert repositories(account) == ["shared"]


def test_eight_sessions_at_once(first, account):
    """Each with a row of its own: every repository once, and no deadlock."""
    sessions = [first.connect() for _ in range(8)]
    try:
        for number, session in enumerate(sessions):
            session.execute("INSERT INTO repository (repository_name) VALUES (%s)", (f"session-{number}",))
        running = [Background(session, "SELECT * FROM iasql_apply()") for session in sessions]
        done = [row["description"] for one in running for row in one.result()]
    finally:
        for session in sessions:
            session.close()
    assert sorted(done) == repositories(account) == [f"session-{number}" for number in range(8)]


def test_a_row_another_session_has_not_committed(first, account):
    """Whoever applies sees only what is committed; the other's row is created by the other."""
    with first.connect() as one, first.connect() as two:
        one.execute("BEGIN")
        one.execute("INSERT INTO repository (repository_name) VALUES ('uncommitted')")
        assert plan(two, "iasql_apply") == []
        assert len(plan(one, "iasql_apply")) == 1
        one.execute("COMMIT")
        assert plan(two) == []


def test_worker_is_gone_with_its_transaction(first, account):
    with first.connect() as db, first.superuser() as superuser:
        count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'iasql journal'"
        db.execute("BEGIN")
        plan(db, "iasql_apply")
        assert superuser.execute(count).fetchone() == (1,)
        db.execute("COMMIT")
        assert superuser.execute(count).fetchone() == (0,)
        assert value(db, "SELECT 1") == 1
