"""Whole cases: all operators of a case in the same rounds, and several cases interleaved."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from bench.environment import fixed
from bench.measure.cache import before, repeats
from bench.measure.limit import TimeLimitError, limited
from bench.measure.measurement import Outcome, Plan, outcome
from bench.measure.noise import OtherLoad, doubts
from bench.measure.prepared import Prepared, Preparer
from bench.measure.rounds import ENDED, Lane, interleaved, rounds
from bench.sweeps import Competitor

# Once the cases whose rounds are interleaved hold so many bytes of inputs and weights, no further
# one is added. What a call needs in addition is free again after it.
MOST_HELD = 2**29


class RetracedError(RuntimeError):
    """A function was traced again while it was timed, so its times are not its own."""


class BaselineError(RuntimeError):
    """The baseline of a case cannot be measured, and so no operator of the case can."""


def reason(error: BaseException) -> str:
    """Say why a case could not be measured.

    Args:
        error: what ended it.
    """
    if isinstance(error, TimeLimitError | BaselineError):
        return str(error)
    return f"{type(error).__name__}: {error}"


# Is told the case and the operator that is prepared; or cases whose rounds begin, and no operator.
Begins = Callable[[Sequence["WholeCase"], Competitor | None], None]


@dataclass(eq=False)
class WholeCase:
    """A case whose operators are measured together.

    Attributes:
        name: tells it from other cases.
        competitors: its operators, the baseline first.
        order_seed: the seed of the order of operators in the rounds.
        outcomes: for each competitor its measurement, or the error that ended it, once it is known.
        seconds: what was spent on it.
    """

    name: str
    competitors: Sequence[Competitor]
    order_seed: int
    outcomes: dict[Competitor, Outcome] = field(default_factory=dict)
    seconds: float = 0.0
    _ready: dict[Competitor, Prepared] = field(default_factory=dict)
    _lanes: dict[Competitor, Lane] = field(default_factory=dict)

    @property
    def _baseline(self) -> Competitor:
        return self.competitors[0]

    @property
    def held_bytes(self) -> int:
        """Bytes of the inputs and weights of the operators that are ready."""
        return sum(each.call.held_bytes for each in self._ready.values())

    @contextmanager
    def _taking_time(self) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds += perf_counter() - start

    def prepare(self, preparer: Preparer, plan: Plan, begins: Begins) -> None:
        """Build, check and warm up each operator.

        Args:
            preparer: builds them.
            plan: how to measure.
            begins: is told whose turn it is.
        """
        for each in self.competitors:
            begins([self], each)
            try:
                with self._taking_time(), limited(plan.time_limit):
                    self._ready[each] = preparer.prepared(each, plan.timer)
            except Exception as error:  # noqa: BLE001 - it belongs to this operator's record
                self.outcomes[each] = error

    def rounds(self, plan: Plan) -> Iterator[None]:
        """Time the operators that are ready in the same rounds.

        Args:
            plan: how to measure.

        Yields:
            After each round.
        """
        if self._baseline not in self._ready:
            return
        for each, ready in self._ready.items():
            first = before(ready.call, ready.warm.seconds, plan.cache)
            turns = repeats(ready.warm.seconds, plan.cache)
            self._lanes[each] = Lane(ready.call, first, turns, is_twin=each.operator.is_twin)
        if not plan.is_timed:
            return
        traces = {each: ready.call.traces for each, ready in self._ready.items()}
        lanes = list(self._lanes.values())
        patience = plan.time_limit * len(lanes) or float("inf")
        steps = rounds(lanes, plan.limits, plan.timer, seed=self.order_seed, patience=patience)
        while True:
            try:
                with self._taking_time():
                    if next(steps, ENDED) is ENDED:
                        break
            except Exception as error:  # noqa: BLE001 - the baseline's: there is no ratio to it
                self.outcomes[self._baseline] = error
                return
            yield
        for each, lane in self._lanes.items():
            if self._ready[each].call.traces != traces[each]:
                lane.error = lane.error or RetracedError(
                    f"{each.operator} was traced again while it was timed, on {each.case}"
                )

    def count(self, plan: Plan, others: float) -> None:
        """Count the costs of what was timed, and let go of the operators.

        Args:
            plan: how to measure.
            others: cores that other processes kept busy during the rounds.
        """
        baseline = self._lanes.get(self._baseline)
        if baseline and baseline.error:  # its rounds are no measure for the others
            self.outcomes[self._baseline] = baseline.error
        if baseline and self._baseline not in self.outcomes:
            about = doubts(baseline.seconds, others=others)
            for each, lane in self._lanes.items():
                with self._taking_time():
                    self.outcomes[each] = outcome(
                        *(each, self._ready[each], lane),
                        baseline=baseline,
                        order_seed=self.order_seed,
                        cache=plan.cache,
                        about=about,
                    )
        else:
            error = self.outcomes[self._baseline]
            assert isinstance(error, Exception)  # only one that failed has no rounds
            lost = BaselineError(f"its baseline could not be measured: {reason(error)}")
            for each in self.competitors:
                self.outcomes.setdefault(each, lost)
        self._ready, self._lanes = {}, {}


@fixed()
def measure(
    cases: Sequence[WholeCase], preparer: Preparer, plan: Plan, begins: Begins
) -> Sequence[WholeCase]:
    """Measure cases together: prepare them, interleave their rounds, then count their costs.

    Args:
        cases: those that come next; the outcomes of those that are measured are filled in.
        preparer: builds their operators.
        plan: how to measure.
        begins: is told what is at work.

    Returns:
        The cases that were measured: the first of them, as many as may hold memory at once.
    """
    preparer.keep_only(each for case in cases for each in case.competitors)
    taken = list[WholeCase]()
    while len(taken) < len(cases) and sum(case.held_bytes for case in taken) < MOST_HELD:
        taken.append(cases[len(taken)])
        taken[-1].prepare(preparer, plan, begins)
    begins(taken, None)
    others = _run_rounds(taken, preparer, plan)
    with preparer.spent.on("memory and FLOPs"):
        for case in taken:
            case.count(plan, others)
    return taken


def _run_rounds(cases: Sequence[WholeCase], preparer: Preparer, plan: Plan) -> float:
    """Run the rounds of cases; return how many cores other processes kept busy meanwhile."""
    load = OtherLoad()
    with closing(interleaved(case.rounds(plan) for case in cases)) as steps:
        has_next = True
        while has_next:
            with preparer.spent.on("rounds"):
                has_next = next(steps, ENDED) is not ENDED
            if has_next and plan.pause:
                with load.paused():
                    plan.pause()
    return load.cores()
