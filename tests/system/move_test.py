"""A database moved to another server as docs/operating.md says: by a dump, which acts on nothing before iasql_sync(), and with
the whole folder; and the update of the extension in a database with a journal that is not folded yet."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import psycopg
import pytest

from kill_test import VPC, count_vpcs, repositories
from server import IASQL, SOURCE, HostedDatabase, Server, plan, rows, server_of_its_own, value
from standby import PROGRAMS
from steps import apply, assert_settled, install, refusal, sync

OPERATING = (SOURCE / "docs" / "operating.md").read_text()


@pytest.fixture(scope="module")
def new_server():
    with server_of_its_own() as server:
        yield server


def commands_of(marker):
    """The commands of the example in docs/operating.md that follows the marker."""
    return re.search(rf"<!-- {marker} -->\n\n```sh\n(.*?)```", OPERATING, re.DOTALL)[1]


def run(commands, folder, iasql, **variables):
    """The commands, as they are in the documentation, with this function for `iasql`; there is nothing to complain of."""
    finished = subprocess.run(
        ["bash", "-euc", f"{iasql}\n{commands}"], cwd=folder, capture_output=True, text=True, timeout=120,
        env={**os.environ, **{name: str(value) for name, value in variables.items()}, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "error" not in finished.stderr.lower(), finished.stderr


def names(account):
    return sorted(one["repositoryName"] for one in repositories(account))


def use(db):
    """Objects with a name and without one, a column and a table of the user's own, and a change that is not applied."""
    install(db, "aws_ecr", "aws_vpc")
    db.execute("INSERT INTO repository (repository_name) VALUES ('applied')")
    db.execute(VPC)
    apply(db)
    db.execute("ALTER TABLE repository ADD COLUMN team text")
    db.execute("UPDATE repository SET team = 'web'")
    db.execute("CREATE TABLE app (name text, repository_id integer REFERENCES repository (id))")
    db.execute("INSERT INTO app SELECT 'front', id FROM repository")


@pytest.mark.every_postgresql
def test_a_dump_moved_to_another_server(server, account, new_server, tmp_path):
    former = HostedDatabase(server, account.url)
    use(former.connect())
    for connection in former._connections:
        connection.close()
    new = HostedDatabase(new_server, account.url)
    run(
        commands_of("test: move with a dump"), tmp_path, "iasql() { command \"$IASQL\" \"$@\"; }",
        IASQL=IASQL, IASQL_DATA=server.data, NAME=former.name, NEW=new.url,
    )  # fmt: skip
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        former.connect()  # its string has been replaced: nobody acts there any more
    db = new.connect()
    assert value(db, "SELECT count(*) FROM repository") == 1
    before = names(account)
    for statement in ("SELECT 1", "DELETE FROM vpc WHERE NOT is_default"):
        db.execute("BEGIN")
        db.execute(statement)
        refused = refusal(db, "SELECT * FROM iasql_apply()")
        assert refused.sqlstate == "IQ007" and "iasql_sync" in refused.hint
        db.execute("ROLLBACK")
    assert names(account) == before and count_vpcs(account) == 1
    sync(db)
    assert_settled(db)
    assert rows(db, "SELECT app.name, team, repository_name FROM app JOIN repository ON repository_id = repository.id") == [
        {"name": "front", "team": "web", "repository_name": "applied"}
    ]
    db.execute("INSERT INTO repository (repository_name, team) VALUES ('moved', 'web')")
    assert apply(db) == [("create", "repository", "moved")]
    assert names(account) == ["applied", "moved"] and count_vpcs(account) == 1
    former.remove()
    new.remove()


def test_a_key_does_not_open_elsewhere(server, account, database, new_server):
    """It is bound to cluster and database: the sealed key of another database, brought along by hand, is of no use."""
    db = database.connect()
    install(db, "aws_ecr")
    new = HostedDatabase(new_server, account.url)
    with database.superuser() as superuser:
        (sealed,) = superuser.execute("SELECT sealed FROM iasql.connection").fetchone()
    with new.superuser() as superuser:
        superuser.execute("UPDATE iasql.connection SET sealed = %s", [sealed])
    assert refusal(new.connect(), "SELECT * FROM iasql_install('aws_ecr')").sqlstate == "IQ006"
    new.remove()


@pytest.mark.every_postgresql
def test_the_whole_folder_moved(account):
    """With another path, even: journal and keys come along, and nothing has to be connected or confirmed anew."""
    server = Server()
    moved = pathlib.Path(tempfile.mkdtemp(prefix="iasql-moved-", dir="/tmp"))
    try:
        database = HostedDatabase(server, account.url)
        use(database.connect())
        database.connect().execute("INSERT INTO repository (repository_name) VALUES ('pending')")
        for connection in database._connections:
            connection.close()
        moved.chmod(0o755)
        run(
            commands_of("test: move the folder"), moved,
            "iasql() { if [ $1 = up ]; then set -- \"$@\" --no-emulator --no-console; fi; command \"$IASQL\" \"$@\"; }",
            IASQL=IASQL, FROM=server.data, TO=moved / "data",
        )  # fmt: skip
        db = database.connect()
        assert plan(db) == [("create", "repository", "pending")]
        assert apply(db) == [("create", "repository", "pending")]
        assert_settled(db)
        assert names(account) == ["applied", "pending"] and count_vpcs(account) == 1
        for connection in database._connections:
            connection.close()
        server.iasql("down", "--data", f"{moved}/data")
    finally:
        shutil.rmtree(moved, ignore_errors=True)
        server.start()
        server.remove()
