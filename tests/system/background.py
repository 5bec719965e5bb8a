"""Statements that run while the test does something else."""

import concurrent.futures

from server import PATIENCE, rows


class Background:
    """A statement under way on a connection that nothing else uses meanwhile."""

    def __init__(self, connection, statement):
        self.pid = connection.info.backend_pid
        pool = concurrent.futures.ThreadPoolExecutor(max_workers=1)
        self._future = pool.submit(rows, connection, statement)
        pool.shutdown(wait=False)

    def is_running(self):
        return not self._future.done()

    def result(self, patience=PATIENCE):
        """Its rows; raises what it raised. Fails when it takes longer than `patience` seconds."""
        return self._future.result(patience)

    def error(self, patience=PATIENCE):
        """The exception that it raised; fails when it succeeded."""
        error = self._future.exception(patience)
        assert error is not None, f"it succeeded: {self._future.result()}"
        return error

    def waits_for_lock(self, superuser):
        (count,) = superuser.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'", (self.pid,)
        ).fetchone()
        return count == 1
