"""All sessions of a cluster that use one AWS account draw their retries from one quota: the more of them meet trouble, the
less each repeats."""

import psycopg
import pytest

from proxy import FOREVER, Proxy, status
from server import REGION, HostedDatabase, rows

pytestmark = pytest.mark.every_postgresql

READ = "DescribeRepositories"


@pytest.fixture
def proxy(emulator):
    emulator.reset()
    proxy = Proxy(emulator.url)
    yield proxy
    proxy.stop()


@pytest.fixture
def databases(server, proxy):
    """Two databases on one account."""
    databases = [HostedDatabase(server, proxy.url) for _ in range(2)]
    for database in databases:
        rows(database.connect(), "SELECT * FROM iasql_install('aws_ecr')")
    yield databases
    for database in databases:
        database.remove()


def attempts(db, proxy):
    """How often a call that fails every time is made."""
    proxy.calls.clear()
    with pytest.raises(psycopg.Error, match="Http503"):
        rows(db, "SELECT * FROM iasql_sync()")
    return sum(call.operation == READ and call.region == REGION for call in proxy.calls)


def test_sessions_share_a_quota(databases, proxy):
    with databases[0].connect() as one, databases[1].connect() as other:
        proxy.on(READ, status(503), times=FOREVER, region=REGION)
        assert attempts(one, proxy) == 3
        assert attempts(other, proxy) == 3
        # 500 buys 35 retries at 14 each, and what succeeds beside it gives a few back.
        for failures in range(60):
            if attempts(one, proxy) == 1:
                break
        assert failures < 59, "the quota never ends"
        assert attempts(other, proxy) == 1
        with databases[1].connect() as later:
            assert attempts(later, proxy) == 1

        # What succeeds fills it again.
        proxy.clear()
        for _ in range(30):
            rows(other, "SELECT * FROM iasql_sync()")
        proxy.on(READ, status(503), times=FOREVER, region=REGION)
        assert attempts(one, proxy) > 1


def test_the_quota_has_its_memory_whatever_else_is_used_up(server, emulator):
    """Locks grow into the shared memory that nobody reserved, and never give it back."""
    emulator.reset()
    greedy, other = HostedDatabase(server, emulator.url), HostedDatabase(server, emulator.url)
    with greedy.connect() as db:
        server.kill_backend(db.info.backend_pid)  # shared memory is as after the server's start
    try:
        with greedy.connect() as db:
            with pytest.raises(psycopg.errors.OutOfMemory, match="shared memory"):
                db.execute("SELECT count(pg_advisory_xact_lock(id)) FROM generate_series(1, 1000000) AS id")
        assert rows(other.connect(), "SELECT * FROM iasql_install('aws_ecr')")
    finally:
        with greedy.connect() as db:
            server.kill_backend(db.info.backend_pid)
        for database in (greedy, other):
            database.remove()
