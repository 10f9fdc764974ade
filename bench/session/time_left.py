"""How long a run still takes, from what its finished cases took."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

from bench.session.pace import Pace
from bench.session.plan import PlannedCase
from bench.sweeps import Competitor
from reports.sources.case import Direction


class TimeLeft:
    """Estimates the seconds that a run still takes.

    Args:
        left: what this process still measures.
        whole: what each process after this one measures, the same as this one without --resume.
        later: how many processes come after this one.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        left: Iterable[PlannedCase],
        whole: Iterable[PlannedCase] = (),
        later: int = 0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._left = _operators(left)
        self._later = Counter({each: later * n for each, n in _total(_operators(whole)).items()})
        self._clock = clock
        self._pace: Pace[Direction] = Pace()

    @contextmanager
    def measuring(self, planned: PlannedCase) -> Iterator[None]:
        """Take the time until the block ends for that of a whole case, if it is the first of it.

        Args:
            planned: one of the operators of the case.
        """
        start = self._clock()
        yield
        if planned.measurement in self._left:
            direction, operators = self._left.pop(planned.measurement)
            self._pace.add(direction, operators, self._clock() - start)

    @property
    def seconds(self) -> float | None:
        """The time left in seconds; None until each direction that is left has a finished case."""
        return self._pace.seconds(_total(self._left) + self._later)


def _operators(planned: Iterable[PlannedCase]) -> dict[str, tuple[Direction, int]]:
    """Return the direction of each whole case, and how many operators run in it."""
    competitors: defaultdict[tuple[str, Direction], set[Competitor]] = defaultdict(set)
    for each in planned:
        # The baseline runs in any case, also where its own benchmark is not among the chosen.
        competitors[each.measurement, each.of.direction] |= {each.competitor, each.baseline}
    return {name: (direction, len(them)) for (name, direction), them in competitors.items()}


def _total(operators: Mapping[str, tuple[Direction, int]]) -> Counter[Direction]:
    total: Counter[Direction] = Counter()
    for direction, number in operators.values():
        total[direction] += number
    return total
