"""The programs under test: the emulator, a PostgreSQL server made by `iasql up`, and databases made by `iasql connect`."""

import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import boto3
import botocore.config
import psycopg
import psycopg.rows

SOURCE = pathlib.Path(__file__).resolve().parents[2]
IASQL = os.environ.get("IASQL", str(SOURCE / "build" / "iasql"))
EMULATOR = os.environ.get("IASQL_EMULATOR", str(SOURCE / "build" / "emulator"))
REGION = "eu-west-2"
PATIENCE = 60  # seconds a test waits for something that must happen


def wait_until(condition, what, patience=PATIENCE):
    """Waits until condition() is true and gives its value; fails after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.01)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [f"{EMULATOR}/bin/python", "-m", "iasql_emulator", "--port", "0", "--die-with-parent", *options],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": str(SOURCE / "emulator"),
                "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # no test needs one, and each reset would load them anew
            },
        )
        line = self.process.stdout.readline()
        assert line.startswith("ready "), "the emulator did not start"
        self.url = line.split()[1]

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST"))

    def set_delay(self, seconds):
        urllib.request.urlopen(f"{self.url}/emulator/delay", data=str(seconds).encode()).close()

    def client(self, service, region=REGION):
        """boto3's client: the tests' own eyes on AWS."""
        return client_of(self.url, service, region)

    def stop(self):
        self.process.terminate()
        self.process.wait()


@functools.cache
def client_of(url, service, region):
    """Making one takes boto3 longer than most calls."""
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=botocore.config.Config(retries={"total_max_attempts": 1}),
    )


class CommandFailed(Exception):
    def __init__(self, status, output, errors):
        super().__init__(f"exit status {status}\n{output}{errors}")
        self.status, self.output, self.errors = status, output, errors


class Server:
    """`iasql up` in a folder of its own, with an emulator of the tests' instead of its own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-test-", dir="/tmp"))
        self.folder.chmod(0o755)  # as root, PostgreSQL runs as another user
        self.data = self.folder / "data"
        self.start(free_port())
        # What is tested is the death of processes, not of machines.
        with self.superuser() as connection:
            for setting in ("fsync = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")

    def iasql(self, *arguments, input="", **environment):
        """Runs the command line; gives what it wrote to standard output. Raises CommandFailed."""
        finished = subprocess.run(
            [IASQL, *map(str, arguments)],
            input=input,
            capture_output=True,
            text=True,
            env={**os.environ, "IASQL_DATA": str(self.data), **environment},
            timeout=180,
        )
        if finished.returncode != 0:
            raise CommandFailed(finished.returncode, finished.stdout, finished.stderr)
        return finished.stdout

    def start(self, port=None):
        self.iasql("up", "--detach", "--no-emulator", "--no-console", *(["--port", port] if port else []))
        state = json.loads((self.data / "state.json").read_text())["postgres"]
        self.port, self.pid = state["port"], state["pid"]

    def crash(self):
        """Immediate stop: every process ends at once, nothing is written any more."""
        os.kill(self.pid, signal.SIGQUIT)
        wait_until(lambda: not pathlib.Path(f"/proc/{self.pid}").exists(), "the server's end")

    def kill_backend(self, pid):
        """kill -9 of one backend; PostgreSQL then restarts every other process, and this waits until it takes
        connections again."""
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists(), "the backend's end")
        wait_until(self.accepts, "connections after the crash")

    def accepts(self):
        try:
            self.superuser().close()
            return True
        except psycopg.OperationalError:
            return False

    def crashes(self):
        """Lines of the server's log that tell of a crash which no test asked for by kill -9."""
        lines = [line for file in (self.data / "log").glob("*.log") for line in file.read_text(errors="replace").splitlines()]
        return [line for line in lines if "PANIC:" in line or re.search(r"was terminated by signal (?!9:)", line)]

    def superuser(self, database="iasql", **settings):
        return psycopg.connect(
            host=str(self.data / "sockets"),
            port=self.port,
            user="iasql_operator",
            dbname=database,
            autocommit=True,
            **settings,
        )

    @contextlib.contextmanager
    def own_key(self, access_key_id, secret_access_key):
        """Puts the server's own key, with which it assumes roles, into its file, and takes it out again."""
        file = self.data / "keys" / "aws"
        file.write_text(f"[default]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n")
        owner = (self.data / "keys" / "key").stat()
        os.chown(file, owner.st_uid, owner.st_gid)
        file.chmod(0o400)
        yield file
        file.unlink()

    def remove(self):
        try:
            self.iasql("down", "--purge", "--yes")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def server_of_its_own():
    """A server that is removed afterwards; nothing in it may have crashed but what a test killed."""
    server = Server()
    yield server
    crashes = server.crashes()
    server.remove()
    assert crashes == []


class HostedDatabase:
    """A database made by `iasql connect`, connected to the emulator's account."""

    def __init__(self, server, endpoint_url, region=REGION):
        self.server = server
        self.url = server.iasql(
            "connect", "--emulator", "--region", region, AWS_ENDPOINT_URL=endpoint_url
        ).strip()
        self.name = self.url.rpartition("/")[2]
        self._connections = []

    def connect(self, autocommit=True, **settings):
        """A connection as the database's owner. Its notices are collected in `notices`, as texts."""
        connection = psycopg.connect(self.url, autocommit=autocommit, row_factory=psycopg.rows.dict_row, **settings)
        connection.notices = []
        connection.add_notice_handler(
            lambda notice: connection.notices.append(f"{notice.severity_nonlocalized}: {notice.message_primary}")
        )
        self._connections.append(connection)
        return connection

    def superuser(self, **settings):
        return self.server.superuser(self.name, **settings)

    def use_endpoint(self, url):
        """Every connection made from now on calls AWS there: at a Proxy, for example."""
        self.set("iasql.endpoint_url", url)

    def set(self, setting, value):
        with self.superuser() as connection:
            connection.execute(f"ALTER DATABASE \"{self.name}\" SET {setting} = '{value}'")

    def remove(self):
        for connection in self._connections:
            connection.close()
        self.server.iasql("disconnect", self.name, "--yes")


def rows(connection, statement, *parameters):
    """The result of a statement, a dict for each row; nothing of a statement that gives none."""
    cursor = connection.execute(statement, parameters or None)
    return cursor.fetchall() if cursor.description else []


def value(connection, statement, *parameters):
    """The only column of the only row."""
    (row,) = rows(connection, statement, *parameters)
    (result,) = row.values()
    return result


def plan(connection, function="iasql_plan_apply"):
    """(action, table, description) of each row of a plan, an apply or a sync."""
    return [
        (row["action"], row["table_name"], row["description"]) for row in rows(connection, f"SELECT * FROM {function}()")
    ]
