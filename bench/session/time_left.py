"""How long a run still takes, from what its finished cases took."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

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
    """

    def __init__(
        self,
        left: Iterable[PlannedCase],
        whole: Iterable[PlannedCase] = (),
        later: int = 0,
    ) -> None:
        self._left = _operators(left)
        self._later = Counter({each: later * n for each, n in _total(_operators(whole)).items()})
        self._pace: Pace[Direction] = Pace()

    def took(self, seconds: Mapping[str, float]) -> None:
        """Take note of finished cases.

        Args:
            seconds: what was spent on each, by the name of the measurement; those that were noted
                before are left aside.
        """
        for name in seconds.keys() & self._left.keys():
            direction, operators = self._left.pop(name)
            self._pace.add(direction, operators, seconds[name])

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
