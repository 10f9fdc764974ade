"""How far a pair of processes is, from their journals, and how long a comparison still takes."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from bench.session import pace, results
from bench.session.display import Display

# How the lines begin that tell of a finished record; the rest of a line is long.
FINISHED = (b'{"measured":', b'{"unmeasured":')
# Seconds between two looks, each of which reads what is new alone: little of what is measured with.
BETWEEN = 5.0


class Followed:
    """The journal of a process that grows.

    Args:
        path: the results file of the process.

    Attributes:
        plan: how many records the process has to make, 0 as long as that is not known.
        done: how many it has made.
    """

    def __init__(self, path: Path) -> None:
        self._path = results.journal_path(path)
        self._read = 0
        self.plan = self.done = 0

    def look(self) -> None:
        """Take note of what is new in it; a line that is not whole is left for the next look."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError:  # the process has not come so far
            return
        whole = new[: new.rfind(b"\n") + 1]
        if not self._read and whole:
            self.plan = _planned(whole.partition(b"\n")[0])
        self._read += len(whole)
        self.done += sum(line.startswith(FINISHED) for line in whole.splitlines())


def _planned(header: bytes) -> int:
    """Count the records of a plan; 0 if a revision writes another journal."""
    try:
        return len(json.loads(header)["plan"])
    except (ValueError, KeyError, TypeError):
        return 0


class PairProgress:
    """How far a pair is, and the pairs that follow.

    Args:
        paths: the results files of the processes of the pair.
        later: how many pairs follow; None if the time decides.
        earlier: how long each pair before took, in seconds.
        end: seconds after which no pair begins, from now on; None for no limit.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        later: int | None,
        earlier: Sequence[float] = (),
        end: float | None = None,
    ) -> None:
        self._followed = [Followed(path) for path in paths]
        self._later, self._earlier, self._end = later, earlier, end

    def look(self) -> None:
        """Look how far the processes are."""
        for each in self._followed:
            each.look()

    @property
    def counted(self) -> str:
        """How many records of both sides are made, of how many."""
        done, plan = (
            sum(getattr(each, name) for each in self._followed) for name in ("done", "plan")
        )
        return f"{done} of {plan} records" if plan else "no record yet"

    def seconds_left(self, spent: float) -> float | None:
        """Estimate the time that is left, of this pair and those that follow.

        Args:
            spent: seconds since the pair began.

        Returns:
            Seconds; None as long as nothing tells them.
        """
        plan = sum(each.plan for each in self._followed)
        done = sum(each.done for each in self._followed)
        shares = [done / plan] if plan and all(each.plan for each in self._followed) else []
        seen = [*self._earlier, *(spent / share for share in shares if share)]
        if not seen:
            return None
        whole = sum(seen) / len(seen)
        rest = spent / shares[0] - spent if shares and shares[0] else max(whole - spent, 0.0)
        if self._later is None:
            return max(rest, (self._end or 0.0) - spent)
        left = rest + self._later * whole
        return left if self._end is None else min(left, max(rest, self._end - spent))

    def in_words(self, spent: float) -> str:
        """Say how far it is.

        Args:
            spent: seconds since the pair began.
        """
        seconds = self.seconds_left(spent)
        left = [pace.in_words(seconds)] if seconds else []
        return ", ".join([f"{self.counted} in {spent:.0f} s", *left])


@contextmanager
def shown(progress: PairProgress, display: Display, name: str) -> Iterator[None]:
    """Show how far a pair is during a block, and say it at the end.

    Args:
        progress: of the pair.
        display: where.
        name: of the pair.
    """
    start, is_over = monotonic(), Event()

    def follow() -> None:
        while not is_over.wait(BETWEEN):
            progress.look()
            display.status(f"{name}: {progress.in_words(monotonic() - start)}")

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        display.end()
        progress.look()
        display.say(f"{name}: {progress.in_words(monotonic() - start)}")
