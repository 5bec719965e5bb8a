"""ALTER EXTENSION iasql UPDATE, to a version that is made up here, in a copy of PostgreSQL's own folders: registry and journal
stay, what is not folded yet is folded afterwards, and no change is made in the transaction of the update itself.

On PostgreSQL 15 alone: what is updated is SQL, the same everywhere, and a copy of Debian's folders can be moved."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from kill_test import VPC, count_vpcs, repositories
from server import HostedDatabase, plan, rows, server_of_its_own, value
from standby import PROGRAMS
from steps import apply, assert_settled, install, refusal

UPDATE = r"""
\echo Use "ALTER EXTENSION iasql UPDATE" to load this file. \quit
ALTER TABLE iasql.intent ADD COLUMN made_up text NOT NULL DEFAULT '';
CREATE FUNCTION iasql.made_up() RETURNS text LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$SELECT 'made up'$$;
REVOKE ALL ON FUNCTION iasql.made_up() FROM PUBLIC;
"""


def installed(what):
    return pathlib.Path(subprocess.run([PROGRAMS / "pg_config", what], capture_output=True, text=True, check=True).stdout.strip())


@pytest.fixture
def programs():
    """The folder of a PostgreSQL's programs that may be changed, with its libraries and its extensions."""
    copy = pathlib.Path(tempfile.mkdtemp(prefix="iasql-postgresql-", dir="/tmp"))
    share, binaries = installed("--sharedir"), PROGRAMS.parent
    root = pathlib.Path(os.path.commonpath([share, binaries]))
    for folder in (share, binaries):
        shutil.copytree(folder, copy / folder.relative_to(root), ignore_dangling_symlinks=True)
    copy.chmod(0o755)
    yield copy / PROGRAMS.relative_to(root), copy / share.relative_to(root) / "extension"
    shutil.rmtree(copy)


@pytest.fixture
def server(programs, monkeypatch):
    monkeypatch.setenv("IASQL_POSTGRES_BIN", str(programs[0]))
    with server_of_its_own() as server:
        yield server


def test_an_update_with_a_journal_that_is_not_folded(server, programs, account):
    database = HostedDatabase(server, account.url)
    db = database.connect()
    install(db, "aws_ecr", "aws_vpc")
    db.execute("INSERT INTO repository (repository_name) VALUES ('subject')")
    db.execute(VPC)
    db.execute("BEGIN")
    assert len(apply(db)) == 2
    db.execute("ROLLBACK")
    before = value(db, "SELECT extversion FROM pg_extension WHERE extname = 'iasql'")
    (programs[1] / f"iasql--{before}--{before}.made-up.sql").write_text(UPDATE)
    (programs[1] / f"iasql--{before}--{before}.made-up.sql").chmod(0o644)

    with database.superuser() as superuser:
        superuser.execute("BEGIN")
        superuser.execute(f"ALTER EXTENSION iasql UPDATE TO '{before}.made-up'")
        with pytest.raises(Exception) as refused:
            superuser.execute("SELECT * FROM iasql.iasql_apply()")
        assert refused.value.sqlstate == "IQ020" and "altered in this very transaction" in str(refused.value)
        superuser.execute("ROLLBACK")
        superuser.execute(f"ALTER EXTENSION iasql UPDATE TO '{before}.made-up'")
        superuser.execute("SELECT iasql.repair()")
        assert superuser.execute("SELECT iasql.made_up()").fetchone() == ("made up",)

    for connection in (db, database.connect()):  # one that was there before, and a new one
        assert plan(connection) == []
    assert len(rows(db, "SELECT * FROM iasql.history")) == 2
    apply(db)
    assert_settled(db)
    assert [one["repositoryName"] for one in repositories(account)] == ["subject"] and count_vpcs(account) == 1
    rows(db, "UPDATE repository SET scan_on_push = true")
    assert apply(db) == [("update", "repository", "subject")]
    database.remove()
