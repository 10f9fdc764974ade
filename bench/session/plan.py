"""From modules with sweeps to pytest's items, and from an item to what it measures."""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pytest

from bench import sweeps
from bench.cases import Case
from bench.operators import Operator
from bench.sweeps import Competitor, Contest, ListedSweep, Sweep, SweepSize, competitors
from reports.sources.case import by_sides

# The parameter of a benchmark that says what it measures.
PARAMETER = "planned"


@dataclass(frozen=True)
class PlannedCase:
    """What one benchmark of the plan measures.

    Attributes:
        sweep: the sweep that it belongs to.
        operator: the operator.
        of: the case of the sweep, on which several operators compete.
        baseline: the baseline of that case.
    """

    sweep: Sweep | ListedSweep
    operator: Operator
    of: Case
    baseline: Competitor

    @cached_property
    def case(self) -> Case:
        """The case as the operator runs it."""
        case = self.operator.fit(self.of)
        assert case is not None, f"{self.operator} takes no part in {self.of}"
        return case

    @property
    def competitor(self) -> Competitor:
        """The operator with its case."""
        return Competitor(self.operator, self.case)

    @property
    def is_baseline(self) -> bool:
        """Whether the other operators of the case are held against this one."""
        return self.competitor == self.baseline

    @property
    def value(self) -> int | str:
        """Where on the axis of the sweep its case is."""
        return self.sweep.value(self.of)

    @property
    def name(self) -> str:
        """What the benchmark is called within its module."""
        return f"{self.operator}-{self.of.direction}-{pasted(self.value)}"

    @property
    def group(self) -> str:
        """The heading of the operators of one case in pytest-benchmark's table."""
        return f"{self.sweep.name} {self.value} {self.of.direction}"

    @property
    def measurement(self) -> str:
        """The name of what is measured together: one case with one baseline, in any sweep."""
        baseline = self.baseline
        return f"{_named(self.of)}, {baseline.operator} K{by_sides(baseline.case.kernel_size)}"


def _named(case: Case) -> str:
    """Name a case by all that tells it from others, what is rare only where it is not usual."""
    size = "x".join(map(str, case.shape)) + (f"-{case.filters}" if case.filters else "")
    rare = ("" if case.dilation_rate == 1 else f" d{by_sides(case.dilation_rate)}") + (
        "" if case.padding == "same" else f" {case.padding}"
    )
    return (
        f"{size} K{by_sides(case.kernel_size)} s{by_sides(case.strides)}{rare} g{case.groups} "
        f"{case.dtype} {case.direction}"
    )


def parametrize(
    metafunc: pytest.Metafunc, contests: Sequence[Contest], sweep_size: SweepSize
) -> None:
    """Make one benchmark for each operator and case of a module's sweeps.

    Args:
        metafunc: a function of a module; nothing is done if it measures no sweep.
        contests: the sweeps of the module, with their operators.
        sweep_size: "quick", "default" or "full".
    """
    if not contests or "measure" not in metafunc.fixturenames:
        return
    found = [each for contest in contests for each in _planned(contest, sweep_size)]
    if not found:
        reason = f"not part of a {sweep_size} sweep"
        skipped = pytest.param(None, marks=pytest.mark.skip(reason=reason), id="none")
        metafunc.parametrize(PARAMETER, [skipped])
        return
    several = len(contests) > 1
    names = [f"{each.sweep.name}-{each.name}" if several else each.name for each in found]
    metafunc.parametrize(PARAMETER, found, ids=names)


def _planned(contest: Contest, sweep_size: SweepSize) -> list[PlannedCase]:
    return [
        PlannedCase(contest.sweep, operator, case, competitors(contest.operators, case)[0])
        for operator, case in sweeps.plan(contest.sweep, sweep_size, contest.operators)
    ]


def pasted(value: int | str) -> str:
    """Write a value of an axis so that a test's name can be given to `-k` as it is.

    Example:
        >>> pasted("32x32, K3"), pasted(7)
        ('32x32-K3', '7')
    """
    return re.sub(r"[^\w.]+", "-", str(value))


def planned(item: pytest.Item) -> PlannedCase | None:
    """Return what an item measures, None if it is no benchmark of a sweep.

    Args:
        item: a test that pytest has collected.
    """
    found = _parameters(item).get(PARAMETER)
    return found if isinstance(found, PlannedCase) else None


def together(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Put items that are measured together next to each other, whatever their sweeps.

    Args:
        items: tests that pytest has collected.

    Returns:
        The same items; each comes where the first of its case was.
    """
    groups: dict[Hashable, list[pytest.Item]] = {}
    for item in items:
        found = planned(item)
        groups.setdefault(found.measurement if found else item, []).append(item)
    return [item for group in groups.values() for item in group]


def measured(items: Iterable[pytest.Item]) -> list[str]:
    """List the ids of the items that measure something: not the stand-ins for sweeps without cases.

    Args:
        items: tests that pytest has collected.
    """
    return [item.nodeid for item in items if not item.get_closest_marker("skip")]


def left_out(items: Sequence[pytest.Item]) -> list[str]:
    """Name the modules whose sweeps have no case of this size.

    Args:
        items: tests that pytest has collected.
    """
    stand_ins = [item for item in items if _parameters(item).get(PARAMETER, item) is None]
    return [item.path.stem.removeprefix("bench_") for item in stand_ins]


def _parameters(item: pytest.Item) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def part(item: pytest.Item) -> Hashable:
    """Return what stays together in a shard: both directions of a case, in all sweeps.

    Args:
        item: a test that pytest has collected.
    """
    found = planned(item)
    return replace(found.of, direction="forward") if found else item.nodeid
