"""The command line as an operator meets it: `iasql up` with the emulator, in a folder with a space in its name."""

import contextlib
import getpass
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading

import psycopg
import pytest

from proxy import Moment, Proxy
from server import EMULATOR, IASQL, REGION, Emulator, free_port, rows, wait_until

CONNECTION_STRING = re.compile(
    r"postgres://(?P<role>[a-z][a-z0-9]{7}):(?P<password>[A-Za-z0-9]{24})@127\.0\.0\.1:(?P<port>\d+)"
    r"/(?P<database>_[0-9a-f]{16})\n"
)
ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EMULATED_ACCOUNT = "123456789012"
DONE, FAILED, USAGE, NOT_RUNNING, REFUSED = range(5)


class Place:
    """A data folder, and the command line working on it. Each call gives what subprocess.run() gives."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql cli ", dir="/tmp"))
        self.folder.chmod(0o755)  # as root, PostgreSQL and the emulator run as another user
        self.data = self.folder / "some data"
        self.home = self.folder / "home"
        self.home.mkdir()

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IASQL_"))}
        return {**kept, "HOME": str(self.home), "IASQL_DATA": str(self.data), **more}

    def iasql(self, *arguments, status=DONE, input="", **environment):
        finished = subprocess.run(
            [IASQL, *map(str, arguments)],
            input=input,
            capture_output=True,
            text=True,
            env=self.environment(**environment),
            timeout=180,
        )
        assert finished.returncode == status, finished.stdout + finished.stderr
        return finished

    def connect(self, *arguments, **environment):
        """Connects the emulator's account to a new database and takes the connection string apart."""
        finished = self.iasql("connect", "--emulator", "--region", REGION, *arguments, **environment)
        match = CONNECTION_STRING.fullmatch(finished.stdout)
        assert match, finished.stdout
        return match

    def state(self):
        return json.loads((self.data / "state.json").read_text())

    def port(self):
        return self.state()["postgres"]["port"]

    def emulator_url(self):
        return f"http://127.0.0.1:{self.state()['emulator']['port']}"

    def superuser(self, database="postgres"):
        return psycopg.connect(
            host=str(self.data / "sockets"), port=self.port(), user="iasql_operator", dbname=database, autocommit=True
        )

    def inventory(self):
        """Names of databases and roles, without PostgreSQL's own and those that the list and the console have."""
        with self.superuser() as connection:
            return {
                name
                for (name,) in connection.execute(
                    "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1', 'iasql')"
                    " UNION ALL SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'iasql_console'"
                ).fetchall()
            }

    def listed(self):
        """The lines of `iasql databases` without the heading, as lists of words."""
        return [line.split() for line in self.iasql("databases").stdout.splitlines()[1:]]

    def clear(self):
        for line in self.listed():
            self.iasql("disconnect", line[0], "--yes")

    def remove(self):
        self.iasql("down", "--purge", "--yes")
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def running():
    """A server with its emulator, both on the ports they found free."""
    place = Place()
    place.data.mkdir()
    there = pathlib.Path(EMULATOR).resolve()
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in there.parents):
        (place.data / "emulator").symlink_to(there)
    else:  # as in root's home: the emulator runs as another user, who may not go there
        shutil.copytree(there, place.data / "emulator", symlinks=True)
    place.iasql("up", "--detach")
    with place.superuser() as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield place
    place.remove()


@pytest.fixture
def place(running):
    """That server, without any database."""
    running.clear()
    return running


@pytest.fixture
def fresh():
    """A folder in which nothing is yet."""
    place = Place()
    yield place
    place.remove()


def connects(url):
    with psycopg.connect(url, connect_timeout=10) as connection:
        return connection.execute("SELECT current_user").fetchone()[0]


# Up, status, down


def test_up_twice_changes_nothing(place):
    before = place.state()
    again = place.iasql("up", "--detach")
    assert again.stdout.count("(already running)") == 3
    assert f"127.0.0.1:{place.port()} " in again.stdout
    assert place.state() == before


def test_status_says_what_runs_where(place):
    place.connect()
    status = place.iasql("status").stdout
    assert re.search(rf"^PostgreSQL    running, 127\.0\.0\.1:{place.port()}, version \d+\.\d+", status, re.MULTILINE)
    assert re.search(r"^Databases     1 connected, [\d.]+ MB in all$", status, re.MULTILINE)
    assert f"AWS_ENDPOINT_URL={place.emulator_url()}\n" in status
    assert f"Data          {place.data}\n" in status


def test_without_a_server_every_command_says_so(fresh):
    for command in (["connect", "--emulator"], ["databases"], ["disconnect", "x"], ["status"]):
        finished = fresh.iasql(*command, status=NOT_RUNNING)
        assert "no server runs" in finished.stderr and "`iasql up -d` starts it." in finished.stderr
    assert "there is no server in" in fresh.iasql("down").stderr
    assert not fresh.data.exists()


def test_two_ups_at_once_make_one_server(fresh):
    def up():
        return subprocess.Popen(
            [IASQL, "up", "--detach", "--no-emulator"],
            env=fresh.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    outputs = [process.communicate(timeout=180)[0] for process in [up(), up()]]
    assert sorted("already running" in output for output in outputs) == [False, True], outputs


def test_in_the_foreground_until_interrupted(fresh):
    process = subprocess.Popen(
        [IASQL, "up", "--no-emulator"], env=fresh.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().startswith("PostgreSQL    127.0.0.1:")
    postgres = pathlib.Path(f"/proc/{fresh.state()['postgres']['pid']}")
    assert postgres.exists()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == DONE, errors
    wait_until(lambda: not postgres.exists(), "the server's end")
    fresh.iasql("status", status=NOT_RUNNING)


def test_interrupted_while_it_starts(fresh):
    """The emulator never says that it is ready, so that the interrupt comes while `up` waits for it."""
    emulator = fresh.folder / "emulator"
    (emulator / "bin").mkdir(parents=True)
    (emulator / "bin" / "python").write_text("#!/bin/sh\nexec sleep 600\n")
    (emulator / "bin" / "python").chmod(0o755)
    ports = ["--port", str(free_port()), "--emulator-port", str(free_port())]
    process = subprocess.Popen(
        [IASQL, "up", *ports], env=fresh.environment(IASQL_EMULATOR=str(emulator)), stderr=subprocess.PIPE, text=True
    )

    def sleeping():
        assert process.poll() is None, process.stderr.read()
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        names = [pathlib.Path(f"/proc/{child}/comm").read_text() for child in children]
        return "State:\tS" in pathlib.Path(f"/proc/{process.pid}/status").read_text() and names == ["sleep\n"] and children[0]

    child = pathlib.Path(f"/proc/{wait_until(sleeping, 'the emulator being waited for')}")
    postgres = pathlib.Path(f"/proc/{fresh.state()['postgres']['pid']}")
    assert postgres.exists()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == DONE and errors.endswith("\nstopped before everything ran\n"), errors
    assert not child.exists()
    wait_until(lambda: not postgres.exists(), "the server's end")
    fresh.iasql("status", status=NOT_RUNNING)


def test_a_taken_port(running, fresh):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        refused = fresh.iasql("up", "--detach", "--no-emulator", "--port", taken, status=FAILED)
        assert refused.stderr == f"iasql: port {taken} of 127.0.0.1 is taken\n"
    # PostgreSQL's usual port, or the next free one: `running` has one of them.
    fresh.iasql("up", "--detach", "--no-emulator")
    first = fresh.port()
    assert first >= 5432 and first != running.port()
    fresh.iasql("down")
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first))
        other.listen()
        moved = fresh.iasql("up", "--detach", "--no-emulator")
        assert f"PostgreSQL had port {first} last time, which is taken: now it has {fresh.port()}." in moved.stderr
        assert fresh.port() > first


def test_after_a_crash_of_the_server_up_starts_it_again(fresh):
    fresh.iasql("up", "--detach", "--no-emulator")
    before = fresh.state()["postgres"]
    os.kill(before["pid"], signal.SIGKILL)
    wait_until(lambda: not pathlib.Path(f"/proc/{before['pid']}").exists(), "the server's end")
    fresh.iasql("status", status=NOT_RUNNING)
    fresh.iasql("up", "--detach", "--no-emulator")
    assert fresh.port() == before["port"] and fresh.state()["postgres"]["pid"] != before["pid"]


def test_after_a_restart_the_emulator_is_empty_and_up_says_how_to_go_on(place):
    url = place.connect().group().strip()
    with psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        rows(connection, "SELECT * FROM iasql_install('aws_cloudwatch')")
        rows(connection, "INSERT INTO log_group (log_group_name) VALUES ('before')")
        rows(connection, "SELECT * FROM iasql_apply()")
    down = place.iasql("down")
    assert "stopped PostgreSQL" in down.stderr and "what was in it is gone" in down.stderr
    assert place.iasql("status", status=NOT_RUNNING).stdout.count("stopped") == 3
    assert "nothing was running" in place.iasql("down").stderr
    up = place.iasql("up", "--detach")
    assert "empty: it keeps nothing over a restart" in up.stdout
    assert "1 of the databases" in up.stderr and "SELECT * FROM iasql_sync();" in up.stderr
    with psycopg.connect(url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        rows(connection, "SELECT * FROM iasql_sync()")
        assert rows(connection, "SELECT * FROM log_group") == []
        assert rows(connection, "SELECT * FROM iasql_plan_apply()") == []


def on_a_terminal(place, *arguments, answer):
    """Runs the command line on a terminal and types `answer` once it asks. Gives exit status and what the screen shows."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(IASQL, [IASQL, *arguments], place.environment())
    screen, asked = "", False
    try:
        while select.select([terminal], [], [], 60)[0]:
            screen += os.read(terminal, 4096).decode()
            if not asked and screen.endswith((": ", "[y/N] ")):
                asked = True
                os.write(terminal, f"{answer}\n".encode())
    except OSError:
        pass  # the other end is closed: the program has ended
    finally:
        os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), screen


def test_purge_asks_first(fresh):
    fresh.iasql("up", "--detach", "--no-emulator")
    refused = fresh.iasql("down", "--purge", status=FAILED)  # nobody to ask
    assert "nothing was stopped or removed" in refused.stderr
    status, screen = on_a_terminal(fresh, "down", "--purge", answer="n")
    assert status == FAILED and f"Remove every database, key and log in {fresh.data}?" in screen
    fresh.superuser().close()
    status, screen = on_a_terminal(fresh, "down", "--purge", answer="y")
    assert status == DONE and "nothing in AWS was touched" in screen
    assert not fresh.data.exists()


def test_who_may_read_the_data_folder(place):
    server_user = "iasql" if os.geteuid() == 0 else getpass.getuser()
    for name, mode, owner in (
        ("keys/key", 0o400, server_user),
        ("cluster", 0o700, server_user),
        ("sockets", 0o700, server_user),
        ("log", 0o700, server_user),
        ("keys", 0o755, getpass.getuser()),
        ("state.json", 0o644, getpass.getuser()),
    ):
        path = place.data / name
        assert (path.stat().st_mode & 0o7777, path.owner()) == (mode, owner), name
    with place.superuser() as connection:
        (cluster,) = connection.execute("SHOW data_directory").fetchone()
        (key,) = connection.execute("SHOW iasql.key_file").fetchone()
    assert pathlib.Path(key) == place.data / "keys" / "key"
    assert not pathlib.Path(key).is_relative_to(cluster)


# Connect, databases, disconnect


def test_connect_prints_the_connection_string_alone(place):
    connected = place.connect("--name", "production")
    role, database = connected["role"], connected["database"]
    assert int(connected["port"]) == place.port()
    assert connects(connected.group().strip()) == role
    ((name, alias, user, account, region, *_),) = place.listed()
    assert (name, alias, user, account, region) == (database, "production", role, EMULATED_ACCOUNT, REGION)
    with place.superuser() as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin, rolpassword"
            " FROM pg_authid WHERE rolname = %s",
            (role,),
        ).fetchone()
        memberships = connection.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", (role,))
        assert memberships.fetchone() == (0,)
    assert rights[:-1] == (False, False, False, False, False, True)
    assert rights[-1].startswith("SCRAM-SHA-256$") and connected["password"] not in rights[-1]


def test_two_databases_of_one_account_and_their_names(place):
    first, second = place.connect("--name", "production"), place.connect()
    assert {line[0] for line in place.listed()} == {first["database"], second["database"]}
    again = place.iasql("connect", "--emulator", "--region", REGION, "--name", "production", status=FAILED)
    assert "there is already a database called production" in again.stderr and again.stdout == ""
    wrong = place.iasql("disconnect", "prodution", "--yes", status=FAILED)
    assert "there is no database prodution" in wrong.stderr and "Did you mean production?" in wrong.stderr
    assert "nothing was removed" in place.iasql("disconnect", "production", status=FAILED).stderr
    with psycopg.connect(first.group().strip()):  # also while somebody uses it
        place.iasql("disconnect", "production", "--yes")
    assert place.inventory() == {second["database"], second["role"]}
    with pytest.raises(psycopg.OperationalError):
        connects(first.group().strip())


@pytest.fixture
def strict_emulator():
    """An emulator that checks signatures, and a key that it knows."""
    setting_up = 3  # calls
    emulator = Emulator("--authenticate-after", str(setting_up))
    iam = emulator.client("iam")
    iam.create_user(UserName="someone")
    key = iam.create_access_key(UserName="someone")["AccessKey"]
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName="someone", PolicyName="all", PolicyDocument=json.dumps(everything))
    yield emulator, key["AccessKeyId"], key["SecretAccessKey"]
    emulator.stop()


def test_a_wrong_key_is_refused_with_the_message_of_aws(place, strict_emulator):
    emulator, key, secret = strict_emulator
    before = place.inventory()
    there = {"AWS_ENDPOINT_URL": emulator.url}
    unknown = place.iasql(
        "connect", "--access-key-id", ACCESS_KEY_ID, "--region", REGION, input=SECRET, status=REFUSED, **there
    )
    assert "InvalidClientTokenId: The security token included in the request is invalid" in unknown.stderr
    wrong = place.iasql("connect", "--access-key-id", key, "--region", REGION, input=SECRET, status=REFUSED, **there)
    assert "SignatureDoesNotMatch: The request signature we calculated does not match" in wrong.stderr
    for finished in (unknown, wrong):
        assert finished.stdout == "" and SECRET not in finished.stderr
    assert place.inventory() == before and place.listed() == []
    right = place.iasql("connect", "--access-key-id", key, "--region", REGION, input=f"{secret}\n", **there)
    assert CONNECTION_STRING.fullmatch(right.stdout)


def test_the_key_of_a_profile(place, strict_emulator):
    emulator, key, secret = strict_emulator
    folder = place.home / ".aws"
    folder.mkdir()
    try:
        (folder / "credentials").write_text(
            f"[default]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET}\n\n"
            f"[work]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
        )
        there = {"AWS_ENDPOINT_URL": emulator.url}
        finished = place.iasql("connect", "--profile", "work", "--region", REGION, **there)
        database = CONNECTION_STRING.fullmatch(finished.stdout)["database"]
        place.iasql("connect", "--profile", "default", "--region", REGION, status=REFUSED, **there)
        missing = place.iasql("connect", "--profile", "home", "--region", REGION, status=FAILED, **there)
        assert "there is no profile home" in missing.stderr
    finally:
        shutil.rmtree(folder)
    with place.superuser(database) as connection:
        assert connection.execute("SELECT access_key_id FROM iasql.connection").fetchone() == (key,)


@pytest.mark.parametrize("how", ["pipe", "terminal"])
def test_the_secret_is_nowhere_to_be_seen(place, how):
    """While AWS is being asked the secret is in no process's arguments or environment; afterwards in no file."""
    proxy = Proxy(place.emulator_url())
    arguments = ["connect", "--access-key-id", ACCESS_KEY_ID, "--region", REGION]
    with place.superuser() as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
    try:
        pause = proxy.pause("GetCallerIdentity", Moment.request)
        seen = []

        def look():
            pause.reached()
            for file in (*pathlib.Path("/proc").glob("[0-9]*/cmdline"), *pathlib.Path("/proc").glob("[0-9]*/environ")):
                with contextlib.suppress(OSError):  # that process has ended meanwhile
                    if SECRET.encode() in file.read_bytes():
                        seen.append(file)
            pause.release()

        watcher = threading.Thread(target=look)
        watcher.start()
        if how == "pipe":
            shown = place.iasql(*arguments, input=f"{SECRET}\n", AWS_ENDPOINT_URL=proxy.url)
            assert CONNECTION_STRING.fullmatch(shown.stdout)
            shown = shown.stdout + shown.stderr
        else:
            place_of_proxy = Place.__new__(Place)
            place_of_proxy.environment = lambda: place.environment(AWS_ENDPOINT_URL=proxy.url)
            status, shown = on_a_terminal(place_of_proxy, *arguments, answer=SECRET)
            assert status == DONE and f"secret access key of {ACCESS_KEY_ID}: " in shown
        watcher.join()
        assert seen == []
        assert SECRET not in shown
    finally:
        proxy.stop()
        with place.superuser() as connection:
            connection.execute("ALTER SYSTEM RESET log_statement")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CHECKPOINT")
    for folder in ("cluster", "log"):
        for file in (place.data / folder).rglob("*"):
            if file.is_file():
                assert SECRET.encode() not in file.read_bytes(), file


def test_a_database_of_ones_own(place):
    with place.superuser() as connection:
        connection.execute("CREATE DATABASE mine TEMPLATE template0")
    try:
        finished = place.iasql("connect", "--emulator", "--region", REGION, "--database", "mine")
        assert finished.stdout == ""
        assert f"connected account {EMULATED_ACCOUNT} to database mine" in finished.stderr
        assert place.listed() == []
        with place.superuser("mine") as connection:
            assert connection.execute("SELECT account_id, region FROM iasql.connection").fetchone() == (
                EMULATED_ACCOUNT,
                REGION,
            )
            assert connection.execute("SELECT count(*) > 0 FROM iasql_install('aws_cloudwatch')").fetchone() == (True,)
    finally:
        with place.superuser() as connection:
            connection.execute("DROP DATABASE mine WITH (FORCE)")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--region", REGION], "whose account?"),
        (["--emulator", "--region", "europe"], "europe is no AWS region"),
        (["--access-key-id", ACCESS_KEY_ID], "which region?"),
        (["--access-key-id", "short", "--region", REGION], "an access key id has 16 to 128 letters and digits"),
        (["--access-key-id", ACCESS_KEY_ID, "--region", REGION], "no secret access key was given"),
        (["--secret-access-key", SECRET, "--region", REGION], "--secret-access-key"),
    ],
)
def test_wrong_usage_makes_nothing(place, arguments, says):
    finished = place.iasql("connect", *arguments, status=USAGE)
    assert says in finished.stderr and finished.stdout == ""
    assert place.inventory() == set()


def test_help_explains_every_command(running):
    commands = re.findall(r"^  ([a-z]+) ", running.iasql("help").stdout.split("Subcommands:")[1], re.MULTILINE)
    assert commands == ["up", "down", "status", "connect", "databases", "disconnect", "rotate", "console", "version", "help"]
    for command in commands:
        assert running.iasql("help", command).stdout == running.iasql(command, "--help").stdout != ""
    for unknown, hint in (("fly", "`iasql help` lists them."), ("conect", "Did you mean connect?"), ("--version", "Did you mean version?")):
        said = f"iasql: there is no command {unknown}\n{hint}\n"
        assert running.iasql(unknown, "--emulator", "more", status=USAGE).stderr == said
    assert "there is no command fly" in running.iasql("help", "fly", status=USAGE).stderr
    assert re.fullmatch(r"iasql \d+\.\d+\.\d+, for PostgreSQL \d+\n", running.iasql("version").stdout)
