"""A hosted database calls AWS with its connected account's key alone: nothing that the server's process could find beside it
(variables, files, programs, metadata services) is used, whether an account is connected or not."""

import pathlib
import socket

import psycopg
import pytest

from proxy import FOREVER, Proxy
from server import HostedDatabase, Server, rows

NAMED_BY_THE_SERVER = "AKIASERVERSOWN000000"


@pytest.fixture(scope="module")
def tempting(tmp_path_factory):
    """A server in whose environment and home are credentials of every kind. `touched` tells of programs that were started,
    `metadata` is where its metadata services would be asked."""
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents):
        if str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)  # as root, PostgreSQL runs as another user
    touched = home / "touched"
    keys = f"aws_access_key_id = {NAMED_BY_THE_SERVER}\naws_secret_access_key = of-the-server\n"
    (home / ".aws").mkdir()
    (home / ".aws" / "credentials").write_text(f"[default]\n{keys}")
    (home / ".aws" / "config").write_text(f"[default]\nregion = eu-west-1\ncredential_process = touch {touched}\n{keys}")
    (home / "token").write_text("web-identity-token")
    metadata = socket.create_server(("127.0.0.1", 0))
    metadata.setblocking(False)
    address = f"http://127.0.0.1:{metadata.getsockname()[1]}"
    variables = {
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": NAMED_BY_THE_SERVER,
        "AWS_SECRET_ACCESS_KEY": "of-the-server",
        "AWS_SESSION_TOKEN": "of-the-server",
        "AWS_PROFILE": "default",
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(home / "token"),
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/server",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": address,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": address,
        "AWS_ENDPOINT_URL": address,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        server = Server()
    server.touched, server.metadata = touched, metadata
    environment = pathlib.Path(f"/proc/{server.pid}/environ").read_bytes().split(b"\0")
    for name, value in variables.items():
        assert f"{name}={value}".encode() in environment  # or the tests below would prove nothing
    yield server
    server.remove()
    metadata.close()


@pytest.fixture
def tempted(tempting):
    yield tempting
    assert not tempting.touched.exists()
    with pytest.raises(BlockingIOError):  # nobody has called
        tempting.metadata.accept()


def test_without_a_connected_account_there_are_no_credentials(tempted):
    with tempted.superuser("postgres") as superuser:
        superuser.execute("CREATE DATABASE alone")
    with tempted.superuser("alone") as superuser:
        superuser.execute("CREATE EXTENSION iasql")
        superuser.execute("SELECT iasql.repair()")
        with pytest.raises(psycopg.Error, match="no AWS account is connected") as caught:
            superuser.execute("SELECT * FROM iasql_install('aws_cloudwatch')")
        assert caught.value.sqlstate == "IQ006"
    with tempted.superuser("postgres") as superuser:
        superuser.execute("DROP DATABASE alone")


def test_the_connected_key_signs_every_call(tempted, emulator):
    emulator.reset()
    proxy = Proxy(emulator.url)
    database = HostedDatabase(tempted, proxy.url)
    try:
        signed = []

        def look(exchange):
            headers = {name.lower(): value for name, value in exchange.headers.items()}
            signed.append((headers["authorization"], headers.get("x-amz-security-token")))
            exchange.send(exchange.forward())

        proxy.on("DescribeLogGroups", look, times=FOREVER)
        with database.superuser() as superuser:
            (connected,) = superuser.execute("SELECT access_key_id FROM iasql.connection").fetchone()
        rows(database.connect(), "SELECT * FROM iasql_install('aws_cloudwatch')")
        assert signed
        for authorization, token in signed:
            assert f"Credential={connected}/" in authorization and token is None
        assert connected != NAMED_BY_THE_SERVER
    finally:
        database.remove()
        proxy.stop()


def test_a_forgotten_key_is_not_replaced_by_another(tempted, emulator):
    database = HostedDatabase(tempted, emulator.url)
    try:
        with database.superuser() as superuser:
            superuser.execute("SELECT iasql.disconnect()")
        with pytest.raises(psycopg.Error, match="no AWS account is connected"):
            rows(database.connect(), "SELECT * FROM iasql_install('aws_cloudwatch')")
    finally:
        database.remove()


def test_the_library_does_not_have_the_other_sources(tempted):
    """Not even unused: what is not there cannot be reached by a mistake."""
    with tempted.superuser() as superuser:
        superuser.execute("SELECT 1")
        backend = superuser.info.backend_pid
        superuser.execute("LOAD 'iasql'")
        maps = pathlib.Path(f"/proc/{backend}/maps").read_text()
    (library,) = {line.split(maxsplit=5)[5] for line in maps.splitlines() if line.endswith("/iasql.so")}
    code = pathlib.Path(library).read_bytes()
    for trace in (
        b"AWS_WEB_IDENTITY_TOKEN_FILE",
        b"AWS_CONTAINER_CREDENTIALS_FULL_URI",
        b"AWS_EC2_METADATA_DISABLED",
        b"AWS_SHARED_CREDENTIALS_FILE",
        b"AWS_SECRET_ACCESS_KEY",
        b"credential_process",
        b"/.aws/",
        b"iasql9discovery",
    ):
        assert trace not in code, trace
    assert b"AssumeRole" in code  # the search finds what is there
