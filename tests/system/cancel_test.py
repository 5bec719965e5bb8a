"""Ctrl-C, statement_timeout and pg_terminate_backend stop a call within a second, whatever it waits for, and nothing is
lost: the next apply finishes."""

import random
import threading
import time
import urllib.parse

import psycopg
import pytest

from background import Background
from proxy import FOREVER, Moment, Proxy, status
from server import HostedDatabase, plan, rows, value, wait_until

pytestmark = pytest.mark.every_postgresql

AT_ONCE = 1  # second: the promise


@pytest.fixture(scope="module")
def connected(server, emulator):
    """One database and its proxy for all the tests here."""
    emulator.reset()
    proxy = Proxy(emulator.url)
    database = HostedDatabase(server, proxy.url)
    database.set("iasql.in_doubt_wait", "0")
    rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch')")
    yield database, proxy
    proxy.stop()
    database.remove()


@pytest.fixture
def database(connected, account):
    database, proxy = connected
    proxy.clear()
    with database.connect() as db:
        rows(db, "SELECT * FROM iasql_sync()")
    proxy.calls.clear()
    return database


@pytest.fixture
def proxy(connected):
    _, proxy = connected
    yield proxy
    proxy.clear()


@pytest.fixture
def db(database):
    with database.connect() as db:
        yield db


def names(account):
    return sorted(one["repositoryName"] for one in account.client("ecr").describe_repositories()["repositories"])


def ended_by(running, stop):
    """The error of the statement, which must come within a second of stop()."""
    started = time.monotonic()
    stop()
    error = running.error()
    took = time.monotonic() - started
    assert took < AT_ONCE, f"it took {took:.2f} s to end"
    return error


def test_cancel_while_an_answer_hangs(db, database, proxy, account):
    db.execute("INSERT INTO repository (repository_name) VALUES ('hangs')")
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    error = ended_by(running, db.cancel)
    assert isinstance(error, psycopg.errors.QueryCanceled) and "user request" in str(error)
    assert plan(db) == [("in doubt", "repository", "hangs")]
    held.release()
    assert plan(db, "iasql_apply") == []
    assert names(account) == ["hangs"] and plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_statement_timeout_while_an_answer_hangs(db, proxy, account):
    db.execute("INSERT INTO repository (repository_name) VALUES ('hangs')")
    proxy.pause("CreateRepository", Moment.response)
    db.execute("SET statement_timeout = '1s'")
    started = time.monotonic()
    with pytest.raises(psycopg.errors.QueryCanceled, match="statement timeout"):
        plan(db, "iasql_apply")
    assert time.monotonic() - started < 1 + AT_ONCE
    db.execute("SET statement_timeout = 0")
    proxy.clear()
    assert plan(db, "iasql_apply") == []
    assert names(account) == ["hangs"] and plan(db) == []


def test_terminate_while_an_answer_hangs(database, proxy, account):
    db = database.connect()
    db.execute("INSERT INTO repository (repository_name) VALUES ('hangs')")
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    with database.superuser() as superuser:
        error = ended_by(running, lambda: superuser.execute("SELECT pg_terminate_backend(%s)", (running.pid,)))
    assert isinstance(error, psycopg.errors.AdminShutdown)
    proxy.clear()
    with database.connect() as db:
        assert plan(db, "iasql_apply") == []
        assert names(account) == ["hangs"] and plan(db) == []


@pytest.mark.parametrize("function", ["iasql_sync", "iasql_plan_sync", "iasql_install('aws_vpc') --"])
def test_cancel_while_reading(db, proxy, account, function):
    account.client("ecr").create_repository(repositoryName="elsewhere")
    operation = "DescribeVpcs" if "install" in function else "DescribeRepositories"
    held = proxy.pause(operation, Moment.request)
    running = Background(db, f"SELECT * FROM {function}()")
    held.reached()
    assert isinstance(ended_by(running, db.cancel), psycopg.errors.QueryCanceled)
    proxy.clear()
    assert value(db, "SELECT count(*) FROM repository") == 0
    assert value(db, "SELECT to_regclass('vpc')") is None
    assert len(plan(db, "iasql_sync")) == 1


def test_cancel_while_waiting_for_the_lock(db, database, account):
    with database.connect() as holder, database.superuser() as superuser:
        holder.execute("BEGIN")
        plan(holder, "iasql_apply")
        waiting = Background(db, "SELECT * FROM iasql_apply()")
        wait_until(lambda: waiting.waits_for_lock(superuser), "the wait for the lock")
        assert isinstance(ended_by(waiting, db.cancel), psycopg.errors.QueryCanceled)
        holder.execute("ROLLBACK")
    assert plan(db, "iasql_apply") == []


def test_cancel_while_waiting_for_a_row(db, database, account):
    """Rows are locked before the first call."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('locked')")
    with database.connect() as holder, database.superuser() as superuser:
        holder.execute("BEGIN")
        holder.execute("SELECT FROM repository FOR UPDATE")
        waiting = Background(db, "SELECT * FROM iasql_apply()")
        wait_until(lambda: waiting.waits_for_lock(superuser), "the wait for the row")
        assert isinstance(ended_by(waiting, db.cancel), psycopg.errors.QueryCanceled)
        db.execute("SET lock_timeout = '10ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            plan(db, "iasql_apply")
        holder.execute("ROLLBACK")
    assert names(account) == []
    assert plan(db, "iasql_apply") == [("create", "repository", "locked")]


def test_cancel_during_the_pause_before_a_retry(db, proxy, account):
    """AWS asks for patience; the user has none."""
    db.execute("INSERT INTO repository (repository_name) VALUES ('waits')")
    plan(db, "iasql_apply")
    db.execute("UPDATE repository SET scan_on_push = true")
    db.execute("SET iasql.max_retries = 10")
    proxy.on("PutImageScanningConfiguration", status(503), times=FOREVER)
    running = Background(db, "SELECT * FROM iasql_apply()")
    wait_until(lambda: proxy.count("PutImageScanningConfiguration") >= 5, "the retries")
    assert isinstance(ended_by(running, db.cancel), psycopg.errors.QueryCanceled)
    proxy.clear()
    plan(db, "iasql_apply")
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []


def test_cancel_while_in_doubt_is_waited_out(db, proxy, account):
    db.execute("INSERT INTO repository (repository_name) VALUES ('gone')")
    held = proxy.pause("CreateRepository", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    ended_by(running, db.cancel)
    proxy.clear()
    account.client("ecr").delete_repository(repositoryName="gone")
    db.execute("DELETE FROM repository")
    db.execute("SET iasql.in_doubt_wait = 600")
    running = Background(db, "SELECT * FROM iasql_apply()")
    wait_until(lambda: proxy.count("DescribeRepositories") >= 1, "the look-up")
    assert isinstance(ended_by(running, db.cancel), psycopg.errors.QueryCanceled)
    db.execute("SET iasql.in_doubt_wait = 0")
    assert plan(db, "iasql_apply") == [] and plan(db) == []


def connections_to(url):
    """How many sockets of this machine are connected to the address, or still open after it closed them."""
    port = f":{urllib.parse.urlsplit(url).port:04X}"
    established, closed_by_the_other_side = "01", "08"
    with open("/proc/net/tcp") as connections:
        lines = [line.split() for line in connections.readlines()[1:]]
    return sum(line[2].endswith(port) and line[3] in (established, closed_by_the_other_side) for line in lines)


def test_cancels_at_random_moments(db, proxy, account):
    """Thirty of them, each somewhere in an apply of ten changes; what was done is known every time."""
    rng = random.Random(20261122)
    db.execute("SET iasql.parallelism = 3")
    db.execute("SET iasql.in_doubt_wait = '1s'")  # a request still on its way to the proxy may yet arrive
    db.execute("INSERT INTO repository (repository_name) SELECT 'number-' || number FROM generate_series(1, 4) AS number")
    db.execute("INSERT INTO log_group (log_group_name) SELECT 'number-' || number FROM generate_series(1, 3) AS number")
    cancelled = 0
    for turn in range(30):
        statement = (
            "UPDATE repository SET scan_on_push = NOT scan_on_push",
            "UPDATE repository SET image_tag_mutability ="
            " CASE image_tag_mutability WHEN 'MUTABLE' THEN 'IMMUTABLE' ELSE 'MUTABLE' END",
            f"INSERT INTO log_group (log_group_name) VALUES ('turn-{turn}')",
            "DELETE FROM log_group WHERE log_group_name LIKE 'turn-%' AND random() < 0.5",
        )[turn % 4]
        db.execute(statement)
        running = Background(db, "SELECT * FROM iasql_apply()")
        timer = threading.Timer(rng.random() * 0.1, db.cancel)
        timer.start()
        try:
            running.result()
        except psycopg.errors.QueryCanceled:
            cancelled += 1
        timer.join()
        wait_until(proxy.is_idle, "the emulator has answered what was under way")
        try:
            plan(db)
        except psycopg.errors.QueryCanceled:
            plan(db)  # the cancel came when the apply was over and met this one
    plan(db, "iasql_apply")
    assert plan(db) == [] and plan(db, "iasql_plan_sync") == []
    assert cancelled >= 3
    assert names(account) == [f"number-{number}" for number in range(1, 5)]
    there = sorted(group["logGroupName"] for group in account.client("logs").describe_log_groups()["logGroups"])
    assert there == sorted(row["log_group_name"] for row in rows(db, "SELECT log_group_name FROM log_group"))
    assert connections_to(proxy.url) < 8, "no socket is left behind"
