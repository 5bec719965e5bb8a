"""A canary for a secret key: after everything that can be called, with as much logging as there is, it is nowhere."""

import os
import pathlib
import subprocess

import psycopg
import pytest

import proxy as faults
from server import CommandFailed, HostedDatabase, Server, plan, rows

CANARY = "cAnArYsEcReTkEy0123456789/+cAnArYsEcReT"
TOKEN = "cAnArYtOkEn//0123456789abcdefghijklmnopqrstuvwxyz"
KEY_ID = "AKIACANARYCANARY0001"


@pytest.fixture(scope="module")
def server():
    """A server of its own: it logs everything."""
    server = Server()
    with server.superuser() as superuser:
        for setting, to in (
            ("log_min_messages", "debug5"),
            ("log_min_error_statement", "debug5"),
            ("log_statement", "all"),
            ("log_duration", "on"),
            ("log_min_duration_statement", "0"),
            ("log_error_verbosity", "verbose"),
            ("log_parameter_max_length", "-1"),
            ("log_parameter_max_length_on_error", "-1"),
            ("debug_print_parse", "on"),
            ("debug_print_plan", "on"),
            ("track_activity_query_size", "16384"),
        ):
            superuser.execute(f"ALTER SYSTEM SET {setting} = '{to}'")
    server.iasql("down")
    server.start()
    yield server
    crashes = server.crashes()
    server.remove()
    assert crashes == []


def forms(secret):
    """The secret as it might be spelt."""
    import base64
    import urllib.parse

    return {
        secret.encode(),
        secret.encode().hex().encode(),
        base64.b64encode(secret.encode()),
        urllib.parse.quote(secret, safe="").encode(),
        secret.encode()[:20],
    }


def assert_absent(text, where):
    if isinstance(text, str):
        text = text.encode()
    for secret in (CANARY, TOKEN):
        for form in forms(secret):
            assert form not in text, f"the secret is in {where}: …{text[max(0, text.index(form) - 120):][:200]}…"


def connect(server, endpoint, secret, token=None):
    """The secret is read from standard input, as a script would give it; it gives the connection string."""
    environment = {"AWS_ENDPOINT_URL": endpoint}
    if token:
        environment["AWS_SESSION_TOKEN"] = token
    return server.iasql(
        "connect", "--access-key-id", KEY_ID, "--region", "eu-west-2", input=secret + "\n", **environment
    )


def test_the_canary_is_nowhere(server, account, tmp_path):
    proxy = faults.Proxy(account.url)
    said = [connect(server, proxy.url, CANARY)]
    url = said[0].strip()
    assert_absent(url, "the connection string")
    name = url.rpartition("/")[2]
    db = psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row)
    notices = []
    db.add_notice_handler(lambda notice: notices.append(f"{notice.message_primary} {notice.message_detail} {notice.context}"))
    db.execute("SET client_min_messages = debug5")
    db.execute("SET iasql.log_level = debug") if rows(db, "SELECT * FROM iasql_version()") else None

    def attempt(statement):
        try:
            said.append(str(rows(db, statement)))
        except psycopg.Error as error:
            diag = error.diag
            said.append(
                f"{error} {diag.message_detail} {diag.message_hint} {diag.context} {diag.internal_query} {diag.source_function}"
            )

    attempt("SELECT * FROM iasql_install('aws_ecr', 'aws_cloudwatch', 'aws_security_group')")
    attempt("INSERT INTO repository (repository_name) VALUES ('subject')")
    attempt("INSERT INTO vpc (cidr_block) VALUES ('10.9.0.0/16')")
    attempt("SELECT * FROM iasql_plan_apply()")
    proxy.on("CreateVpc", faults.error("UnauthorizedOperation", "You are not authorized", 403))
    attempt("SELECT * FROM iasql_apply()")
    proxy.on("CreateVpc", faults.truncate(9))
    attempt("SELECT * FROM iasql_apply()")
    attempt("SET iasql.in_doubt_wait = 0")
    proxy.on(None, faults.garble(0), times=2)
    attempt("SELECT * FROM iasql_apply()")
    proxy.on(None, faults.status(403, b"<html>", "text/html"), times=2)
    attempt("SELECT * FROM iasql_sync()")
    proxy.down()
    attempt("SELECT * FROM iasql_sync()")
    proxy.up()
    attempt("SELECT * FROM iasql_apply()")
    attempt("SELECT * FROM iasql_sync()")
    attempt("SELECT * FROM iasql_plan_sync()")
    attempt("SELECT delete_all_records()")
    attempt("SELECT * FROM iasql_apply()")
    attempt("SELECT * FROM iasql_uninstall('aws_ecr')")
    attempt("SELECT * FROM iasql.history")
    attempt("SELECT * FROM aws_account")
    assert any("You are not authorized" in text for text in said), "the failing calls failed"

    with server.superuser(name) as superuser:
        for view in ("pg_stat_activity", "pg_settings", "pg_db_role_setting", "pg_shdescription", "pg_description",
                     "pg_prepared_statements", "iasql.connection", "iasql.registry", "iasql.intent", "iasql.outcome"):
            said.append(f"{view}: {superuser.execute(f'SELECT * FROM {view}').fetchall()}")
        (sealed,) = superuser.execute("SELECT sealed FROM iasql.connection").fetchone()
        assert_absent(bytes(sealed), "the sealed key")
        superuser.execute("CHECKPOINT")
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        for file in ("cmdline", "environ"):
            try:
                text = (process / file).read_bytes()
            except OSError:
                continue
            if b"iasql" in text or b"postgres" in text:
                assert_absent(text, process / file)
    dump = subprocess.run(
        ["pg_dump", "--dbname", url, "--file", tmp_path / "dump.sql"], capture_output=True, text=True
    )
    assert dump.returncode == 0, dump.stderr
    assert_absent((tmp_path / "dump.sql").read_bytes(), "a dump")
    assert sealed.hex() not in (tmp_path / "dump.sql").read_text()
    for text in [*said, *notices]:
        assert_absent(text, text[:80])
    db.close()

    logs = b"".join(file.read_bytes() for file in (server.data / "log").iterdir())
    assert b"CREATE EXTENSION" in logs and b"iasql_apply" in logs, "this is the log"
    assert_absent(logs, "the server's log")
    # Everything the server keeps: tables, indexes, WAL, statistics, temporary files.
    for folder, _, files in os.walk(server.data):
        for file in files:
            path = pathlib.Path(folder, file)
            if path.is_file():
                assert_absent(path.read_bytes(), path)
    proxy.stop()


def test_keys_that_are_refused_leave_nothing(server, emulator):
    """AWS refuses them: its message, no database, no secret."""
    between = faults.Proxy(emulator.url)
    between.on("GetCallerIdentity", faults.error("InvalidClientTokenId", "The security token is invalid", 403), times=9)
    with server.superuser() as superuser:
        before = superuser.execute("SELECT count(*) FROM pg_database").fetchone()
        with pytest.raises(CommandFailed) as refused:
            connect(server, between.url, CANARY)
        assert "The security token is invalid" in refused.value.errors
        assert_absent(refused.value.errors + refused.value.output, "the error")
        assert superuser.execute("SELECT count(*) FROM pg_database").fetchone() == before
    between.stop()


def test_an_error_quotes_no_signature(server, account):
    """AWS's own answer to a bad signature has the canonical request in it; ours has only what is said about it."""
    proxy = faults.Proxy(account.url)
    database = HostedDatabase(server, proxy.url)
    db = database.connect()

    def echo(exchange):
        signature = exchange.headers["Authorization"]
        faults.error("SignatureDoesNotMatch", f"The signature does not match. You sent {signature}", 403)(exchange)

    proxy.on("DescribeRepositories", echo, times=9)
    with pytest.raises(psycopg.Error) as refused:
        rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    diag = refused.value.diag
    assert "SignatureDoesNotMatch" in f"{diag.message_primary} {diag.message_detail}"
    proxy.clear()
    rows(db, "SELECT * FROM iasql_install('aws_ecr')")
    assert plan(db) == []
    proxy.stop()
    database.remove()


def test_the_key_file(server):
    """Mode 0400, the server's user's, outside the data directory of the cluster."""
    with server.superuser() as superuser:
        folder = superuser.execute("SHOW data_directory").fetchone()[0]
    (path,) = [path for path in (server.data / "keys").iterdir()] if (server.data / "keys").is_dir() else [None]
    assert path is not None and not str(path).startswith(folder)
    status = path.stat()
    assert status.st_mode & 0o777 == 0o400
    assert status.st_uid == pathlib.Path(folder).stat().st_uid
