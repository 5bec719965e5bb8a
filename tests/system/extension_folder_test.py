"""An extension in a folder of its own (PostgreSQL 18's extension_control_path, as image volumes on Kubernetes use it): the
library takes its service models from there."""

import pathlib
import shutil
import tempfile

import pytest

from server import HostedDatabase, Server, rows, value
from steps import refusal

pytestmark = pytest.mark.every_postgresql


@pytest.fixture
def server():
    server = Server()
    yield server
    server.remove()


def test_service_models_beside_the_control_file(server, account):
    database = HostedDatabase(server, account.url)
    db = database.connect()
    if int(value(db, "SHOW server_version_num")) < 180000:
        pytest.skip("extension_control_path came with PostgreSQL 18")
    rows(db, "SELECT iasql.aws('sqs', 'ListQueues')")
    version = value(db, "SELECT extversion FROM pg_extension WHERE extname = 'iasql'")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-folder-", dir="/tmp"))
    models = folder / "extension" / f"iasql--{version}.models"
    models.parent.mkdir()
    folder.chmod(0o755)
    try:
        with server.superuser() as superuser:
            superuser.execute(f"ALTER SYSTEM SET extension_control_path = '{folder}:$system'")
        for is_there in (False, True):
            if is_there:
                models.write_text("no models")
                models.chmod(0o644)
            server.iasql("down")
            server.start()
            db = database.connect()
            if is_there:
                assert str(models) in refusal(db, "SELECT iasql.aws('sqs', 'ListQueues')").message
            else:
                rows(db, "SELECT iasql.aws('sqs', 'ListQueues')")
    finally:
        shutil.rmtree(folder)
    database.remove()
