"""tests/sql: each file by itself, compared with its reviewed output."""

import subprocess

import pytest

from server import IASQL, REGION, SOURCE

FOLDER = SOURCE / "tests" / "sql"
FILES = sorted([*FOLDER.glob("database/*.sql"), *FOLDER.glob("account/*.sql")])


@pytest.fixture(scope="module")
def connect(server, emulator, tmp_path_factory):
    """A command that connects the database of the given name to the emulator's account."""
    script = tmp_path_factory.mktemp("sql") / "connect"
    script.write_text(
        "#!/bin/sh\n"
        f"echo secret | AWS_ENDPOINT_URL={emulator.url} exec '{IASQL}' connect --emulator"
        f" --access-key-id AKIAIOSFODNN7EXAMPLE --region {REGION} --data '{server.data}' --database \"$1\"\n"
    )
    script.chmod(0o755)
    return script


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}-{file.stem}" for file in FILES])
def test_file(server, account, connect, file):
    connection = f"host={server.data}/sockets port={server.port} user=iasql_operator dbname=postgres"
    finished = subprocess.run(
        ["sh", FOLDER / "run.sh", connection, connect, file.stem], capture_output=True, text=True
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
