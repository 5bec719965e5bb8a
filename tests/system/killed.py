"""The command line, killed at a chosen moment: before or just after each statement that it sends to PostgreSQL, and before
or after each file that it puts in its place."""

import atexit
import functools
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from server import IASQL

# Loaded into the program: counts what it does and kills it at the number that it was told, after the server or the file
# system has got what was asked for ("sent": the answer never arrives) or before that.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int moment(void) {
  static int so_far;
  const char *at = getenv("KILL_AT");
  return at && ++so_far == atoi(at);
}
static int is_sent(void) { return strcmp(getenv("KILL_WHEN"), "sent") == 0; }
static void die(void) { kill(getpid(), SIGKILL); }

PGresult *PQexecParams(PGconn *connection, const char *statement, int count, const Oid *types, const char *const *values,
                       const int *lengths, const int *formats, int format) {
  PGresult *(*real)(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int) =
      dlsym(RTLD_NEXT, "PQexecParams");
  if (moment()) {
    if (is_sent()) {
      PQsendQueryParams(connection, statement, count, types, values, lengths, formats, format);
      PQflush(connection);
    }
    die();
  }
  return real(connection, statement, count, types, values, lengths, formats, format);
}

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  if (moment()) {
    if (is_sent()) real(from, to);
    die();
  }
  return real(from, to);
}
"""


@functools.cache
def shim():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="iasql-killed-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "killed.c").write_text(SHIM)
    include = subprocess.run(["pg_config", "--includedir"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(
        ["cc", "-shared", "-fPIC", f"-I{include}", "-o", folder / "killed.so", folder / "killed.c", "-lpq", "-ldl"],
        check=True,
    )
    return folder / "killed.so"


def killed_at(server, step, when, *arguments, **environment):
    """Runs the command until its `step`th statement (from 1) and kills it there, "before" it is sent or when it is "sent".
    Gives what it wrote to standard output, and whether it was killed: not where it has fewer statements."""
    finished = subprocess.run(
        [IASQL, *map(str, arguments)],
        input="",
        capture_output=True,
        text=True,
        timeout=180,
        env={
            **os.environ,
            "IASQL_DATA": str(server.data),
            "LD_PRELOAD": str(shim()),
            "KILL_AT": str(step),
            "KILL_WHEN": when,
            **environment,
        },
    )
    assert finished.returncode in (0, -signal.SIGKILL), finished.stderr
    return finished.stdout, finished.returncode == -signal.SIGKILL


def at_every_step(server, when, command, **environment):
    """Kills the command that command() gives at its first step, at its second, … until it comes to its end; gives the step,
    what it wrote, and whether it was killed, each time."""
    for step in range(1, 200):
        output, was_killed = killed_at(server, step, when, *command(), **environment)
        yield step, output, was_killed
        if not was_killed:
            return
    raise AssertionError("the command has no end")
