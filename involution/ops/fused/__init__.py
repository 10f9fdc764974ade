"""Involution as a sum of shifted inputs, compiled by XLA into a few loops.

Tap (i, j) of every window together is one shifted view of the padded input. XLA turns the sum
of these views times their kernels into one loop that reads each number from the cache, and
never holds the windows themselves.

With weights on the outputs, the sum of all outputs is a form that is linear in inputs, in kernels
and in those weights. Involution and its two gradients are the three derivatives of this form, and
the derivatives of each are the other two: gradients of any order are made of the same functions.
"""

from functools import lru_cache

import tensorflow as tf

from involution.ops.fused.inputs import by_inputs
from involution.ops.fused.kernels import by_kernels
from involution.ops.fused.outputs import by_outputs
from involution.ops.fused.problem import Geometry, after, in_parts
from involution.ops.once import compiled_with_others, computed_once

# Each is a second or so of compilation and some memory that is never given back; a model has a
# few dozen at most, so beyond this the shapes change from call to call.
MAX_COMPILED = 256

_seen: set[tuple] = set()


def involve(inputs, kernels, strides, dilation_rate, borders):
    """Compute involution from shifted inputs.

    A function is compiled once for each geometry, dtype and batch size, and shared by all
    layers that have them.

    Args:
        inputs: (batch, height, width, channels), all but the batch known.
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups), all but
            the batch known.
        strides: (vertical, horizontal), in pixels.
        dilation_rate: (vertical, horizontal), in pixels.
        borders: ((top, bottom), (left, right)), zeros around the input.

    Returns:
        (batch, out_height, out_width, channels).
    """
    geometry = Geometry(
        tuple(inputs.shape[1:3]),
        tuple(kernels.shape[3:5]),
        strides,
        dilation_rate,
        borders,
        kernels.shape[5],
    )
    return _derivative(geometry, "outputs", inputs=inputs, kernels=kernels)


@lru_cache
def is_available() -> bool:
    """Return whether TensorFlow can compile by XLA on this machine."""
    with tf.init_scope():  # at once, also where the caller builds a graph
        try:
            tf.function(lambda x: x + 1, jit_compile=True)(tf.constant(0.0))
        except (tf.errors.OpError, ValueError):
            return False
    return True


def takes(inputs, kernels, strides, dilation_rate, borders) -> bool:
    """Return whether `involve` can compute this here, and note that it will.

    Args:
        inputs: as for `involve`.
        kernels: as for `involve`.
        strides: as for `involve`.
        dilation_rate: as for `involve`.
        borders: as for `involve`.

    Returns:
        False if a size but the batch is unknown, or if too many problems have been compiled.
    """
    if None in (*inputs.shape[1:], *kernels.shape[1:]):
        return False
    problem = (
        *(inputs.dtype, *inputs.shape, *kernels.shape),
        *(strides, dilation_rate, borders),
    )
    if problem not in _seen and len(_seen) >= MAX_COMPILED:
        return False
    _seen.add(problem)
    return True


def _derivative(geometry: Geometry, by: str, **others):
    """Return the derivative of the trilinear form by one of its three tensors.

    Args:
        geometry: of the problem.
        by: "inputs", "kernels" or "outputs".
        **others: the other two tensors, by name.

    Returns:
        A tensor of the shape of `by`.
    """

    @tf.custom_gradient
    def function(*tensors):
        known = dict(zip(others, tensors, strict=True))

        def gradients(upstream):
            first, second = known
            upstream = tf.ensure_shape(upstream, result.shape)
            if compiled_with_others():
                upstream = computed_once(upstream, unknown=tensors[1])
            with tf.name_scope("gradient_tape/core"):  # as a profiler finds other gradients
                by_second = _derivative(geometry, second, **{by: upstream, first: known[first]})
                # One after the other: at once they take as long, and the memory of both.
                with after(by_second):
                    by_first = _derivative(geometry, first, **{by: upstream, second: known[second]})
            return by_first, by_second

        # What computes it has no other gradient, which a tape would compile and run beside it.
        stopped = {name: tf.stop_gradient(tensor) for name, tensor in known.items()}
        result = _DERIVATIVES[by](geometry, **stopped)
        if compiled_with_others():
            result = computed_once(result, unknown=tensors[1])
        return result, gradients

    return function(*others.values())


_DERIVATIVES = {
    "inputs": in_parts(by_inputs),
    "kernels": by_kernels,
    "outputs": in_parts(by_outputs),
}
