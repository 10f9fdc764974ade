"""Operators that are ready to be timed: built, compiled, checked and warm."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.measure.calls import Call, prepare
from bench.measure.check import check
from bench.measure.rounds import Timer, timed
from bench.measure.spent import Spent
from bench.measure.warmup import WarmUp, warm_up
from bench.sweeps import Competitor


@dataclass(frozen=True)
class Prepared:
    """An operator that is ready to be timed.

    Attributes:
        call: runs it once.
        warm: how long the calls between the first and the rounds took.
        compile_seconds: the first call, with tracing and compilation; None where the process had
            compiled the same before.
        notes: what a reader should know of the preparation.
    """

    call: Call
    warm: WarmUp
    compile_seconds: float | None
    notes: tuple[str, ...]


class Preparer:
    """Prepares the operators of one case after the other, and keeps what the next case shares.

    A dense convolution is the baseline of every number of groups: it is compiled once for all.

    Attributes:
        spent: what the time was spent on.
    """

    def __init__(self) -> None:
        self.spent = Spent()
        self._kept: dict[Competitor, Prepared] = {}
        # TensorFlow and XLA keep what they compiled for a case as long as the process lives.
        self._compiled: set[Competitor] = set()

    def keep_only(self, competitors: Iterable[Competitor]) -> None:
        """Let go of all that a case does not need, so that its memory is free.

        Args:
            competitors: the operators of the case that comes next.
        """
        needed = set(competitors)
        self._kept = {each: ready for each, ready in self._kept.items() if each in needed}

    def prepared(self, competitor: Competitor, timer: Timer) -> Prepared:
        """Build an operator, check its results and warm it up; or return it as it was kept.

        Args:
            competitor: the operator and its case.
            timer: returns the time in seconds.

        Raises:
            DisagreementError: if the operator computes something else than its reference.
        """
        if competitor not in self._kept:
            self._kept[competitor] = self._prepare(competitor, timer)
        return self._kept[competitor]

    def _prepare(self, competitor: Competitor, timer: Timer) -> Prepared:
        operator, case = competitor.operator, competitor.case
        is_compiled = competitor in self._compiled
        self._compiled.add(competitor)
        with self.spent.on("compilation"):
            call = prepare(operator, case)
            first_seconds = timed(call, timer)
        with self.spent.on("checks"):
            notes = [check(operator, case, call)]
        with self.spent.on("warm-up"):
            warm = warm_up(call, timer)
        if is_compiled:
            notes.append("compiled before, by another record of the same case")
        compile_seconds = None if is_compiled else first_seconds
        return Prepared(call, warm, compile_seconds, tuple(filter(None, notes)))
