"""`iasql up` that fails half way."""

import contextlib
import os
import pathlib
import shutil
import socket
import tempfile

import pytest

from server import CommandFailed, Server, free_port


def never_started(mode):
    """A server's folders, before its first `iasql up`."""
    server = Server.__new__(Server)
    server.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-test-", dir="/tmp"))
    server.folder.chmod(mode)
    server.data = server.folder / "data"
    return server


def test_nothing_is_left_running():
    server = never_started(0o755)
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


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL is another user only where the operator is root")
def test_a_folder_that_postgresql_cannot_reach_is_said_and_gets_no_key():
    server = never_started(0o700)
    try:
        with pytest.raises(CommandFailed) as failed:
            server.iasql("up", "-d", "--port", free_port())
        assert "cannot reach" in failed.value.errors and "--data" in failed.value.errors
        assert not (server.data / "keys").exists() and not (server.data / "cluster").exists()
    finally:
        server.remove()


def test_a_key_without_a_cluster_is_removed_too():
    server = never_started(0o755)
    try:
        (server.data / "keys").mkdir(parents=True)
        (server.data / "keys" / "key").write_text("left by an up that was killed")
        server.iasql("down", "--purge", "--yes")
        assert not server.data.exists()
    finally:
        server.remove()


def test_a_folder_of_somebody_elses_is_left_as_it_is():
    """Which has a log and keys of its own, as a project may, or /var."""
    server = never_started(0o755)
    try:
        for part in ("log", "keys", "source"):
            (server.data / part).mkdir(parents=True)
            (server.data / part / "precious").write_text("somebody's")
        server.data.chmod(0o700)
        with pytest.raises(CommandFailed, match="there is already .*/log"):
            server.iasql("up", "-d", "--port", free_port())
        server.iasql("down", "--purge", "--yes")
        shutil.rmtree(server.data / "log")
        with contextlib.suppress(CommandFailed):  # as root, PostgreSQL cannot get there
            server.iasql("up", "-d", "--port", free_port(), "--no-emulator", "--no-console")
        assert server.data.stat().st_mode & 0o777 == 0o700
        assert (server.data / "source" / "precious").exists() and (server.data / "keys" / "precious").exists()
    finally:
        server.remove()


def test_a_log_that_is_a_link_is_not_written_through():
    """Into the log folder the server's user may put one to a file of root's."""
    server = never_started(0o755)
    try:
        server.start(free_port())
        server.iasql("down")
        (server.data / "log" / "console.log").symlink_to(server.folder / "another file")
        with pytest.raises(CommandFailed, match="cannot write .*/console.log"):
            server.iasql("up", "-d", "--no-emulator")
        assert not (server.folder / "another file").exists()
    finally:
        server.remove()
