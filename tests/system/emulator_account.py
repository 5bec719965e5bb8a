"""An account on the emulator in which time stands still until a test lets it pass.

Whatever AWS does by and by (a load balancer that becomes active, tasks that start) then happens when the test says so, and
the state in between can be looked at without a race.
"""

import urllib.request

import botocore.exceptions
import pytest

STANDSTILL = 86400  # seconds of delay: longer than any test


class StillAccount:
    def __init__(self, emulator):
        self._emulator = emulator
        self.client = emulator.client

    def _post(self, path, data=b""):
        urllib.request.urlopen(urllib.request.Request(f"{self._emulator.url}{path}", data=data, method="POST")).close()

    def set_delay(self, seconds):
        self._post("/emulator/delay", str(seconds).encode())

    def let_one_delay_pass(self):
        """What is under way is over afterwards; what follows from it is under way."""
        self._post("/emulator/delay/pass")

    def let_time_pass(self):
        """Nothing is under way afterwards."""
        self.set_delay(0)
        self.client("sts").get_caller_identity()  # the emulator catches up as a request begins
        self.set_delay(STANDSTILL)


def refused(code, call, **parameters):
    """Calls the operation and gives the message of the error with that code; fails without one."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return error["Message"]


@pytest.fixture
def account(emulator):
    """Instead of the account of conftest.py: empty, and with time at a standstill."""
    emulator.reset()
    account = StillAccount(emulator)
    account.set_delay(STANDSTILL)
    yield account
    account.set_delay(0.2)
    emulator.reset()
