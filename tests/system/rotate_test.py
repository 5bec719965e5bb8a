"""`iasql rotate`: another password for a database's user, and what is left when the command is killed halfway."""

import os
import re
import subprocess

import psycopg
import pytest

from killed import at_every_step
from server import IASQL, CommandFailed, HostedDatabase, value, wait_until

KILLED = ("before", "sent")


def opens(url):
    try:
        psycopg.connect(url, connect_timeout=10).close()
        return True
    except psycopg.OperationalError as error:
        assert "password authentication failed" in str(error)
        return False


def states(server):
    with server.superuser() as superuser:
        return dict(superuser.execute("SELECT name, state FROM public.hosted").fetchall())


def test_the_former_password_is_worth_nothing(server, database):
    former, session = database.url, database.connect()
    url = server.iasql("rotate", database.name).strip()
    assert re.fullmatch(r"postgres://[a-z][a-z0-9]{7}:[A-Za-z0-9]{24}@127\.0\.0\.1:\d+/_[0-9a-f]{16}", url)
    assert url != former and url.split(":")[1] == former.split(":")[1] and url.split("@")[1] == former.split("@")[1]
    assert opens(url) and not opens(former)
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")


def test_sessions_may_stay(server, database):
    session = database.connect()
    url = server.iasql("rotate", database.name, "--keep-sessions").strip()
    assert value(session, "SELECT 1 AS one") == 1
    assert opens(url) and not opens(database.url)


def test_by_alias_and_only_what_there_is(server, account):
    url = server.iasql("connect", "--emulator", "--region", "eu-west-2", "--name", "turning", AWS_ENDPOINT_URL=account.url)
    assert opens(server.iasql("rotate", "turning").strip()) and not opens(url.strip())
    with pytest.raises(CommandFailed) as refused:
        server.iasql("rotate", "turnip")
    assert "there is no database turnip" in refused.value.errors
    server.iasql("disconnect", "turning", "--yes")
    for arguments in ((), ("turning", "--outer-key")):
        with pytest.raises(CommandFailed) as refused:
            server.iasql("rotate", *arguments)
        assert refused.value.status == 2


def test_a_string_that_cannot_be_shown_changes_nothing(server, database):
    """Standard output is full: the former password stays, and so do the sessions."""
    session = database.connect()
    with open("/dev/full", "w") as full:
        finished = subprocess.run(
            [IASQL, "rotate", database.name], stdout=full, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "IASQL_DATA": str(server.data)},
        )
    assert finished.returncode == 1 and "the former password stays" in finished.stderr
    assert opens(database.url) and value(session, "SELECT 1 AS one") == 1


@pytest.mark.parametrize("when", KILLED)
def test_a_killed_rotate_leaves_one_password_that_is_known(server, database, when):
    """The former one, or the one that was shown; and when it is the new one, the next command ends the former sessions."""
    good = database.url
    changed = 0
    for step, output, was_killed in at_every_step(server, when, lambda: ("rotate", database.name)):
        shown = output.strip()
        # The backend may still be at what was sent.
        session = wait_until(lambda: connect_with(shown) or connect_with(good), f"a password that works, step {step}")
        session.close()
        new = bool(shown) and opens(shown)
        assert opens(good) != new, f"step {step}: exactly one password"
        if new:
            good, changed = shown, changed + 1
        server.iasql("databases")
        assert states(server)[database.name] == "ready", step
    assert not was_killed and changed >= 2, "it was killed after the change, too"


def connect_with(url):
    return psycopg.connect(url) if url and opens(url) else None


def test_the_next_command_ends_the_sessions_of_a_killed_one(server, database):
    """Killed between the new password and the end of the old sessions."""
    session = database.connect()
    for step, output, was_killed in at_every_step(server, "before", lambda: ("rotate", database.name)):
        if states(server)[database.name] == "rotated":
            break
    assert was_killed
    assert value(session, "SELECT 1 AS one") == 1
    server.iasql("databases")
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    assert states(server)[database.name] == "ready"


def inventory(server):
    with server.superuser() as superuser:
        return {
            name
            for (name,) in superuser.execute(
                "SELECT datname FROM pg_database UNION ALL SELECT rolname FROM pg_roles WHERE oid >= 16384"
                " UNION ALL SELECT name FROM public.hosted"
            ).fetchall()
        }


@pytest.mark.parametrize("when", KILLED)
def test_a_killed_connect_leaves_nothing(server, account, when):
    """Whatever the step: the next command removes it all, and the name is free again. Only a string that was shown may be
    of a database that stays."""
    before = inventory(server)
    connect = ("connect", "--emulator", "--region", "eu-west-2", "--name", "halfway")
    for step, output, was_killed in at_every_step(server, when, lambda: connect, AWS_ENDPOINT_URL=account.url):
        # The backend may still be at what was sent.
        wait_until(lambda: settled(server), f"everything settled, step {step}")
        if output and inventory(server) != before:
            assert opens(output.strip()), step
            server.iasql("disconnect", "halfway", "--yes")
        assert inventory(server) == before, f"step {step}"
    assert not was_killed and output


def settled(server):
    server.iasql("databases")
    return set(states(server).values()) <= {"ready"}


@pytest.mark.parametrize("when", KILLED)
def test_a_killed_disconnect_is_finished(server, account, when):
    """The database is there and works, or it is gone."""
    before = inventory(server)
    made = []

    def disconnect():
        if not made or made[-1].name not in inventory(server):
            made.append(HostedDatabase(server, account.url))
        return "disconnect", made[-1].name, "--yes"

    for step, _, was_killed in at_every_step(server, when, disconnect):
        wait_until(lambda: settled(server), f"everything settled, step {step}")
        left = inventory(server) - before
        assert left == set() or len(left) == 2, f"step {step}: {left}"
    assert not was_killed and left == set()
