"""A physical copy of a server made by `iasql up`: pg_basebackup from its private socket, with a folder and a port of its own.
It follows the original as a hot standby until it is promoted."""

import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

import psycopg
import psycopg.rows

from server import free_port, wait_until

PROGRAMS = pathlib.Path(os.environ.get("IASQL_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))


class Standby:
    def __init__(self, original):
        self.original = original
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-copy-", dir="/tmp"))
        self.cluster, self.port = self.folder / "cluster", free_port()
        facts = (original.data / "cluster").stat()
        self._user = {"user": facts.st_uid, "group": facts.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        os.chown(self.folder, facts.st_uid, facts.st_gid)
        self.run(
            "pg_basebackup", "-h", original.data / "sockets", "-p", original.port, "-U", "iasql_operator",
            "-D", self.cluster, "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
        )  # fmt: skip
        # What names places of the original; iasql.key_file stays: on another machine the operator brings the key.
        with open(self.cluster / "postgresql.auto.conf", "a") as settings:
            settings.write(f"unix_socket_directories = '\"{self.folder}\"'\nlog_directory = '{self.folder}'\n")
        self.start()

    def start(self):
        self.run("pg_ctl", "start", "-D", self.cluster, "-o", f"-p {self.port}", "-w", "-s", "-l", self.folder / "start.log")

    def run(self, program, *arguments):
        """As the server's operating-system user."""
        finished = subprocess.run(
            [PROGRAMS / program, *map(str, arguments)], cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "errors", "w+"), **self._user,
        )  # fmt: skip
        assert finished.returncode == 0, (self.folder / "errors").read_text()

    def superuser(self, database="iasql"):
        return psycopg.connect(
            host=str(self.folder), port=self.port, user="iasql_operator", dbname=database, autocommit=True
        )

    def connect(self, database):
        """As the owner of a database of the original's: its connection string with another port."""
        connection = psycopg.connect(
            psycopg.conninfo.make_conninfo(database.url, port=self.port), autocommit=True, row_factory=psycopg.rows.dict_row
        )
        connection.notices = []
        connection.add_notice_handler(
            lambda notice: connection.notices.append(f"{notice.severity_nonlocalized}: {notice.message_primary}")
        )
        return connection

    def catch_up(self):
        """Waits until it has replayed all that the original has written so far."""
        with self.original.superuser() as original:
            (written,) = original.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        with self.superuser() as connection:
            behind = functools.partial(connection.execute, "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [written])
            wait_until(lambda: behind().fetchone()[0], "the standby's catching up")

    def set_key_file(self, path):
        """For sessions that begin from now on, and those that wait for their next statement."""
        with self.superuser() as connection:
            connection.execute(f"ALTER SYSTEM SET iasql.key_file = '{path}'")
            connection.execute("SELECT pg_reload_conf()")
            shown = functools.partial(connection.execute, "SHOW iasql.key_file")
            wait_until(lambda: shown().fetchone() == (str(path),), "the reloaded setting")

    def promote(self):
        self.run("pg_ctl", "promote", "-D", self.cluster, "-w", "-s")

    def stop(self):
        self.run("pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", "-s")

    def remove(self):
        if (self.cluster / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-D", self.cluster, "-m", "immediate", "-w", "-s")
        shutil.rmtree(self.folder, ignore_errors=True)
