"""Transactions in which the account cannot be changed: a clear error, no call to AWS; a plan works all the same."""

import psycopg
import pytest

from proxy import Proxy
from server import HostedDatabase, Server, plan, rows, value

pytestmark = pytest.mark.every_postgresql


@pytest.fixture
def db(proxy, database):
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    db.execute("INSERT INTO repository (repository_name) VALUES ('wanted')")
    return db


def test_prepare_transaction(db, ecr):
    db.execute("BEGIN")
    plan(db, "iasql_apply")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="cannot PREPARE"):
        db.execute("PREPARE TRANSACTION 'prepared'")
    assert len(ecr.describe_repositories()["repositories"]) == 1
    assert plan(db) == []


@pytest.mark.parametrize("function", ["iasql_apply", "iasql_sync"])
def test_read_only_transaction(db, proxy, function):
    sent = proxy.count()
    db.execute("BEGIN READ ONLY")
    assert plan(db) == [("create", "repository", "wanted")]
    assert value(db, "SELECT pg_current_xact_id_if_assigned()") is None, "a plan writes nothing"
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="read-only") as refused:
        plan(db, function)
    assert "READ WRITE" in refused.value.diag.message_hint
    db.execute("ROLLBACK")
    assert proxy.count() == sent


def test_a_plan_calls_nobody_and_takes_no_transaction_id(db, proxy):
    proxy.down()
    sent = proxy.count()
    db.execute("BEGIN")
    assert plan(db) == [("create", "repository", "wanted")]
    assert value(db, "SELECT pg_current_xact_id_if_assigned()") is None
    db.execute("ROLLBACK")
    assert proxy.count() == sent
    proxy.up()


def test_extension_altered_in_the_same_transaction(database, db, proxy):
    sent = proxy.count()
    with database.superuser() as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("ALTER EXTENSION iasql DROP FUNCTION iasql.iasql_version()")
        superuser.execute("UPDATE pg_extension SET extversion = extversion WHERE extname = 'iasql'")
        with pytest.raises(psycopg.Error, match="created or altered in this very transaction") as refused:
            superuser.execute("SELECT iasql.iasql_apply()")
        assert refused.value.sqlstate == "IQ020" and "COMMIT" in refused.value.diag.message_hint
    assert proxy.count() == sent


def test_extension_created_in_the_same_transaction(server, account):
    with server.superuser("postgres") as superuser:
        superuser.execute("CREATE DATABASE fresh TEMPLATE template0")
    try:
        with server.superuser("fresh") as superuser:
            with superuser.transaction(force_rollback=True):
                superuser.execute("CREATE EXTENSION iasql")
                superuser.execute(
                    "INSERT INTO iasql.connection (account_id, access_key_id, region, sealed)"
                    " VALUES ('123456789012', 'AKIAIOSFODNN7EXAMPLE', 'eu-west-2', '\\x00')"
                )
                with pytest.raises(psycopg.Error, match="created or altered in this very transaction") as refused:
                    superuser.execute("SELECT * FROM iasql.iasql_install('aws_ecr')")
                assert refused.value.sqlstate == "IQ020"
            superuser.execute("CREATE EXTENSION iasql")
            with pytest.raises(psycopg.Error, match="no AWS account is connected"):
                superuser.execute("SELECT * FROM iasql.iasql_install('aws_ecr')")
    finally:
        with server.superuser("postgres") as superuser:
            superuser.execute("DROP DATABASE fresh WITH (FORCE)")


def test_from_an_index_or_a_refresh(database, db, proxy):
    """Code that may not change the session may not change the account."""
    db.execute("CREATE FUNCTION sneaky() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM iasql.iasql_apply()'")
    db.execute("CREATE MATERIALIZED VIEW view AS SELECT sneaky() WITH NO DATA")
    sent = proxy.count()
    with pytest.raises(psycopg.Error) as refused:
        db.execute("REFRESH MATERIALIZED VIEW view")
    assert refused.value.sqlstate in ("55000", "42501")
    assert proxy.count() == sent


def test_from_a_trigger_that_iasql_fires(db, ecr):
    db.execute(
        "CREATE FUNCTION sneaky() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM * FROM iasql.iasql_apply(); RETURN NEW; END $$"
    )
    db.execute("CREATE TRIGGER sneaky AFTER UPDATE ON repository FOR EACH ROW EXECUTE FUNCTION sneaky()")
    with pytest.raises(psycopg.Error, match="repository"):
        plan(db, "iasql_apply")
    db.execute("DROP TRIGGER sneaky ON repository")
    assert plan(db, "iasql_apply") == []
    assert len(ecr.describe_repositories()["repositories"]) == 1


def test_no_free_worker_slot(account, ecr):
    """In a server of its own, because the number of slots is read at the server's start."""
    server = Server()
    try:
        proxy = Proxy(account.url)
        database = HostedDatabase(server, proxy.url)
        db = database.connect()
        rows(db, "SELECT * FROM iasql_install('aws_ecr')")
        db.execute("INSERT INTO repository (repository_name) VALUES ('wanted')")
        give_workers(server, 1)  # logical replication takes it
        db = database.connect()
        sent = proxy.count()
        with pytest.raises(psycopg.Error, match="no background worker is free") as refused:
            plan(db, "iasql_apply")
        assert refused.value.sqlstate == "IQ020" and "max_worker_processes" in refused.value.diag.message_hint
        assert proxy.count() == sent and plan(db) == [("create", "repository", "wanted")]
        give_workers(server, 2)
        assert plan(database.connect(), "iasql_apply") == [("create", "repository", "wanted")]
        proxy.stop()
    finally:
        server.remove()


def give_workers(server, number):
    with server.superuser() as superuser:
        superuser.execute(f"ALTER SYSTEM SET max_worker_processes = {number}")
    server.iasql("down")
    server.start()
