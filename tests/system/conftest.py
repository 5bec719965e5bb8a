"""Fixtures of the system tests: a real PostgreSQL, a real emulator, and boto3 to look at AWS with.

Emulator and server live for the whole run. A test that names `database` gets an empty account and a database connected to
it, both its own; `db` is a connection to that database as its owner. `proxy` puts the fault-injecting proxy in between.
"""

import pytest

from proxy import Proxy
from server import Emulator, HostedDatabase, server_of_its_own


@pytest.fixture(scope="session")
def emulator():
    emulator = Emulator()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def server():
    with server_of_its_own() as server:
        yield server


@pytest.fixture
def account(emulator):
    """The emulator with an account in which there is nothing but what AWS makes for every account."""
    emulator.reset()
    return emulator


@pytest.fixture
def database(server, account):
    database = HostedDatabase(server, account.url)
    yield database
    database.remove()


@pytest.fixture
def second_database(server, account):
    """Another database that is connected to the same account."""
    database = HostedDatabase(server, account.url)
    yield database
    database.remove()


@pytest.fixture
def proxy(account, database):
    """A proxy in front of the emulator that `database` goes through."""
    proxy = Proxy(account.url)
    database.use_endpoint(proxy.url)
    yield proxy
    database.use_endpoint(account.url)
    proxy.stop()


@pytest.fixture
def db(database):
    return database.connect()


@pytest.fixture
def ec2(account):
    return account.client("ec2")


@pytest.fixture
def logs(account):
    return account.client("logs")


@pytest.fixture
def ecr(account):
    return account.client("ecr")


@pytest.fixture
def slowly(account):
    """Sets how many seconds AWS takes for what it does by and by; afterwards it is quick again."""
    yield account.set_delay
    account.set_delay(0.2)
