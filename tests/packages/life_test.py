"""One life of the packages on this machine, in order: nothing there, installed, used as docs/packages.md says, upgraded,
removed, purged; and in the end installed once more, for whatever is tested after them."""

import pathlib
import re
import shutil
import tempfile

import pytest

from conftest import field
from machine import SOURCE, as_root, files, installed, run, shell
from server import free_port

CLUSTER = "iasql_test"
KEYS = pathlib.Path("/var/lib/postgresql/iasql")  # where the documentation puts the key


@pytest.fixture(scope="module")
def names(packages):
    return [field(package, "Package") for package in packages.all]


@pytest.fixture(scope="module")
def version(packages):
    return re.search(r"postgresql-(\d+)", packages.extension.name)[1]


@pytest.fixture(scope="module")
def before(names):
    """What is on the machine without the packages."""
    purge(names)
    return files()


@pytest.fixture(scope="module")
def documented():
    """The lines of docs/packages.md for a PostgreSQL of one's own: preparing it, connecting, working."""
    prepare, connect, work = re.findall(r"```sh\n(.*?)```", (SOURCE / "docs" / "packages.md").read_text(), re.DOTALL)
    return {"prepare": prepare, "connect": connect, "work": work}


@pytest.fixture(scope="module")
def cluster(version, before):
    """A cluster as Debian makes them, in which nothing knows of the extension."""
    def drop():
        as_root("pg_dropcluster", "--stop", version, CLUSTER)
        # pg_dropcluster leaves configuration that is not its own.
        as_root("rm", "-rf", str(KEYS), f"/etc/postgresql/{version}/{CLUSTER}")

    if CLUSTER in run("pg_lsclusters", "--no-header").split():
        drop()  # a former run was killed
    assert not KEYS.exists(), f"{KEYS} is somebody's own"
    port = free_port()
    as_root("pg_createcluster", version, CLUSTER, "--port", str(port), "--locale", "C.UTF-8", "--start")
    yield f"cluster={CLUSTER} port={port}\n"
    drop()


def install(packages):
    as_root("apt-get", "install", "--yes", "--no-install-recommends", "--allow-downgrades", *map(str, packages))


def purge(names):
    if present := [name for name in names if installed(name)]:
        as_root("dpkg", "--purge", *present)


def test_installing(packages, names, before):
    install(packages.all)
    assert [installed(name) for name in names] == [field(package, "Version") for package in packages.all]
    run("systemd-analyze", "verify", "--man=no", "iasql.service", "iasql-console.service")
    assert not list(pathlib.Path("/etc/systemd/system").rglob("iasql*")), "a unit is enabled by itself"


def test_the_programs_that_are_installed(version):
    assert run("/usr/bin/iasql", "version").endswith(f"for PostgreSQL {version}\n")
    assert "Serve the console" in run("/usr/bin/iasql", "console", "--help")


def test_a_postgresql_of_ones_own(cluster, documented, emulator):
    """Word for word, but for the cluster, the password, which is asked for, and the secret, which is too."""
    def here(lines):
        return cluster + re.sub(r"^cluster=.*\n", "", lines, flags=re.MULTILINE)

    shell(here(documented["prepare"]))
    connect, replaced = re.subn("--pwprompt alice", "alice", documented["connect"])
    assert replaced == 1
    connect, replaced = re.subn("^sudo -u postgres iasql", "echo secret | \\g<0>", connect, flags=re.MULTILINE)
    assert replaced == 1
    shell(here(connect), AWS_ENDPOINT_URL=emulator.url)
    shell(here("sudo -u postgres psql --port $port --command \"ALTER ROLE alice PASSWORD 'alice'\""))
    shell(here(documented["work"]), PGPASSWORD="alice")
    [made] = emulator.client("ecr").describe_repositories()["repositories"]
    assert made["repositoryName"] == "app"


def test_a_private_server():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-"))
    folder.chmod(0o755)
    data = str(folder / "data")
    try:
        run("/usr/bin/iasql", "up", "--detach", "--no-emulator", "--data", data)
        assert "running" in run("/usr/bin/iasql", "status", "--data", data)
        run("/usr/bin/iasql", "down", "--purge", "--yes", "--data", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_upgrading(packages, names, cluster):
    install(packages.newer)
    assert all(installed(name).endswith("-99") for name in names)
    work = """sudo pg_ctlcluster "$(pg_config --version | grep -o '[0-9]*' | head -1)" $cluster restart
psql "host=127.0.0.1 port=$port dbname=cloud user=alice" --no-align --tuples-only <<'SQL'
SELECT count(*) FROM iasql_plan_apply();
SELECT repository_name FROM repository;
SQL"""
    assert shell(cluster + work, PGPASSWORD="alice").split() == ["0", "app"]


def test_removing(names, version):
    as_root("apt-get", "remove", "--yes", *names)
    assert not pathlib.Path("/usr/bin/iasql").exists()
    assert not pathlib.Path(f"/usr/lib/postgresql/{version}/lib/iasql.so").exists()


def test_purging(names, cluster, before):
    """Nothing stays, except for what belongs to the operator: databases and keys."""
    somebodys = pathlib.Path("/var/lib/iasql")
    mine = not somebodys.exists()
    as_root("mkdir", "-p", str(somebodys))
    purge(names)
    assert somebodys.exists()
    assert KEYS.exists()
    if mine:
        as_root("rmdir", str(somebodys))
    clusters = {path for path in files() if CLUSTER in path}
    left = files() - before - clusters
    assert {path for path in left if not any(file.startswith(path + "/") for file in clusters)} == set()
    assert [installed(name) for name in names] == [None, None]


def test_installing_again(packages, names):
    install(packages.all)
    assert [installed(name) for name in names] == [field(package, "Version") for package in packages.all]
