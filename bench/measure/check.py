"""Compare an implementation with its reference, before it is timed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from bench.cases import Case
from bench.measure import backend
from bench.measure.calls import prepare
from bench.operators import Operator
from reports.sources.case import Dtype

Array = np.ndarray[Any, np.dtype[np.float64]]

# Largest difference from the reference, relative to the reference's largest value. Gradients of
# weights are sums over all positions, in another order in each implementation.
TOLERANCES: dict[Dtype, float] = {
    "float64": 1e-10,
    "float32": 1e-4,
    "float16": 3e-2,
    "bfloat16": 2e-1,
}


class DisagreementError(AssertionError):
    """An implementation computes something else than its reference."""


def check(operator: Operator, case: Case, call: Callable[[], Any]) -> str | None:
    """Compare all that a call returns, gradients too, with the reference on the same inputs.

    Args:
        operator: what will be timed.
        case: the case as the operator runs it.
        call: runs the operator once.

    Returns:
        None, or why no comparison was possible, as a note for the record.

    Raises:
        DisagreementError: if a result differs by more than its data type explains.
    """
    if operator.reference is None:
        return None
    # Eagerly, so that nothing is compiled for a single call.
    judge = replace(operator, build=operator.reference, executor="eager")
    try:
        expected = prepare(judge, case)()
    except backend.OUT_OF_MEMORY:
        return "not compared with its reference, for which the memory does not suffice"
    for name, found, wanted in _pairs(call(), expected):
        _compare(f"{operator}'s {name} and those of its reference", found, wanted, case.dtype)
    return None


def _pairs(found: Any, expected: Any) -> Iterator[tuple[str, Array, Array]]:
    """Name what a call returns: outputs or, in training, outputs and a list of gradients."""
    if not isinstance(expected, tuple):
        yield "outputs", backend.array(found), backend.array(expected)
        return
    yield "outputs", backend.array(found[0]), backend.array(expected[0])
    for number, (ours, theirs) in enumerate(zip(found[1], expected[1], strict=True)):
        name = f"gradients of weight {number}" if number else "gradients of the inputs"
        yield name, backend.array(ours), backend.array(theirs)


def _compare(names: str, found: Array, expected: Array, dtype: Dtype) -> None:
    if found.shape != expected.shape:
        raise DisagreementError(f"{names} differ in shape: {found.shape} and {expected.shape}")
    largest = np.max(np.abs(expected), initial=0.0)
    difference = np.max(np.abs(found - expected), initial=0.0)
    if not difference <= TOLERANCES[dtype] * largest:  # also where one of them is NaN
        raise DisagreementError(
            f"{names} differ by up to {difference:.3g}, expected at most {TOLERANCES[dtype]:g} of "
            f"the largest value, {largest:.3g}, in {dtype}"
        )
