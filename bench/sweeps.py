"""Sweeps: cases along one axis, and the operators that are measured on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from bench.cases import Case
from bench.operators import OPERATORS, Operator
from reports.sources.case import DIRECTIONS

SweepSize = Literal["quick", "default", "full"]
BASE = Case()
SWEEP_SIZES: tuple[SweepSize, ...] = get_args(SweepSize)


@dataclass(frozen=True)
class Sweep:
    """A base case and the one axis that varies.

    Attributes:
        name: what the sweep is called.
        fields: the fields of `Case` that are set to each value; the first is the axis.
        values: for each sweep size the values along the axis, or whole cases where several fields
            vary.
        base: the case that gives all other sizes.
    """

    name: str
    fields: tuple[str, ...]
    values: Mapping[SweepSize, tuple[int | Case, ...]]
    base: Case = BASE

    @property
    def axis(self) -> str:
        """The field of `Case` that stands for the axis."""
        return self.fields[0]

    def value(self, case: Case) -> int | str:
        """Return where a case is on the axis.

        Args:
            case: a case of this sweep.
        """
        value: int | str = getattr(case, self.axis)
        return value

    def cases(self, sweep_size: SweepSize) -> list[Case]:
        """Return the cases of a sweep size, in order of the axis, forward before training.

        Args:
            sweep_size: "quick", "default" or "full".

        Returns:
            Two cases for each value of the axis.
        """
        return [
            replace(self._at(value), direction=direction)
            for value in self.values[sweep_size]
            for direction in DIRECTIONS
        ]

    def _at(self, value: int | Case) -> Case:
        if isinstance(value, Case):
            return value
        changes: dict[str, Any] = dict.fromkeys(self.fields, value)
        return replace(self.base, **changes)


@dataclass(frozen=True)
class ListedSweep:
    """Cases that were listed one by one, not varied from a base case.

    Attributes:
        name: what the sweep is called.
        axis: the key of a record that stands for the axis.
        listed: each case, in order, with its value on the axis.
    """

    name: str
    axis: str
    listed: Mapping[Case, int | str]

    def value(self, case: Case) -> int | str:
        """Return where a case is on the axis.

        Args:
            case: a case of this sweep.
        """
        return self.listed[case]

    def cases(self, _: SweepSize) -> list[Case]:
        """Return the cases, the same at every sweep size."""
        return list(self.listed)


@dataclass(frozen=True)
class Competitor:
    """An operator with the case as it runs it.

    Attributes:
        operator: the operator.
        case: the case, fitted to the operator.
    """

    operator: Operator
    case: Case


def competitors(operators: Sequence[Operator], case: Case) -> list[Competitor]:
    """Return who competes on a case.

    Args:
        operators: of a sweep; the first that takes part in a case is its baseline.
        case: a case of the sweep.

    Returns:
        The baseline, a twin of it, which shows the noise, and the others that take part.
    """
    fitted = ((operator, operator.fit(case)) for operator in operators)
    found = [Competitor(operator, own) for operator, own in fitted if own is not None]
    twins = [replace(each, operator=replace(each.operator, is_twin=True)) for each in found[:1]]
    return list(dict.fromkeys([*found[:1], *twins, *found[1:]]))


@dataclass(frozen=True)
class Contest:
    """A sweep and the operators that compete on each of its cases.

    Attributes:
        sweep: the sweep.
        operators: the first that takes part in a case is its baseline.
    """

    sweep: Sweep | ListedSweep
    operators: Sequence[Operator] = OPERATORS


def plan(
    sweep: Sweep | ListedSweep, sweep_size: SweepSize, operators: Sequence[Operator] = OPERATORS
) -> list[tuple[Operator, Case]]:
    """Return what a sweep measures: each operator on each case in which it takes part.

    Args:
        sweep: the sweep.
        sweep_size: "quick", "default" or "full".
        operators: those that compete.

    Returns:
        Operators, each with the case of the sweep, the operators of a case next to each other.
    """
    return [
        (each.operator, case)
        for case in sweep.cases(sweep_size)
        for each in competitors(operators, case)
    ]
