"""`iasql up` that fails half way."""

import pathlib
import shutil
import socket
import tempfile

import pytest

from server import CommandFailed, Server, free_port


def test_nothing_is_left_running():
    server = Server.__new__(Server)
    server.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-test-", dir="/tmp"))
    server.folder.chmod(0o755)
    server.data = server.folder / "data"
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(CommandFailed, match="is taken"):
                server.iasql("up", "-d", "--port", free_port(), "--emulator-port", taken.getsockname()[1])
        assert not (server.data / "cluster" / "postmaster.pid").exists()
        server.start(free_port())
    finally:
        server.remove()
