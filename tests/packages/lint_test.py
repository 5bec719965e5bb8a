"""What Debian's and others' checkers say of packages, units and recipe."""

import json
import os
import re
import subprocess

import pytest

from machine import BUILD, LINTERS, SOURCE, run

UNITS = SOURCE / "packaging" / "systemd"
# Exposure that `systemd-analyze security` finds, from 0 to 10.
EXPOSURE = {"iasql.service": 1.3, "iasql-console.service": 2.4}


def test_lintian(packages):
    assert run("lintian", "--allow-root", "--fail-on", "error,warning", *map(str, packages.all)) == ""


def test_no_program_knows_where_it_was_built(packages):
    """There somebody else may put what it looks for."""
    for package in packages.all:
        content = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True).stdout
        assert b"iasql" in content
        assert os.fsencode(BUILD) not in content


def test_the_recipe(packages):
    assert json.loads(run(str(LINTERS / "hadolint"), "--format", "json", str(packages.recipe / "Containerfile"))) == []


@pytest.mark.parametrize("script", ["container/start", "debian/postinst", "debian/prerm", "debian/postrm"])
def test_scripts(script):
    run(str(LINTERS / "shellcheck"), str(SOURCE / "packaging" / script))


@pytest.mark.parametrize("unit", EXPOSURE)
def test_the_units_are_hardened(unit):
    summary = run("systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNITS / unit)).splitlines()[-1]
    exposure = float(re.search(r"exposure level for \S+: ([0-9.]+)", summary)[1])
    print(f"{unit}: {exposure}")
    assert exposure <= EXPOSURE[unit]
