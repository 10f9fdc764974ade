"""From a module with a sweep to pytest's items, and from an item to what it measures."""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType

import pytest

from bench import operators, sweeps
from bench.cases import Case
from bench.operators import Operator
from bench.sweeps import Competitor, Sweep, SweepSize, competitors


@dataclass(frozen=True)
class PlannedCase:
    """What one benchmark of the plan measures.

    Attributes:
        sweep: the sweep that it belongs to.
        operator: the operator.
        of: the case of the sweep, on which several operators compete.
        baseline: the baseline of that case.
    """

    sweep: Sweep
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
    def group(self) -> str:
        """The heading of the operators of one case in pytest-benchmark's table."""
        return f"{self.sweep.name} {self.value} {self.of.direction}"

    @property
    def measurement(self) -> str:
        """The name of what is measured together: one case with one baseline, in any sweep."""
        case, baseline = self.of, self.baseline
        size = "x".join(map(str, case.shape))
        return (
            f"{size} K{case.kernel_size} s{case.strides} g{case.groups} {case.dtype} "
            f"{case.direction}, {baseline.operator} K{baseline.case.kernel_size}"
        )


def parametrize(metafunc: pytest.Metafunc, sweep_size: SweepSize) -> None:
    """Make one benchmark for each operator and case of a module's sweep.

    Args:
        metafunc: a function of a module; nothing is done if it does not measure a sweep.
        sweep_size: "quick", "default" or "full".
    """
    sweep = _sweep(metafunc.module)
    if sweep is None or "measure" not in metafunc.fixturenames:
        return
    plan = sweeps.plan(sweep, sweep_size, _operators(metafunc.module))
    if not plan:
        reason = f"not part of a {sweep_size} sweep"
        skipped = pytest.param(None, None, marks=pytest.mark.skip(reason=reason), id="none")
        metafunc.parametrize(("operator", "case"), [skipped])
        return
    metafunc.parametrize(
        ("operator", "case"),
        plan,
        ids=[f"{operator}-{case.direction}-{pasted(sweep.value(case))}" for operator, case in plan],
    )


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
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return None
    sweep, parameters = _sweep(item.module), item.callspec.params
    operator, case = parameters.get("operator"), parameters.get("case")
    if sweep is None or not isinstance(operator, Operator) or not isinstance(case, Case):
        return None
    return PlannedCase(sweep, operator, case, competitors(_operators(item.module), case)[0])


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


def left_out(items: Sequence[pytest.Item]) -> list[str]:
    """Name the sweeps that have no case of this size.

    Args:
        items: tests that pytest has collected.
    """
    stand_ins = [item for item in items if isinstance(item, pytest.Function) and _stands_in(item)]
    found = [_sweep(item.module) for item in stand_ins]
    return [sweep.name for sweep in found if sweep]


def _stands_in(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("case", item) is None


def part(item: pytest.Item) -> Hashable:
    """Return what stays together in a shard: both directions of a case, in all sweeps.

    Args:
        item: a test that pytest has collected.
    """
    found = planned(item)
    return replace(found.of, direction="forward") if found else item.nodeid


def _sweep(module: ModuleType) -> Sweep | None:
    sweep = getattr(module, "SWEEP", None)
    return sweep if isinstance(sweep, Sweep) else None


def _operators(module: ModuleType) -> Sequence[Operator]:
    """Return the operators of the module, or those of every sweep."""
    found: Sequence[Operator] = getattr(module, "OPERATORS", operators.OPERATORS)
    return found
