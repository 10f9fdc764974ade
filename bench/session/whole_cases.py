"""Whole cases: measured when their first benchmark runs, and kept for the others."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from zlib import crc32

from bench.measure.measurement import Outcome, Plan, measure_case
from bench.measure.prepared import Preparer
from bench.session.plan import PlannedCase
from bench.sweeps import Competitor


class WholeCases:
    """Measures all operators of a case together, whichever benchmark of it runs first.

    Args:
        planned: what the run measures, by test id.
        how: how a case is measured; the seed of the order is that of each case.
        process: the number of this process, which has orders of its own.
        at_work: is told the ids of the tests whose operators run from now on.
        begun: names of measurements of which an earlier run has finished some operators.
    """

    def __init__(
        self,
        planned: Mapping[str, PlannedCase],
        how: Plan,
        process: int,
        at_work: Callable[[Iterable[str]], object],
        begun: Container[str] = (),
    ) -> None:
        self._how = how
        self._process = process
        self._begun = begun
        self._at_work = at_work
        self._preparer = Preparer()
        self._measured = ""
        self._outcomes: Mapping[Competitor, Outcome] = {}
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
        if planned.measurement != self._measured:
            self._outcomes = {}  # lets go of the operators of the case before this one
            self._outcomes = self._measure(planned.measurement)
            self._measured = planned.measurement
        return self._outcomes[planned.competitor]

    def _measure(self, measurement: str) -> Mapping[Competitor, Outcome]:
        tests = self._tests[measurement]

        def begins(competitor: Competitor | None) -> None:
            # Where the baseline has no test of its own, all tests need it.
            chosen = [competitor] if competitor and tests[competitor] else tests
            self._at_work(test for each in chosen for test in tests[each])

        seed = crc32(f"{measurement}, process {self._process}".encode())
        how = replace(self._how, order_seed=seed)
        outcomes = measure_case(list(tests), self._preparer, how, begins)
        self._at_work([])
        return outcomes
