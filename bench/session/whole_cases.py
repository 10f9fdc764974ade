"""Whole cases: measured when their first benchmark runs, and kept for the others."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import chain, islice, takewhile
from zlib import crc32

from bench.measure.measurement import Outcome, Plan
from bench.measure.prepared import Preparer
from bench.measure.whole_case import WholeCase, measure
from bench.session.plan import PlannedCase
from bench.sweeps import Competitor

# Cases whose rounds are interleaved. The rounds of eight quick cases take some ten seconds, longer
# than most bursts of other load; what is measured of them is lost if the process is killed.
TOGETHER = 8


class WholeCases:
    """Measures all operators of a case together, whichever benchmark of it runs first.

    Args:
        planned: what the run measures, by test id.
        how: how a case is measured; the seed of the order is that of each case.
        process: the number of this process, which has orders of its own.
        at_work: is told the ids of the tests whose operators run from now on.
        begun: names of measurements of which an earlier run has finished some operators.
        ended: ids of the tests at whose work a process ended; their cases are measured alone, so
            that they take no other with them.
    """

    def __init__(
        self,
        planned: Mapping[str, PlannedCase],
        how: Plan,
        *,
        process: int,
        at_work: Callable[[Iterable[str]], object],
        begun: Container[str] = (),
        ended: Container[str] = (),
    ) -> None:
        self._how = how
        self._process = process
        self._begun = begun
        self._at_work = at_work
        self._preparer = Preparer()
        self._measured: Mapping[str, WholeCase] = {}
        self._alone = {each.measurement for test, each in planned.items() if test in ended}
        self._left = {each.measurement for each in planned.values()}
        self._tests: dict[str, dict[Competitor, list[str]]] = {}
        for test, each in planned.items():
            # The baseline runs in any case, also where its own benchmark is not among the chosen.
            tests = self._tests.setdefault(each.measurement, defaultdict(list, {each.baseline: []}))
            tests[each.competitor].append(test)

    @property
    def spent(self) -> Mapping[str, float]:
        """Seconds that were spent so far, by purpose."""
        return self._preparer.spent.seconds

    def name(self, planned: PlannedCase) -> str:
        """Return which measurement the rounds of an operator are of.

        Args:
            planned: the operator and its case.
        """
        name = planned.measurement
        return f"{name}, resumed" if name in self._begun else name

    def outcome(self, planned: PlannedCase) -> Outcome:
        """Return what was measured of one operator, or the error that ended it.

        Args:
            planned: the operator and its case.
        """
        if planned.measurement not in self._measured:
            self._measured = {}  # lets go of the operators of the cases before
            self._measured = {each.name: each for each in self._measure(planned.measurement)}
        return self._measured[planned.measurement].outcomes[planned.competitor]

    @property
    def seconds(self) -> Mapping[str, float]:
        """What was spent on each of the latest cases, by the name of the measurement."""
        return {name: case.seconds for name, case in self._measured.items()}

    def _measure(self, first: str) -> Sequence[WholeCase]:
        """Measure a case, and with it those that come next."""

        def begins(cases: Sequence[WholeCase], competitor: Competitor | None) -> None:
            chosen = list[str]()
            for tests in (self._tests[case.name] for case in cases):
                own = tests[competitor] if competitor else []
                # Where the baseline has no test of its own, all tests need it.
                chosen += own or chain.from_iterable(tests.values())
            self._at_work(chosen)

        names = [first] if first in self._alone else [first, *self._next(first)]
        cases = [
            WholeCase(
                name,
                list(self._tests[name]),
                order_seed=crc32(f"{name}, process {self._process}".encode()),
            )
            for name in names
        ]
        measured = measure(cases, self._preparer, self._how, begins)
        self._at_work([])
        self._left -= {each.name for each in measured}
        return measured

    def _next(self, first: str) -> list[str]:
        """Name the cases right after one whose rounds are interleaved with its own."""
        after = islice(self._tests, list(self._tests).index(first) + 1, None)
        joining = takewhile(lambda name: name in self._left - self._alone, after)
        return list(islice(joining, TOGETHER - 1))
