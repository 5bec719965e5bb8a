"""What AWS does by and by: what will have happened when a delay is over, caught up with as each request begins.

There is no clock of its own and no thread: the emulator's state changes only while it answers. The delay counts from when
something began, and it is looked up anew each time, so a test can stop time with a long delay and let it pass with none.
"""

import threading
import time

DEFAULT_DELAY = 0.2

one_at_a_time = threading.RLock()  # requests are answered one after the other: a check and its change are one step
_delay = DEFAULT_DELAY
_begun = []  # (when it began, what will have happened a delay later), oldest first


def delay():
    """Seconds that AWS takes for what it does not do at once."""
    return _delay


def set_delay(seconds):
    global _delay
    _delay = seconds


def later(action):
    """Calls action() when the delay is over."""
    _begun.append((time.monotonic(), action))


def catch_up():
    """Does what is due, what follows from it included."""
    while _begun and _begun[0][0] + _delay <= time.monotonic():
        _, action = _begun.pop(0)
        action()


def pass_once():
    """Does what is under way, whatever the delay; what follows from that is under way then."""
    for _ in range(len(_begun)):
        _, action = _begun.pop(0)
        action()


def forget():
    """Nothing is under way any more: the state it belonged to is gone."""
    _begun.clear()
