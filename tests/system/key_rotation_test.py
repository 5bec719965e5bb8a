"""The keys around the keys: another outer key for the server, another AWS key for a database, and what is left when either
change is killed halfway."""

import os
import pathlib
import secrets
import subprocess

import psycopg
import pytest

from killed import at_every_step
from proxy import Proxy
from canary_test import forms
from server import REGION, CommandFailed, HostedDatabase, Server, plan, rows, wait_until

KILLED = ("before", "sent")
OTHER_ACCOUNT = "210987654321"


def lines(server):
    return (server.data / "keys" / "key").read_text().splitlines()


def connected(server, account):
    """A database whose stored key is opened by each plan of a sync."""
    database = HostedDatabase(server, account.url)
    rows(database.connect(), "SELECT * FROM iasql_install('aws_cloudwatch')")
    return database


@pytest.fixture
def databases(server, account):
    databases = [connected(server, account) for _ in range(2)]
    yield databases
    for database in databases:
        database.remove()


def assert_open(databases):
    for database in databases:
        with psycopg.connect(database.url, autocommit=True, row_factory=psycopg.rows.dict_row) as db:
            assert plan(db, "iasql_plan_sync") == []


def refusal(database):
    with psycopg.connect(database.url, autocommit=True, row_factory=psycopg.rows.dict_row) as db:
        with pytest.raises(psycopg.Error) as refused:
            plan(db, "iasql_plan_sync")
        return refused.value.diag.message_primary


def sealed(database):
    with database.superuser() as superuser:
        return superuser.execute("SELECT sealed FROM iasql.connection").fetchone()[0]


def test_another_outer_key(server, databases):
    """Every database goes on, and the former key opens nothing of it any more."""
    file = server.data / "keys" / "key"
    former, before, owner = lines(server), [sealed(database) for database in databases], file.stat().st_uid
    server.iasql("rotate", "--outer-key")
    current = lines(server)
    assert len(current) == 1 and current != former
    assert (file.stat().st_mode & 0o7777, file.stat().st_uid) == (0o400, owner)
    assert [path.name for path in file.parent.iterdir()] == ["key"]
    assert_open(databases)
    for database, was in zip(databases, before):
        now = sealed(database)
        assert now[:81] != was[:81] and now[81:] == was[81:], "wrapped again, and otherwise as it was"
    file.chmod(0o600)
    file.write_text("\n".join(former) + "\n")
    file.chmod(0o400)
    assert refusal(databases[0]) == "the stored AWS key cannot be opened with this server's key"
    file.chmod(0o600)
    file.write_text("\n".join(current) + "\n")
    file.chmod(0o400)
    assert_open(databases)


@pytest.mark.parametrize("when", KILLED)
def test_a_killed_rotation_of_the_outer_key(server, databases, when):
    """At whatever step: every key opens, also one that is connected just then; the next rotation comes to its end."""
    halfway = 0
    for step, _, was_killed in at_every_step(server, when, lambda: ("rotate", "--outer-key")):
        assert_open(databases)
        halfway += len(lines(server)) == 2
    assert not was_killed and len(lines(server)) == 1 and halfway >= 10
    assert_open(databases)


def test_a_database_that_takes_no_connections_keeps_the_former_key(server, databases):
    """What cannot be asked may have a key: the rotation does not come to its end, and says why."""
    name = databases[0].name
    with server.superuser("postgres") as superuser:
        superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        with pytest.raises(CommandFailed, match=f"database {name}.*not currently accepting connections"):
            server.iasql("rotate", "--outer-key")
        assert len(lines(server)) == 2
        superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert_open(databases)
    server.iasql("rotate", "--outer-key")
    assert len(lines(server)) == 1
    assert_open(databases)


def test_a_database_connected_during_a_rotation(server, account, databases):
    """While the file holds two keys, what is connected is sealed for the new one."""
    for _, _, was_killed in at_every_step(server, "before", lambda: ("rotate", "--outer-key")):
        if len(lines(server)) == 2:
            break
    assert was_killed
    late = connected(server, account)
    envelope = sealed(late)
    server.iasql("rotate", "--outer-key")
    assert sealed(late) == envelope and len(lines(server)) == 1
    assert_open([*databases, late])
    late.remove()


def test_an_outer_key_in_the_environment(account, monkeypatch):
    """No file then; and two in the variable while one takes the place of the other."""
    former, current = (f"iasql-secret-key-1 {secrets.token_hex(32)}" for _ in range(2))
    monkeypatch.setenv("IASQL_KEY", former)
    server = Server()
    try:
        assert not (server.data / "keys" / "key").exists()
        databases = [connected(server, account)]

        def restart(keys):
            for database in databases:
                for connection in database._connections:
                    connection.close()
            server.iasql("down")
            monkeypatch.setenv("IASQL_KEY", keys)
            server.start()

        restart(f"{current}\n{former}")
        assert_open(databases)
        server.iasql("rotate", "--outer-key")
        restart(current)
        assert_open(databases)
        restart(former)
        assert refusal(databases[0]) == "the stored AWS key cannot be opened with this server's key"
        restart("nonsense")
        assert refusal(databases[0]) == "IASQL_KEY does not hold a key of iasql"
        for path in server.data.rglob("*"):
            if path.is_file():
                assert current.split()[1].encode() not in path.read_bytes(), path
    finally:
        server.remove()


def test_a_key_swapped_between_databases_opens_in_neither(databases):
    """Of the same account, even: it is bound to its database."""
    envelopes = [sealed(database) for database in databases]
    for database, envelope in zip(databases, reversed(envelopes)):
        with database.superuser() as superuser:
            superuser.execute("UPDATE iasql.connection SET sealed = %s", [envelope])
    for database in databases:
        assert refusal(database) == "the stored AWS key was not sealed for this database and account"
    for database, envelope in zip(databases, envelopes):
        with database.superuser() as superuser:
            superuser.execute("UPDATE iasql.connection SET sealed = %s, account_id = %s", [envelope, OTHER_ACCOUNT])
            assert refusal(database) == "the stored AWS key was not sealed for this database and account"
            superuser.execute("UPDATE iasql.connection SET account_id = '123456789012'")
    assert_open(databases)


# Another AWS key


def as_other_account(exchange):
    answer = exchange.forward()
    exchange.send(answer.__class__(answer.status, answer.headers, answer.body.replace(b"123456789012", OTHER_ACCOUNT.encode())))


def connect_again(server, database, key, url):
    return server.iasql(
        "connect", "--access-key-id", key, "--region", "eu-west-1", "--database", database.name,
        input="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", AWS_ENDPOINT_URL=url,
    )  # fmt: skip


def listed(server, database):
    with server.superuser() as superuser:
        return superuser.execute(
            "SELECT account_id, region, endpoint_url, state FROM public.hosted WHERE name = %s", [database.name]
        ).fetchone()


def test_another_key_of_the_account(server, account, databases):
    database = databases[0]
    assert connect_again(server, database, "AKIAANOTHERKEY000001", account.url) == ""
    assert listed(server, database) == ("123456789012", "eu-west-1", account.url, "ready")
    with database.superuser() as superuser:
        key = superuser.execute("SELECT access_key_id FROM iasql.connection").fetchone()
    assert key == ("AKIAANOTHERKEY000001",)
    assert_open(databases)


def test_a_key_of_another_account(server, account, databases):
    """Refused while the database has rows of the first one; and it changes nothing then, the endpoint included."""
    database = databases[0]
    account.client("logs").create_log_group(logGroupName="theirs")
    rows(database.connect(), "SELECT * FROM iasql_sync()")
    before = listed(server, database)
    proxy = Proxy(account.url)
    proxy.on("GetCallerIdentity", as_other_account, times=9)
    with pytest.raises(CommandFailed) as refused:
        connect_again(server, database, "AKIAANOTHERKEY000001", proxy.url)
    assert f"stands for account 123456789012, not for {OTHER_ACCOUNT}" in refused.value.errors
    assert listed(server, database) == before
    rows(database.connect(), "SELECT * FROM iasql_sync()")
    rows(database.connect(), "SELECT * FROM iasql_uninstall('aws_cloudwatch')")
    connect_again(server, database, "AKIAANOTHERKEY000001", proxy.url)
    assert listed(server, database) == (OTHER_ACCOUNT, "eu-west-1", proxy.url, "ready")
    proxy.stop()


@pytest.mark.parametrize("when", KILLED)
def test_a_killed_change_of_keys(server, account, databases, when):
    """The former key and region, or the new ones; the list says which after the next command."""
    regions = ("eu-west-1", "eu-west-2")
    turn = 0

    def command():
        nonlocal turn
        turn += 1
        region = regions[turn % 2]
        return ("connect", "--emulator", "--region", region, "--database", databases[0].name)

    for step, _, was_killed in at_every_step(server, when, command, AWS_ENDPOINT_URL=account.url):

        def settled():
            server.iasql("databases")
            return listed(server, databases[0])[3] == "ready"

        wait_until(settled, f"a settled list, step {step}")
        with databases[0].superuser() as superuser:
            truth = superuser.execute("SELECT account_id, region FROM iasql.connection").fetchone()
        assert listed(server, databases[0]) == (*truth, account.url, "ready"), step
    assert not was_killed and truth[1] == regions[turn % 2]
    assert_open(databases)


def test_a_stolen_backup_without_the_outer_key(server, account, tmp_path):
    """A dump of everything, a base backup and its WAL: another server with another outer key opens nothing of it."""
    secret = "sToLeNbAcKuPsEcReT0123456789/+sToLeNbAcKuP"
    url = server.iasql(
        "connect", "--access-key-id", "AKIASTOLENBACKUP0001", "--region", REGION, input=f"{secret}\n",
        AWS_ENDPOINT_URL=account.url,
    ).strip()  # fmt: skip
    key = lines(server)[0].split()[1]
    taken = tmp_path / "taken"
    taken.mkdir()
    taken.chmod(0o777)
    tmp_path.chmod(0o777)
    programs = pathlib.Path(os.environ.get("IASQL_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
    access = ["-h", server.data / "sockets", "-p", str(server.port), "-U", "iasql_operator"]
    with server.superuser() as superuser:
        superuser.execute("SELECT pg_switch_wal()")
    dump = subprocess.run([programs / "pg_dumpall", *access], capture_output=True)
    assert dump.returncode == 0, dump.stderr
    (taken / "everything.sql").write_bytes(dump.stdout)
    with server.superuser() as superuser:  # the private socket is not for replication: a cold copy is the same files
        superuser.execute("SELECT pg_backup_start('stolen', true)")
        cluster = pathlib.Path(superuser.execute("SHOW data_directory").fetchone()[0])
        subprocess.run(["cp", "-a", cluster, taken / "base"], check=False, capture_output=True)
        superuser.execute("SELECT pg_backup_stop()")
    searched = 0
    for path in taken.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            searched += len(content)
            for form in {*forms(secret), key.encode(), bytes.fromhex(key)}:
                assert form not in content, path
    assert searched > 10_000_000, "that was the whole cluster"
    server.iasql("disconnect", url.rpartition("/")[2], "--yes")
