"""The packages under test."""

import subprocess

import pytest

from machine import BUILD, run
from server import Emulator


class Packages:
    """Files of both packages, the extension's first, and of the same ones built again as a newer revision."""

    def __init__(self, folder, newer):
        self.extension, self.iasql = self.all = self._in(folder)
        self.newer = self._in(newer)
        self.recipe = folder

    @staticmethod
    def _in(folder):
        [extension] = folder.glob("postgresql-*-iasql_*.deb")
        [iasql] = folder.glob("iasql_*.deb")
        return extension, iasql


def pack(folder, *options):
    for former in folder.glob("*.deb"):
        former.unlink()
    subprocess.run(["cpack", "-G", "DEB", "-B", folder, *options], cwd=BUILD, check=True)
    return folder


@pytest.fixture(scope="session")
def packages():
    folder = pack(BUILD / "packages")
    newer = "-D", "CPACK_DEBIAN_PACKAGE_RELEASE=99", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"  # xz takes its time
    return Packages(folder, pack(BUILD / "packages-newer", *newer))


@pytest.fixture(scope="session")
def emulator():
    emulator = Emulator()
    yield emulator
    emulator.stop()


def field(package, name):
    return run("dpkg-deb", "--field", str(package), name).strip()
