#!/usr/bin/env python3
"""Downloads the one file that a pinned requirement names, with pip, and checks its hash.

    fetch_pypi.py tools/botocore.txt wheel build/botocore.whl
    fetch_pypi.py tools/botocore.txt sdist build/botocore.tar.gz --unpack build/botocore 'tests/unit/*'

A file that is there with a pinned hash is left as it is, without a look at the network. Where the packages come from
is for pip's own configuration to say.
"""

import argparse
import fnmatch
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

FORMATS = {
    "wheel": ["--only-binary", ":all:"],
    "sdist": ["--no-binary", ":all:"],
}


def pinned_hashes(requirement):
    hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", requirement.read_text()))
    if not hashes:
        sys.exit(f"{requirement} pins no sha256")
    return hashes


def sha256(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def pip_command(scratch):
    """This interpreter's pip or, as Debian's has none without python3-pip, that of a throw-away environment."""
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True).returncode == 0:
        return own
    environment = scratch / "venv"
    made = subprocess.run([sys.executable, "-m", "venv", str(environment)], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"neither pip nor venv works here; install python3-venv\n{made.stdout}{made.stderr}")
    return [str(environment / "bin" / "python"), "-m", "pip"]


def download(requirement, form, output):
    hashes = pinned_hashes(requirement)
    if output.exists() and sha256(output) in hashes:
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        scratch = pathlib.Path(folder)
        target = scratch / "files"
        command = [*pip_command(scratch), "download", "--quiet", "--no-deps", "--require-hashes", *FORMATS[form]]
        command += ["--dest", str(target), "--requirement", str(requirement)]
        done = subprocess.run(command, capture_output=True, text=True)
        files = list(target.iterdir()) if target.exists() else []
        if done.returncode != 0 or len(files) != 1:
            sys.exit(
                f"{done.stdout}{done.stderr}"
                f"cannot download the {form} that {requirement} pins: is the package index reachable?"
                " (A file put at the following path by other means is used if its hash is the pinned one.)\n"
                f"  {output}"
            )
        if (found := sha256(files[0])) not in hashes:
            sys.exit(f"{files[0].name} has sha256 {found}, which {requirement} does not pin")
        shutil.move(files[0], output)


def unpack(archive, folder, patterns):
    """The members that match a pattern ("*" is any text), without the archive's own top folder; all or nothing."""
    if folder.exists():
        return
    scratch = pathlib.Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                inside = member.name.partition("/")[2]
                wanted = any(fnmatch.fnmatchcase(inside, pattern) for pattern in patterns)
                if wanted and member.isfile() and ".." not in inside:
                    member.name = inside
                    tar.extract(member, scratch)
        scratch.chmod(0o755)  # mkdtemp's folder is its maker's alone
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requirement", type=pathlib.Path, help="file with one requirement and its hashes")
    parser.add_argument("form", choices=FORMATS)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--unpack", nargs="+", metavar=("FOLDER", "PATTERN"), help="unpack what matches PATTERN")
    arguments = parser.parse_args()
    download(arguments.requirement, arguments.form, arguments.output)
    if arguments.unpack:
        unpack(arguments.output, pathlib.Path(arguments.unpack[0]), arguments.unpack[1:] or ["*"])


if __name__ == "__main__":
    main()
