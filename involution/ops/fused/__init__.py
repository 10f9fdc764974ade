"""Involution as a sum of shifted inputs, compiled by XLA into a few loops.

Tap (i, j) of all windows together is one shifted view of the padded input. XLA fuses the sum of
these views times their kernels into one loop, which reads each number from the cache and never
materialises the windows.

With weights on the outputs, the sum of all outputs is a form that is linear in the inputs, in the
kernels and in these weights. Involution and its two gradients are the three derivatives of this
form, and the derivatives of each are the other two. Gradients of any order are therefore made of
the same three functions.

`docs/fused.md` in the repository has the formulations that were tried, with their times.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import tensorflow as tf

from involution.ops.fused.inputs import by_inputs
from involution.ops.fused.kernels import by_kernels
from involution.ops.fused.outputs import by_outputs
from involution.ops.fused.problem import Geometry, after, in_parts
from involution.ops.internals import compiled_with_others
from involution.ops.once import computed_once
from involution.ops.types import Problem, Tensor

# Each problem takes a second or so of compilation and some memory that is never released. A model
# has a few dozen at most, so with more than this the shapes change from call to call.
MAX_COMPILED = 256

# A tensor of the form, by which it is differentiated.
Factor: TypeAlias = Literal["inputs", "kernels", "outputs"]

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
    inputs, kernels = problem.inputs, problem.kernels
    geometry = Geometry(
        sizes=tuple(inputs.shape[1:3]),
        kernel_size=problem.windows.kernel_size,
        strides=problem.windows.strides,
        borders=problem.borders,
        dilation_rate=problem.windows.dilation_rate,
        groups=problem.windows.groups,
    )
    return _derivative(geometry, "outputs", inputs=inputs, kernels=kernels)


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


def _derivative(geometry: Geometry, by: Factor, **others: Tensor) -> Tensor:
    """Return the derivative of the trilinear form by one of its three tensors.

    Args:
        geometry: of the problem.
        by: the tensor to differentiate by.
        **others: the other two tensors, by name.

    Returns:
        A tensor of the shape of `by`.
    """

    @tf.custom_gradient
    def function(*tensors: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        known: dict[Any, Tensor] = dict(zip(others, tensors, strict=True))

        def gradients(upstream: Tensor) -> tuple[Tensor, Tensor]:
            first, second = known
            upstream = tf.ensure_shape(upstream, result.shape)
            if compiled_with_others():
                upstream = computed_once(upstream, unknown=tensors[1])
            with tf.name_scope("gradient_tape/core"):  # where a profiler finds other gradients
                by_second = _derivative(geometry, second, **{by: upstream, first: known[first]})
                # One after the other: both at once take as long, and the memory of both.
                with after(by_second):
                    by_first = _derivative(geometry, first, **{by: upstream, second: known[second]})
            return by_first, by_second

        # Without this a tape would also compile and run XLA's own gradient of the function.
        stopped = {name: tf.stop_gradient(tensor) for name, tensor in known.items()}
        result = _DERIVATIVES[by](geometry, **stopped)
        if compiled_with_others():
            result = computed_once(result, unknown=tensors[1])
        return result, gradients

    return function(*others.values())


_DERIVATIVES: dict[Factor, Callable[..., Tensor]] = {
    "inputs": in_parts(by_inputs),
    "kernels": by_kernels,
    "outputs": in_parts(by_outputs),
}
