"""`iasql console --database`: beside a cluster that `iasql up` did not make."""

import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile

import psycopg
import pytest

from console import Client, Console
from server import IASQL, REGION, CommandFailed, free_port

PROGRAMS = pathlib.Path(os.environ.get("IASQL_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
PASSWORD = "of-the-boss"


class Cluster:
    """PostgreSQL as one administers it oneself: initdb, a password for the superuser, the extension loaded."""

    def __init__(self, *settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-own-", dir="/tmp"))
        self.data, self.port = self.folder / "data", free_port()
        self.user = "iasql" if os.geteuid() == 0 else None  # PostgreSQL does not run as root
        if self.user:
            shutil.chown(self.folder, self.user)
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o644)
        self.run(PROGRAMS / "initdb", "-D", self.data, "-U", "boss", "-A", "scram-sha-256", "--pwfile", self.folder / "password", "--no-sync")
        with (self.data / "postgresql.conf").open("a") as configuration:
            for line in (f"port = {self.port}", f"unix_socket_directories = '{self.folder}'", "fsync = off", *settings):
                configuration.write(line + "\n")
        self.run(PROGRAMS / "pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log")
        self.url = f"postgres://boss@127.0.0.1:{self.port}/postgres"

    def run(self, *command):
        subprocess.run([str(word) for word in command], check=True, user=self.user, cwd="/", stdout=subprocess.DEVNULL)

    def connect(self, name="postgres"):
        return psycopg.connect(host="127.0.0.1", port=self.port, user="boss", password=PASSWORD, dbname=name, autocommit=True)

    def stop(self):
        self.run(PROGRAMS / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.data)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def program(server, tmp_path_factory):
    """Where the cluster's user can run it."""
    copy = pathlib.Path(tempfile.mkdtemp(prefix="iasql-program-", dir="/tmp")) / "iasql"
    shutil.copy(IASQL, copy)
    copy.parent.chmod(0o755)
    yield copy
    shutil.rmtree(copy.parent)


@pytest.fixture(scope="module")
def cluster(server):
    keys = pathlib.Path(tempfile.mkdtemp(prefix="iasql-keys-", dir="/tmp"))
    cluster = Cluster("shared_preload_libraries = 'iasql'", f"iasql.key_file = '{keys}/key'")
    (keys / "key").write_text(f"iasql-secret-key-1 {secrets.token_hex(32)}\n")
    (keys / "key").chmod(0o400)
    if cluster.user:
        shutil.chown(keys, cluster.user)
        shutil.chown(keys / "key", cluster.user)
    yield cluster
    cluster.stop()
    shutil.rmtree(keys)


@pytest.fixture(scope="module")
def beside(cluster, program, server, aws):
    console = Console(server, aws.url, "--database", cluster.url, program=program, user=cluster.user, PGPASSWORD=PASSWORD)
    yield console
    console.stop()


def test_an_account_is_connected_and_worked_with(beside, cluster, key):
    client = Client(beside)
    assert client.log_in(beside.user, beside.password)[0] == 200
    form = {"access_key_id": key[0], "secret_access_key": key[1], "region": REGION}
    status, login = client.send("POST", "/api/databases", form)
    assert status == 200, login
    assert (login["host"], login["port"]) == ("127.0.0.1", cluster.port)
    with psycopg.connect("postgres://{role}:{password}@{host}:{port}/{database}".format(**login), autocommit=True) as session:
        assert session.execute("SELECT * FROM iasql_install('aws_ecr')").fetchall()
    path = f"/api/databases/{login['database']}"
    assert client.send("GET", f"{path}/modules")[1]["installed"]
    assert client.send("POST", f"{path}/query", {"statement": "SELECT 1"})[1]["rows"] == [["1"]]
    assert client.send("POST", "/api/external-ids", {"role_arn": "arn:aws:iam::123456789012:role/x", "region": REGION})[0] == 502
    assert client.send("DELETE", path)[0] == 200
    assert client.send("GET", "/api/databases")[1] == {"databases": []}


def test_what_it_makes_in_the_cluster(beside, cluster):
    """The list, the console's role; and strangers are kept out of the databases that initdb left open."""
    with cluster.connect() as session:
        assert session.execute("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").fetchall() == [("iasql",), ("postgres",)]
        assert session.execute("SELECT rolname FROM pg_roles WHERE oid >= 16384").fetchall() == [("iasql_console",)]
        assert session.execute("SELECT datname FROM pg_database WHERE has_database_privilege('iasql_console', oid, 'CONNECT')").fetchall() in ([("iasql",)], [("iasql",), ("template0",)], [("template0",), ("iasql",)])


def refused(program, server, cluster, url, **environment):
    with pytest.raises(CommandFailed) as failed:
        Console(server, "", "--database", url, program=program, user=cluster.user, **environment)
    return failed.value.errors


def test_who_is_no_superuser_there(beside, cluster, program, server):
    with cluster.connect() as session:
        session.execute("CREATE ROLE somebody LOGIN PASSWORD 'somebody'")
        session.execute("GRANT CONNECT ON DATABASE postgres TO somebody")
    url = cluster.url.replace("boss", "somebody")
    assert "user somebody of that cluster is no superuser" in refused(program, server, cluster, url, PGPASSWORD="somebody")


def test_who_has_no_password_there(cluster, program, server):
    assert "password" in refused(program, server, cluster, cluster.url, PGPASSWORD="wrong")


def test_a_cluster_that_has_not_loaded_it(program, server):
    bare = Cluster()
    try:
        assert "that server has not loaded iasql" in refused(program, server, bare, bare.url, PGPASSWORD=PASSWORD)
    finally:
        bare.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be refused as root")
def test_not_as_root(cluster, server):
    with pytest.raises(CommandFailed, match="does not run as root"):
        server.iasql("console", "--database", cluster.url, PGPASSWORD=PASSWORD)
