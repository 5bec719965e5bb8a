"""The machine that the packages are installed on: this very one. Its programs, root's rights, and what is on its disks."""

import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("IASQL_BUILD", SOURCE / "build"))
LINTERS = pathlib.Path(os.environ.get("IASQL_LINTERS", BUILD / "linters")) / "bin"
IS_ROOT = os.geteuid() == 0
# What no package operation has to leave as it was: caches, logs, and the records of the package manager itself.
CHANGING = ("/var/lib/apt", "/var/lib/dpkg", "/var/lib/systemd", "/var/lib/postgresql", "/var/lib/man-db")


def run(*command, **options):
    """The command's standard output; fails with all it wrote unless it succeeds."""
    finished = subprocess.run(command, capture_output=True, text=True, cwd="/", **options)
    assert finished.returncode == 0, f"{command}: {finished.returncode}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


def as_root(*command):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return run(*([] if IS_ROOT else ["sudo", "--preserve-env=DEBIAN_FRONTEND"]), *command, env=environment)


def shell(script, **variables):
    """Runs lines of the documentation, with `sudo` in them, also where root has none."""
    sudo = (
        'sudo() { if [ "$1" = -u ]; then runuser -u "$2" -- "${@:3}"; else "$@"; fi; }'
        if IS_ROOT
        else 'sudo() { command sudo --preserve-env=AWS_ENDPOINT_URL "$@"; }'
    )
    return run("bash", "-euo", "pipefail", "-c", f"{sudo}\n{script}", env={**os.environ, **variables})


def installed(package):
    """Its version, or nothing where it is not there, not even its configuration."""
    query = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}", package], capture_output=True, text=True
    )
    status, _, version = query.stdout.partition(" ")
    return None if query.returncode or status == "not-installed" else version if status == "installed" else status


def files():
    """Every path on the machine's disk that packages could have to do with."""
    listed = as_root("find", "/etc", "/usr", "/lib", "/var/lib", "-xdev", "-not", "-name", "*.pyc", "-not", "-name", "__pycache__")
    return {path for path in listed.splitlines() if not path.startswith(CHANGING)}
