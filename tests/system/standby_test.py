"""Servers that are physical copies of each other: a hot standby plans and changes nothing; one that is promoted has the
journal and opens the stored keys, so it goes on where the original was. Two that both act are the operator's mistake to
avoid; what a copy does after iasql_sync() is right all the same."""

import functools

import psycopg
import pytest

from background import Background
from kill_test import VPC, count_vpcs, repositories
from proxy import Moment, Proxy
from server import HostedDatabase, plan, rows, server_of_its_own, value, wait_until
from standby import Standby
from steps import apply, assert_settled, install, refusal, sync

pytestmark = pytest.mark.every_postgresql


@pytest.fixture(scope="module")
def server():
    """A server that may be stopped."""
    with server_of_its_own() as server:
        yield server


@pytest.fixture
def original(server, account):
    """A database with a repository and a VPC that were applied, through a proxy."""
    proxy = Proxy(account.url)
    database = HostedDatabase(server, proxy.url)
    database.proxy = proxy
    database.set("iasql.in_doubt_wait", "1")
    db = database.connect()
    install(db, "aws_ecr", "aws_vpc")
    db.execute("INSERT INTO repository (repository_name) VALUES ('applied')")
    apply(db)
    yield database
    database.remove()
    proxy.stop()


@pytest.fixture
def standby(server, original):
    standby = Standby(server)
    yield standby
    standby.remove()


@pytest.fixture
def synchronous(server, original, standby):
    """The original waits for the standby at each commit."""

    def set_standbys(names):
        with server.superuser() as superuser:
            superuser.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
            superuser.execute("SELECT pg_reload_conf()")

    set_standbys("*")
    with server.superuser() as superuser:
        state = functools.partial(superuser.execute, "SELECT sync_state FROM pg_stat_replication")
        wait_until(lambda: state().fetchone() == ("sync",), "a synchronous standby")
    yield
    if server.accepts():
        set_standbys("")
    else:  # each command of iasql would wait for the standby
        settings = server.data / "cluster" / "postgresql.auto.conf"
        settings.write_text(settings.read_text().replace("synchronous_standby_names = '*'", ""))
        server.start()


def names(account):
    return sorted(one["repositoryName"] for one in repositories(account))


WRITERS = [
    "SELECT * FROM iasql_apply()",
    "SELECT * FROM iasql_sync()",
    "SELECT * FROM iasql_install('aws_cloudwatch')",
    "SELECT * FROM iasql_uninstall('aws_ecr')",
    "SELECT delete_all_records()",
    "SELECT iasql.repair()",
    "SELECT iasql.aws('ecr', 'CreateRepository', '{\"repositoryName\": \"no\"}')",
    "INSERT INTO repository (repository_name) VALUES ('no')",
]


def test_a_hot_standby_plans_and_changes_nothing(account, original, standby):
    original.connect().execute("INSERT INTO repository (repository_name) VALUES ('pending')")
    standby.catch_up()
    db = standby.connect(original)
    assert value(db, "SELECT pg_is_in_recovery()") is True
    calls = original.proxy.count()
    assert plan(db) == [("create", "repository", "pending")]
    assert "pending" in value(db, "SELECT iasql_plan_markdown()")
    assert len(rows(db, "SELECT * FROM iasql.history")) == 1
    rows(db, "SELECT * FROM iasql.progress")
    assert original.proxy.count() == calls, "all of this is local"
    for statement in WRITERS:
        refused = refusal(db, statement)
        assert refused.sqlstate == "25006", (statement, refused)
    assert "Connect to the primary server" in refusal(db, WRITERS[0]).hint
    # Reading AWS is no change: the key opens here too.
    (answer,) = rows(db, "SELECT iasql.aws('ecr', 'DescribeRepositories') AS page")
    assert [one["repositoryName"] for one in answer["page"]["repositories"]] == ["applied"]
    assert names(account) == ["applied"]


def test_reading_aws_on_a_standby(original, standby):
    """iasql_plan_sync() reads AWS and changes nothing."""
    standby.catch_up()
    assert plan(standby.connect(original), "iasql_plan_sync") == []


def test_failover_in_the_middle_of_an_apply(server, account, original, standby, synchronous):
    """The primary dies after AWS carried the call out and before the answer: the synchronous standby has the intent."""
    db = original.connect()
    db.execute(VPC)
    held = original.proxy.pause("CreateVpc", Moment.response)
    running = Background(db, "SELECT * FROM iasql_apply()")
    held.reached()
    server.crash()
    standby.promote()
    held.release()
    promoted = standby.connect(original)
    assert plan(promoted)[0][0] == "in doubt"
    apply(promoted)
    assert count_vpcs(account) == 1
    assert plan(promoted) == []
    rows(promoted, "UPDATE repository SET scan_on_push = true")
    assert apply(promoted) == [("update", "repository", "applied")]
    with pytest.raises(psycopg.Error):
        running.result()


def test_without_its_synchronous_standby_nothing_is_done(server, account, original, standby, synchronous):
    """An intent that no standby has is none: a primary that is cut off from its standbys does not act."""
    standby.stop()
    db = original.connect()
    db.execute("SET synchronous_commit = local")  # of the session; the journal's worker has its own
    db.execute(VPC)

    def waits_for_standby(superuser):
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'iasql journal'"
        return superuser.execute(waiting).fetchone() == (1,)

    running = Background(db, "SELECT * FROM iasql_apply()")
    with server.superuser() as superuser:
        wait_until(lambda: waits_for_standby(superuser), "the wait for a standby")
        superuser.execute("SELECT pg_cancel_backend(%s)", [running.pid])
        assert running.error().sqlstate == "57014"
        assert original.proxy.count("CreateVpc") == 0
        running = Background(db, "SELECT * FROM iasql_apply()")
        wait_until(lambda: waits_for_standby(superuser), "the wait for a standby")
        standby.start()
    assert [row["action"] for row in running.result()] == ["create"]
    assert original.proxy.count("CreateVpc") == 1 and count_vpcs(account) == 1


def test_a_promoted_copy_beside_the_original(account, original, standby):
    """Nothing tells one from the other: what was pending when they parted is pending in both. What AWS knows by name is made
    once all the same; for the rest, the copy begins with iasql_sync()."""
    db = original.connect()
    db.execute("INSERT INTO repository (repository_name) VALUES ('in-both')")
    db.execute(VPC)
    standby.catch_up()
    standby.promote()
    apply(db)
    copy = standby.connect(original)
    standby.set_key_file("/nowhere/key")
    assert refusal(copy, "SELECT * FROM iasql_apply()").sqlstate == "IQ006", "without the outer key it acts on nothing"
    standby.set_key_file(original.server.data / "keys" / "key")
    assert sorted(table for _, table, _ in plan(copy)) == ["repository", "vpc"]
    copy.execute("BEGIN")
    copy.execute("DELETE FROM vpc WHERE NOT is_default")
    ((action, _, description),) = apply(copy)
    assert action == "update" and description.startswith("in-both (adopts existing arn:")
    copy.execute("ROLLBACK")
    assert names(account) == ["applied", "in-both"]
    sync(copy)
    assert_settled(copy)
    assert apply(copy) == [] and count_vpcs(account) == 1
    # What one of them does, the other sees as drift, and loses nothing of it.
    rows(copy, "INSERT INTO repository (repository_name) VALUES ('of-the-copy')")
    apply(copy)
    assert plan(db) == [] and names(account) == ["applied", "in-both", "of-the-copy"]
    apply(db)
    assert names(account) == ["applied", "in-both", "of-the-copy"]
    sync(db)
    assert_settled(db)
