"""Turns with another process that measures at the same time, as `bench.compare` asks for.

What else a machine does changes within a minute. Two processes that alternate round by round meet
the same states of it, so that these do not tell them apart.
"""

import os
from multiprocessing.connection import Connection

# The descriptor of the connection to who gives the turns. Not an option of pytest: a revision
# without turns would refuse it.
VARIABLE = "INVOLUTION_BENCH_TURNS"


class GiverEndedError(KeyboardInterrupt):
    """Who gave the turns has ended, and with it the sense of this run: it ends as if stopped."""


class Partner:
    """The other process, which measures while this one waits.

    Args:
        link: the connection to who gives the turns.
    """

    def __init__(self, link: "Connection[None, bool]") -> None:
        self._link: Connection[None, bool] | None = link

    def pause(self) -> None:
        """Let the other process take its turn, and wait for the next one; or go on if it has ended.

        Raises:
            GiverEndedError: if who gives the turns has ended.
        """
        if self._link is None:
            return
        try:
            self._link.send(None)
            has_partner = self._link.recv()
        except (EOFError, OSError) as error:
            raise GiverEndedError from error
        if not has_partner:
            self._link.close()
            self._link = None


def partner() -> Partner | None:
    """Wait for the first turn, if turns are asked for.

    Returns:
        The other process; None if there is none. Processes that this one starts have none.
    """
    descriptor = os.environ.pop(VARIABLE, None)
    if descriptor is None:
        return None
    found = Partner(Connection(int(descriptor)))
    found.pause()
    return found
