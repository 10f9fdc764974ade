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
            case: a case of this sweep, as any operator runs it.
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


def pairs(
    sweep: Sweep, sweep_size: SweepSize, operators: Sequence[Operator] = OPERATORS
) -> list[tuple[Operator, Case]]:
    """Return what a sweep measures: each operator on each case in which it takes part.

    Args:
        sweep: the sweep.
        sweep_size: "quick", "default" or "full".
        operators: those that compete.

    Returns:
        Operators with their fitted cases, none twice, the operators of a case next to each other.
    """
    fitted = (
        (operator, operator.fit(case)) for case in sweep.cases(sweep_size) for operator in operators
    )
    return list(dict.fromkeys((operator, case) for operator, case in fitted if case is not None))
