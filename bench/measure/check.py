"""Whether an implementation computes the same as a reference, before it is timed."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import tensorflow as tf

from bench.cases import Case
from bench.measure.calls import Call, prepare
from bench.operators import Operator

# Largest difference from the reference over the reference's largest value. Gradients of weights
# are sums over every position, in another order in each implementation.
TOLERANCES = {"float64": 1e-10, "float32": 1e-4, "float16": 3e-2, "bfloat16": 2e-1}


class DisagreementError(AssertionError):
    """An implementation computes something else than its reference."""


def check(operator: Operator, case: Case, call: Call) -> str | None:
    """Compare all that a call returns, gradients too, with the reference on the same inputs.

    Args:
        operator: what will be timed.
        case: the case as the operator runs it.
        call: the operator prepared for the case.

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
    except (MemoryError, tf.errors.ResourceExhaustedError):
        return "not compared with its reference, for which the memory does not suffice"
    for name, found, wanted in _pairs(call(), expected):
        _compare(f"{operator}'s {name} and those of its reference", found, wanted, case.dtype)
    return None


def _pairs(found, expected) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Name what a call returns: outputs or, in training, outputs and a list of gradients."""
    if not isinstance(expected, tuple):
        yield "outputs", _array(found), _array(expected)
        return
    yield "outputs", _array(found[0]), _array(expected[0])
    for number, (ours, theirs) in enumerate(zip(found[1], expected[1], strict=True)):
        name = f"gradients of weight {number}" if number else "gradients of the inputs"
        yield name, _array(ours), _array(theirs)


def _array(tensor) -> np.ndarray:
    return tf.cast(tensor, tf.float64).numpy()


def _compare(names: str, found: np.ndarray, expected: np.ndarray, dtype: str) -> None:
    if found.shape != expected.shape:
        raise DisagreementError(f"{names} differ in shape: {found.shape} and {expected.shape}")
    largest = np.max(np.abs(expected), initial=0.0)
    apart = np.max(np.abs(found - expected), initial=0.0)
    if not apart <= TOLERANCES[dtype] * largest:  # also where one of them is not a number
        raise DisagreementError(
            f"{names} differ by up to {apart:.3g}, expected at most {TOLERANCES[dtype]:g} of the "
            f"largest value, {largest:.3g}, in {dtype}"
        )
