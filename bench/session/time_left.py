"""How long a run still takes, from what its finished cases took."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from bench.session.plan import PlannedCase
from bench.sweeps import Competitor
from reports.sources.case import Direction


class TimeLeft:
    """Estimates the seconds that a run still takes.

    An operator that is still to be measured is expected to take what those before it took on
    average; forward and training apart, since training takes several times as long.

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
        self._seconds: defaultdict[Direction, float] = defaultdict(float)
        self._finished: Counter[Direction] = Counter()

    def took(self, seconds: Mapping[str, float]) -> None:
        """Take note of finished cases.

        Args:
            seconds: what was spent on each, by the name of the measurement; those that were noted
                before are left aside.
        """
        for name in seconds.keys() & self._left.keys():
            direction, operators = self._left.pop(name)
            self._seconds[direction] += seconds[name]
            self._finished[direction] += operators

    @property
    def seconds(self) -> float | None:
        """The time left in seconds; None until each direction that is left has a finished case."""
        to_do = _total(self._left) + self._later
        if not all(self._finished[direction] for direction in to_do):
            return None
        return sum(
            operators * self._seconds[direction] / self._finished[direction]
            for direction, operators in to_do.items()
        )


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


def in_words(seconds: float) -> str:
    """Say how much time is left, as exactly as an estimate may.

    Args:
        seconds: the time left.

    Example:
        >>> in_words(4), in_words(41), in_words(222), in_words(9000)
        ('less than 10 s left', 'about 50 s left', 'about 4 min left', 'about 2.5 h left')
    """
    if seconds < 10:
        return "less than 10 s left"
    if seconds <= 90:
        return f"about {math.ceil(seconds / 10) * 10} s left"
    if seconds <= 90 * 60:
        return f"about {math.ceil(seconds / 60)} min left"
    return f"about {seconds / 3600:.1f} h left"
