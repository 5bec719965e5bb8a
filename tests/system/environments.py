"""Python environments beside the tests' own: one for each requirements file, made once and kept in build/environments."""

import fcntl
import functools
import os
import pathlib
import subprocess

from server import SOURCE

FOLDER = pathlib.Path(os.environ.get("IASQL_ENVIRONMENTS", SOURCE / "build" / "environments"))
EXAMPLE = SOURCE / "examples" / "django" / "app" / "requirements.txt"
REQUIREMENTS = {
    "django32-psycopg2": SOURCE / "tests" / "system" / "requirements-django32-psycopg2.txt",
    "django52-psycopg2": SOURCE / "tests" / "system" / "requirements-django52-psycopg2.txt",
    "django52-psycopg3": EXAMPLE,
    "awscli": SOURCE / "tests" / "system" / "requirements-awscli.txt",
}


@functools.cache
def environment(name):
    """The folder with the environment's programs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{name}.lock", "w") as lock:  # tests run in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([SOURCE / "tools" / "make_venv", REQUIREMENTS[name], FOLDER / name], check=True)
    return FOLDER / name / "bin"


if __name__ == "__main__":
    for name in REQUIREMENTS:
        print(environment(name))
