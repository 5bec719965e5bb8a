"""Canaries for every secret there is: after everything that can be called, with as much logging as there is, they are
nowhere, in no spelling, and the search would have found one that was put there."""

import base64
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import urllib.parse

import psycopg
import pytest

import proxy as faults
from server import CommandFailed, HostedDatabase, plan, rows, server_of_its_own

CANARY = "cAnArYsEcReTkEy0123456789/+cAnArYsEcReT"
TOKEN = "cAnArYtOkEn//0123456789abcdefghijklmnopqrstuvwxyz"
KEY_ID = "AKIACANARYCANARY0001"
POSTGRES = pathlib.Path(os.environ.get("IASQL_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))

# A tenant after the sealed key and what opens it.
TRICKS = [
    "SELECT * FROM iasql.connection",
    "SELECT to_jsonb(c) FROM iasql.connection c",
    "COPY iasql.connection TO STDOUT",
    "COPY (SELECT sealed FROM iasql.connection) TO STDOUT",
    "CREATE VIEW seen AS SELECT * FROM iasql.connection; SELECT * FROM seen",
    "CREATE MATERIALIZED VIEW peek AS SELECT * FROM iasql.connection",
    "CREATE TABLE peek (LIKE iasql.connection INCLUDING ALL)",
    "CREATE TABLE peek () INHERITS (iasql.connection)",
    "CREATE TRIGGER peek BEFORE UPDATE ON iasql.connection FOR EACH ROW EXECUTE FUNCTION iasql.check_row()",
    "CREATE POLICY peek ON iasql.connection USING (true)",
    "CREATE FUNCTION look() RETURNS SETOF iasql.connection LANGUAGE sql AS 'TABLE iasql.connection'; SELECT look()",
    "CREATE RULE peek AS ON INSERT TO iasql.connection DO ALSO NOTHING",
    "CREATE INDEX ON iasql.connection (encode(sealed, 'hex'))",
    "CREATE STATISTICS peek ON account_id, sealed FROM iasql.connection",
    "ALTER TABLE iasql.connection ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE iasql.connection ADD CHECK (sealed IS NULL)",
    "LOCK TABLE iasql.connection IN SHARE MODE",
    "EXPLAIN ANALYZE SELECT * FROM iasql.connection",
    "DECLARE peek CURSOR WITH HOLD FOR SELECT * FROM iasql.connection",
    "PREPARE peek AS SELECT * FROM iasql.connection; EXECUTE peek",
    "ANALYZE iasql.connection; SELECT * FROM pg_stats WHERE tablename = 'connection'",
    "SELECT iasql.connect('123456789012', 'AKIACANARYCANARY0001', 'eu-west-2', '\\x00')",
    "SELECT iasql.wrap_key_again()",
    "SELECT iasql.disconnect()",
    "SELECT * FROM iasql.system_identity()",
]


@pytest.fixture(scope="module")
def server():
    """A server of its own: it logs everything."""
    with server_of_its_own() as server:
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
                ("log_destination", "stderr,csvlog,jsonlog"),
                ("log_connections", "on"),
                ("log_replication_commands", "on"),
            ):
                superuser.execute(f"ALTER SYSTEM SET {setting} = '{to}'")
        with open(server.data / "cluster" / "postgresql.conf", "a") as configuration:
            configuration.write(
                "shared_preload_libraries = 'iasql,pg_stat_statements,auto_explain'\n"
                "pg_stat_statements.track = all\n"
                "auto_explain.log_min_duration = 0\n"
                "auto_explain.log_nested_statements = on\n"
                "auto_explain.log_verbose = on\n"
            )
        server.iasql("down")
        server.start()
        yield server


def forms(secret):
    """The secret as it might be spelt."""
    text = secret.encode()
    spellings = {text, text.hex().encode(), text.hex().upper().encode(), urllib.parse.quote(secret, safe="").encode(), text[:20]}
    for offset in range(3):  # within a longer text, base64 depends on where it begins
        whole = base64.b64encode(b"\0" * offset + text)
        spellings.add(whole[4 if offset else 0 : -4])
    return spellings


def found(secrets, text):
    """The first of the secrets that is in the text, with what is before it; nothing where there is none."""
    if isinstance(text, str):
        text = text.encode()
    for secret in secrets:
        for form in forms(secret):
            if form in text:
                at = text.index(form)
                return text[max(0, at - 120) : at + 80]
    return None


def assert_absent(text, where, secrets=(CANARY, TOKEN)):
    there = found(secrets, text)
    assert there is None, f"a secret is in {where}: …{there}…"


class Watch:
    """Looks, again and again, at what every process shows of itself and at what the server shows of every session."""

    def __init__(self, server):
        self.seen, self.looks = [], 0
        self._server, self._end = server, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        with self._server.superuser() as superuser:
            while not self._end.is_set():
                self.looks += 1
                texts = [(f"pg_stat_activity", str(superuser.execute("SELECT * FROM pg_stat_activity").fetchall()))]
                for process in pathlib.Path("/proc").glob("[0-9]*"):
                    if process.name == str(os.getpid()):
                        continue
                    for file in ("cmdline", "environ", "comm"):
                        try:
                            texts.append((process / file, (process / file).read_bytes()))
                        except OSError:
                            pass  # it has ended meanwhile, or is another user's
                self.seen += [(where, there) for where, text in texts if (there := found((CANARY, TOKEN), text))]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


def connect(server, endpoint, secret, token=None):
    """Secret and token are read from standard input, as a script would give them; it gives the connection string."""
    return server.iasql(
        "connect", "--access-key-id", KEY_ID, "--region", "eu-west-2", *(["--session-token", "-"] if token else []),
        input=f"{secret}\n{token}\n" if token else f"{secret}\n", AWS_ENDPOINT_URL=endpoint,
    )  # fmt: skip


def test_the_canary_is_nowhere(server, account, tmp_path):
    proxy = faults.Proxy(account.url)
    with Watch(server) as watch:
        search(server, proxy, tmp_path)
    assert watch.looks > 3 and watch.seen == []
    proxy.stop()


def search(server, proxy, tmp_path):
    first = connect(server, proxy.url, CANARY, TOKEN).strip()
    url = server.iasql("rotate", first.rpartition("/")[2]).strip()
    said = []
    passwords = [re.search(":([A-Za-z0-9]{24})@", shown)[1] for shown in (first, url)]
    (outer_key,) = re.findall("[0-9a-f]{64}", (server.data / "keys" / "key").read_text())
    assert_absent(url, "the connection string")
    name = url.rpartition("/")[2]
    db = psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row)
    notices = []
    db.add_notice_handler(lambda notice: notices.append(f"{notice.message_primary} {notice.message_detail} {notice.context}"))
    db.execute("SET client_min_messages = debug5")
    db.execute("SET iasql.log_level = debug")

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
    for trick in TRICKS:
        attempt(trick)
    attempt("SELECT * FROM iasql.history")
    attempt("SELECT * FROM aws_account")
    assert any("You are not authorized" in text for text in said), "the failing calls failed"

    with server.superuser(name) as superuser:
        for view in ("pg_stat_activity", "pg_settings", "pg_db_role_setting", "pg_shdescription", "pg_description",
                     "pg_prepared_statements", "iasql.connection", "iasql.registry", "iasql.intent", "iasql.outcome", "pg_proc", "pg_stat_statements"):
            superuser.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            said.append(f"{view}: {superuser.execute(f'SELECT * FROM {view}').fetchall()}")
        (sealed,) = superuser.execute("SELECT sealed FROM iasql.connection").fetchone()
        assert_absent(bytes(sealed), "the sealed key")
        superuser.execute("CHECKPOINT")
    dump = subprocess.run(
        ["pg_dump", "--dbname", url, "--file", tmp_path / "dump.sql"], capture_output=True, text=True
    )
    assert dump.returncode == 0, dump.stderr
    assert_absent((tmp_path / "dump.sql").read_bytes(), "a dump")
    assert sealed.hex() not in (tmp_path / "dump.sql").read_text()
    whole = subprocess.run(
        [POSTGRES / "pg_dumpall", "-h", server.data / "sockets", "-p", str(server.port), "-U", "iasql_operator"], capture_output=True
    )
    assert whole.returncode == 0 and b"SCRAM-SHA-256" in whole.stdout
    assert_absent(whole.stdout, "a dump of everything", (CANARY, TOKEN, *passwords, outer_key))
    assert sealed.hex().encode() not in whole.stdout
    for text in [*said, *notices]:
        assert_absent(text, text[:80], (CANARY, TOKEN, *passwords, outer_key))

    # A canary put there on purpose, as a client that does what it is told not to do would put it.
    planted = "pLaNtEdCaNaRy0123456789/+pLaNtEdCaNaRy"
    db.execute(f"SELECT '{planted}' AS planted")
    with server.superuser(name) as superuser:
        statements = superuser.execute("SELECT query FROM pg_stat_activity WHERE datname = %s", [name]).fetchall()
        superuser.execute("CHECKPOINT")
    assert found([planted], str(statements))
    db.close()

    logs = {file.name: file.read_bytes() for file in (server.data / "log").iterdir()}
    kinds = {pathlib.Path(file).suffix: content for file, content in logs.items() if file != "start.log"}
    assert kinds.keys() == {".log", ".csv", ".json"}
    for kind, content in kinds.items():
        assert b"CREATE EXTENSION" in content and b"iasql_apply" in content and found([planted], content), kind
    assert b"DescribeRepositories" in kinds[".log"], "the library's own debug lines are there"
    # Everything the server keeps, which is also all that a base backup takes: tables, indexes, WAL, statistics, logs.
    secrets = (CANARY, TOKEN, *passwords)
    files = [path for folder, _, names in os.walk(server.data) for path in map(pathlib.Path(folder).joinpath, names)]
    assert {"state.json", "postgresql.conf", "key"} <= {path.name for path in files}
    for path in files:
        if path.is_file():
            assert_absent(path.read_bytes(), path, secrets if path.name == "key" else (*secrets, outer_key))


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


def test_the_sealed_key_is_out_of_the_tenants_reach(server, account):
    """Whatever it tries: 42501; and its own dump leaves the table out."""
    database = HostedDatabase(server, account.url)
    db = database.connect()
    for trick in TRICKS:
        first, _, second = trick.partition("; ")
        refused = []
        for statement in filter(None, (first, second)):
            try:
                refused += [f"row: {row}" for row in rows(db, statement)]
            except psycopg.Error as error:
                refused.append(error.sqlstate)
        assert set(refused) <= {"42501", "26000", "25P01"} and (refused or "ANALYZE" in trick), (trick, refused)
    dumped = subprocess.run(
        ["pg_dump", "--dbname", database.url, "--table", "iasql.connection"], capture_output=True, text=True
    )
    assert dumped.returncode != 0 or "COPY iasql.connection" not in dumped.stdout
    database.remove()


def test_the_memory_of_a_session_is_closed_to_its_user(server, account):
    """Once a key was open, the server's own operating-system user can take no core of the process; root always can."""
    gcore = shutil.which("gcore")
    if not gcore:
        pytest.skip("gdb is not installed")
    connect(server, account.url, CANARY)
    database = HostedDatabase(server, account.url)
    db = database.connect()
    rows(db, "SELECT * FROM iasql_install('aws_cloudwatch')")
    pid = db.info.backend_pid
    owner = pathlib.Path(f"/proc/{pid}/status").read_text()
    user = re.search(r"^Uid:\s+(\d+)", owner, re.MULTILINE)[1]
    folder = pathlib.Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    as_server = ["setpriv", f"--reuid={user}", "--clear-groups", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        finished = subprocess.run([*as_server, gcore, "-o", folder / "core", str(pid)], capture_output=True, text=True, cwd="/")
        assert finished.returncode != 0 and "ptrace: Operation not permitted" in finished.stdout + finished.stderr
        assert list(folder.iterdir()) == []
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text() if os.geteuid() == 0 else ""
        assert not limits or re.search(r"^Max core file size\s+0\s+0", limits, re.MULTILINE)
    finally:
        shutil.rmtree(folder)
    database.remove()
