"""From a module with a sweep to pytest's items, and from an item to what it measures."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from types import ModuleType

import pytest

from bench import operators
from bench.cases import Case
from bench.operators import Operator
from bench.sweeps import Sweep, SweepSize, pairs


@dataclass(frozen=True)
class PlannedCase:
    """What one benchmark of the plan measures.

    Attributes:
        sweep: the sweep that it belongs to.
        operator: the operator.
        case: the case as the operator runs it.
        baseline: the baseline, and the case as the baseline runs it.
    """

    sweep: Sweep
    operator: Operator
    case: Case
    baseline: tuple[Operator, Case]

    @property
    def is_baseline(self) -> bool:
        """Whether the other operators of the case are held against this one."""
        return (self.operator, self.case) == self.baseline

    @property
    def group(self) -> str:
        """The heading of the operators of one case in pytest-benchmark's table."""
        return f"{self.sweep.name} {self.sweep.value(self.case)} {self.case.direction}"


def parametrize(metafunc: pytest.Metafunc, sweep_size: SweepSize) -> None:
    """Make one benchmark for each operator and case of a module's sweep.

    Args:
        metafunc: a function of a module; nothing is done if it does not measure a sweep.
        sweep_size: "quick", "default" or "full".
    """
    sweep = _sweep(metafunc.module)
    if sweep is None or "measure" not in metafunc.fixturenames:
        return
    plan = pairs(sweep, sweep_size, _competitors(metafunc.module))
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
    return PlannedCase(sweep, operator, case, operators.baseline(_competitors(item.module), case))


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
    """Return what stays together in a shard: both directions of all operators of a case.

    Args:
        item: a test that pytest has collected.
    """
    found = planned(item)
    return (found.sweep.name, found.sweep.value(found.case)) if found else item.nodeid


def _sweep(module: ModuleType) -> Sweep | None:
    sweep = getattr(module, "SWEEP", None)
    return sweep if isinstance(sweep, Sweep) else None


def _competitors(module: ModuleType) -> Sequence[Operator]:
    """Return the operators of the module, or those of every sweep."""
    competitors: Sequence[Operator] = getattr(module, "OPERATORS", operators.OPERATORS)
    return competitors
