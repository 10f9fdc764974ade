"""Involution as a sum of shifted inputs, compiled by XLA into a few loops.

Tap (i, j) of all windows together is one shifted view of the padded input. XLA fuses the sum of
these views times their kernels into one loop, which reads each number from the cache and never
materialises the windows.

`docs/fused.md` in the repository has the formulations that were tried, with their times.
"""

from functools import lru_cache, partial
from typing import Any

import tensorflow as tf

from involution.ops.fused.compiled import sum_of_parts
from involution.ops.fused.inputs import by_inputs
from involution.ops.fused.kernels import by_kernels
from involution.ops.fused.outputs import by_outputs
from involution.ops.trilinear import Sums, derivative
from involution.ops.types import Problem, Tensor

# Each problem takes a second or so of compilation and some memory that is never released. A model
# has a few dozen at most, so with more than this the shapes change from call to call.
MAX_COMPILED = 256

_compiled: set[tuple[Any, ...]] = set()


def involve(problem: Problem) -> Tensor:
    """Compute involution from shifted inputs.

    A function is compiled once for each geometry, dtype and batch size. All layers that have these
    in common share it.

    Args:
        problem: inputs, kernels and geometry; all sizes but the batch are known.

    Returns:
        (batch, out_height, out_width, channels).
    """
    _compiled.add(_key(problem))
    windows, sizes = problem.windows, tuple(problem.inputs.shape[1:3])
    sums: Sums = {
        "outputs": partial(sum_of_parts, by_outputs, windows),
        "inputs": partial(sum_of_parts, by_inputs, windows, sizes),
        "kernels": partial(by_kernels, windows),
    }
    return derivative(sums, "outputs", inputs=problem.inputs, kernels=problem.kernels)


def obstacle(problem: Problem) -> str | None:
    """Return why the problem cannot be compiled here, or None if it can.

    Args:
        problem: as for `involve`.

    Returns:
        The reason, a sentence without a full stop.
    """
    if None in (*problem.inputs.shape[1:], *problem.kernels.shape[1:]):
        return "The fused implementation needs height and width to be known when a graph is built"
    if not is_available():
        return "The fused implementation needs XLA, which cannot compile on this machine"
    return None


def is_advisable(problem: Problem) -> bool:
    """Return whether this has been compiled already or fewer than `MAX_COMPILED` others have.

    Args:
        problem: as for `involve`.
    """
    return len(_compiled) < MAX_COMPILED or _key(problem) in _compiled


@lru_cache
def is_available() -> bool:
    """Return whether TensorFlow can compile by XLA on this machine."""
    with tf.init_scope():  # runs at once, also where the caller builds a graph
        try:
            tf.function(lambda x: x + 1, jit_compile=True)(tf.constant(0.0))
        except (tf.errors.OpError, ValueError):
            return False
    return True


def _key(problem: Problem) -> tuple[Any, ...]:
    """Return what a compiled function is found by, hashable."""
    inputs, kernels, windows = problem
    return (inputs.dtype, *inputs.shape, *kernels.shape, windows)
