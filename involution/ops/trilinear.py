"""Gradients of any order, from three sums.

With weights on the outputs, the sum of all outputs is a form that is linear in the inputs, in the
kernels and in these weights. Involution and its two gradients are the three derivatives of this
form, and the derivatives of each are the other two.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

import tensorflow as tf

from involution.ops.custom import of_shape, with_gradient
from involution.ops.types import Tensor

# A tensor of the form, by which it is differentiated.
Factor: TypeAlias = Literal["inputs", "kernels", "outputs"]

# The derivative by each factor, a function of the other two by name.
Sums: TypeAlias = Mapping[Factor, Callable[..., Tensor]]


def derivative(sums: Sums, by: Factor, **others: Tensor) -> Tensor:
    """Return the derivative of the form by one of its three tensors.

    Args:
        sums: compute the three derivatives.
        by: the tensor to differentiate by.
        **others: the other two tensors, by name.

    Returns:
        A tensor of the shape of `by`, differentiable by the others.
    """

    @with_gradient
    def function(*tensors: Tensor) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
        known: dict[Any, Tensor] = dict(zip(others, tensors, strict=True))

        def gradients(upstream: Tensor) -> tuple[Tensor, Tensor]:
            first, second = known
            upstream = of_shape(upstream, result.shape)
            with tf.name_scope("gradient_tape/core"):  # where a profiler finds other gradients
                by_first = derivative(sums, first, **{by: upstream, second: known[second]})
                # One after the other: both at once take as long, and the memory of both.
                with tf.control_dependencies([tf.identity(by_first)]):
                    by_second = derivative(sums, second, **{by: upstream, first: known[first]})
            return by_first, by_second

        # Without this a tape would also record, and perhaps run, what computes the sum.
        stopped = {name: tf.stop_gradient(tensor) for name, tensor in known.items()}
        result = sums[by](**stopped)
        return result, gradients

    result: Tensor = function(*others.values())
    return result
