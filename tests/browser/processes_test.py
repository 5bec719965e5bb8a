"""The console's two processes: what the one that speaks with browsers may do, when somebody has taken it over."""

import os
import pathlib
import pwd
import signal
import subprocess

import psycopg
import pytest

from console import Client, Console
from server import CommandFailed, Server, wait_until

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="without root both processes are the operator's own user")


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def status_of(pid):
    lines = (line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: value.split() for name, value in lines}


def is_running(pid):
    try:
        return status_of(pid)["State"][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def own(server, aws, console):  # which has made the administrator
    """A console of the test's own: (the process with the server's rights, the one that browsers reach)."""
    console = Console(server, aws.url)
    rights, (browsers,) = console.process.pid, children(console.process.pid)
    yield console, rights, browsers
    if console.process.poll() is None:
        console.stop()


@only_root
def test_each_is_a_user_of_its_own_without_any_right_of_roots(own):
    _, rights, browsers = own
    threads = [(pid, int(task.name), name) for pid, name in ((rights, "iasql"), (browsers, "iasql-console"))
               for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]  # fmt: skip
    assert len(threads) > 20
    for pid, thread, name in threads:
        status, user = status_of(f"{pid}/task/{thread}"), pwd.getpwnam(name)
        assert status["Uid"] == [str(user.pw_uid)] * 4
        assert status["Gid"] == [str(user.pw_gid)] * 4
        assert status["Groups"] == [str(user.pw_gid)]
        assert {int(status[name][0], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
        assert status["NoNewPrivs"] == ["1"]
    assert len({pwd.getpwnam(name).pw_uid for name in ("root", "iasql", "iasql-console")}) == 3


def as_console_user(code):
    user = pwd.getpwnam("iasql-console")
    return subprocess.run(
        ["/usr/bin/python3", "-c", code], user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True
    )


@only_root
def test_the_browsers_side_can_open_neither_keys_nor_data_nor_the_operators_socket(own, server, own_key):
    _, rights, _ = own
    secret = [server.data / "keys" / "key", own_key, server.data / "cluster" / "PG_VERSION", server.data / "log", f"/proc/{rights}/mem"]
    for path in secret:
        found = as_console_user(f"import os; os.open({str(path)!r}, os.O_RDONLY)")
        assert "PermissionError" in found.stderr, path
    socket = server.data / "sockets" / f".s.PGSQL.{server.port}"
    found = as_console_user(f"import socket; socket.socket(socket.AF_UNIX).connect({str(socket)!r})")
    assert "PermissionError" in found.stderr
    found = as_console_user(f"import os; os.kill({rights}, 9)")
    assert "PermissionError" in found.stderr


@only_root
def test_no_file_of_the_servers_is_open_in_it(own, server):
    _, _, browsers = own
    files = [os.readlink(file) for file in pathlib.Path(f"/proc/{browsers}/fd").iterdir()]
    assert not [file for file in files if str(server.data) in file]


@pytest.fixture
def stolen(server, own):
    """What the process that browsers reach has in PostgreSQL: a session as its role, with its password."""
    with server.superuser() as superuser:
        superuser.execute("ALTER ROLE iasql_console PASSWORD 'stolen'")
    with psycopg.connect(f"postgres://iasql_console:stolen@127.0.0.1:{server.port}/iasql", autocommit=True) as session:
        yield session


def test_its_role_has_no_rights_beyond_the_consoles_tables(stolen):
    assert stolen.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,"
        " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid)"
        " FROM pg_roles AS r WHERE rolname = current_user"
    ).fetchone() == (False, False, False, False, False, 0)


FORBIDDEN = [
    "SELECT external_id FROM reserved_external_id",
    "SELECT account_id FROM hosted",
    "UPDATE hosted SET state = 'ready'",
    "DELETE FROM hosted",
    "SELECT who FROM console_record",
    "DELETE FROM console_record",
    "UPDATE console_record SET who = 'somebody else'",
    "TRUNCATE console_user",
    "DELETE FROM console_database",
    "ALTER TABLE console_user ADD evil text",
    "CREATE TABLE evil (a int)",
    "CREATE DATABASE evil",
    "CREATE ROLE evil",
    "CREATE EXTENSION iasql",
    "SET ROLE iasql_operator",
    "SET SESSION AUTHORIZATION iasql_operator",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('postgresql.conf')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY console_user FROM '/etc/passwd'",
    "ALTER SYSTEM SET iasql.endpoint_url = 'http://evil'",
    "ALTER DATABASE iasql SET iasql.endpoint_url = 'http://evil'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'iasql_operator'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_its_role_may_not_do(statement, stolen):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stolen.execute(statement)


def test_its_role_enters_no_other_database(stolen, server, database):
    for name in ("postgres", "template1", database["database"]):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(f"postgres://iasql_console:stolen@127.0.0.1:{server.port}/{name}")


def test_the_console_goes_on_when_its_password_was_changed(stolen, own, console):
    """By another console beside the same server, say."""
    client = Client(own[0])
    assert client.log_in(console.user, console.password)[0] == 200
    assert client.send("GET", "/api/databases")[0] == 200


@pytest.mark.parametrize("victim", ["rights", "browsers"])
def test_neither_process_outlives_the_other(victim, own):
    console, rights, browsers = own
    os.kill(rights if victim == "rights" else browsers, signal.SIGKILL)
    wait_until(lambda: not is_running(browsers), "the end of the process that browsers reach")
    assert console.process.wait(timeout=20) != 0


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_both_in_peace(signal_number, own):
    console, _, browsers = own
    console.process.send_signal(signal_number)
    assert console.process.wait(timeout=20) == 0
    wait_until(lambda: not is_running(browsers), "the end of the process that browsers reach")


def test_a_port_that_is_taken_is_said_once_and_leaves_no_process(server, console):
    with pytest.raises(CommandFailed) as failed:
        server.iasql("console", "--port", console.port)
    assert failed.value.status == 1
    assert failed.value.errors.count("cannot listen on 127.0.0.1") == 1, failed.value.errors


def test_an_administrators_password_is_renewed_by_a_command_of_its_own(server, aws, console):
    with server.superuser() as superuser:
        (before,) = superuser.execute("SELECT password_hash FROM console_user WHERE name = 'admin'").fetchone()
        try:
            before_it = Client(console)
            before_it.log_in("admin", console.password)
            assert before_it.send("GET", "/api/databases")[0] == 200
            password = server.iasql("console", "--new-password").strip()
            assert before_it.send("GET", "/api/databases")[0] == 401, "its session was begun with the former password"
            assert Client(console).log_in("admin", password)[0] == 200
            assert Client(console).log_in("admin", console.password)[0] == 401
        finally:
            superuser.execute("UPDATE console_user SET password_hash = %s WHERE name = 'admin'", (before,))


def test_a_console_without_a_first_password_makes_no_user(aws):
    fresh = Server()
    try:
        console = Console(fresh, aws.url, "--no-first-password")
        try:
            assert "password" not in console.line
            with fresh.superuser() as superuser:
                assert superuser.execute("SELECT count(*) FROM console_user").fetchone() == (0,)
            password = fresh.iasql("console", "--new-password").strip()
            assert Client(console).log_in("admin", password)[0] == 200
        finally:
            console.stop()
    finally:
        fresh.remove()
