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
        record = self._seconds_of_record(spent)
        pair = self._seconds_of_pair(record)
        if pair is None:
            return None
        rest = self._rest(spent, record, pair)
        if self._later is None:
            return max(rest, (self._end or 0.0) - spent)
        left = rest + self._later * pair
        return left if self._end is None else min(left, max(rest, self._end - spent))

    @property
    def _is_known(self) -> bool:
        """Whether the plans of all processes of the pair are known."""
        return all(each.plan for each in self._journals)

    @property
    def _records_of_side(self) -> float:
        return self._plan / len(self._journals)

    def _seconds_of_record(self, spent: float) -> float | None:
        """What a record of this pair took; None until there is one."""
        made = self._done - self._begun
        return spent / made if self._is_known and made else None

    def _seconds_of_pair(self, record: float | None) -> float | None:
        """What a whole pair takes: the mean of those before, and of what this one foretells."""
        seen = list(self._earlier)
        if record is not None:
            seen.append(record * self._records_of_side * len(SIDES))
        return sum(seen) / len(seen) if seen else None

    def _rest(self, spent: float, record: float | None, pair: float) -> float:
        """What is left of this pair: by its own records, or else by what a pair takes."""
        if record is not None:
            return record * (self._plan - self._done)
        sides = float(len(self._journals))
        if self._is_known:  # less what was done before
            sides -= self._begun / self._records_of_side
        return max(pair * sides / len(SIDES) - spent, 0.0)

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
