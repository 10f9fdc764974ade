"""How far a pair of processes is, from their journals, and how long a comparison still takes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from bench.compare.kept import SIDES
from bench.session import pace, results
from bench.session.display import Display
from bench.session.journal import GrowingJournal

# Seconds between two looks, each of which reads what is new alone: little of what is measured with.
BETWEEN = 5.0


class PairProgress:
    """How far a pair is, and the pairs that follow.

    Args:
        paths: the results files of the processes of the pair that begin now: those of both sides,
            or that of one where the other is finished. What is in their journals by now is of a
            run that was stopped.
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
        self._journals = [GrowingJournal(results.journal_path(path)) for path in paths]
        self._later, self._earlier, self._end = later, earlier, end
        self.look()
        self._begun = self._done

    def look(self) -> None:
        """Look how far the processes are."""
        for each in self._journals:
            each.look()

    @property
    def _done(self) -> int:
        return sum(each.done for each in self._journals)

    @property
    def _plan(self) -> int:
        return sum(each.plan for each in self._journals)

    @property
    def counted(self) -> str:
        """How many records are made, of how many."""
        return f"{self._done} of {self._plan} records" if self._plan else "no record yet"

    def seconds_left(self, spent: float) -> float | None:
        """Estimate the time that is left, of this pair and those that follow.

        Args:
            spent: seconds since the processes began.

        Returns:
            Seconds; None as long as nothing tells them.
        """
        is_known = all(each.plan for each in self._journals)
        measured = self._done - self._begun
        of_one_side = self._plan / len(self._journals)
        of_record = spent / measured if is_known and measured else None
        seen = [*self._earlier]
        if of_record is not None:
            seen.append(of_record * of_one_side * len(SIDES))
        if not seen:
            return None
        whole = sum(seen) / len(seen)
        if of_record is not None:
            rest = of_record * (self._plan - self._done)
        else:
            sides = float(len(self._journals))
            if is_known:  # less what was done before
                sides -= self._begun / of_one_side
            rest = max(whole * sides / len(SIDES) - spent, 0.0)
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
