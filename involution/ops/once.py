"""Barriers against XLA's fusion and constant folding.

XLA fuses a producer into its consumers and recomputes it in each. When the operations around a sum
over taps are compiled with it, fusion has two costs. What computes the inputs of the sum is
recomputed for each tap, and the whole sum is recomputed in each consumer of its results. XLA also
folds what it knows at compile time into constants, which it then reads from memory.
"""

from collections.abc import Callable

import tensorflow as tf

from involution.ops.types import Tensor


def unknown_zero(tensor: Tensor) -> Tensor:
    """Return a zero that XLA cannot fold into a constant.

    Args:
        tensor: of any shape; its numbers are not known at compile time.

    Returns:
        A scalar, int32.
    """
    first = tf.reduce_sum(tf.cast(tf.reshape(tensor, (-1,))[:1], tf.float32))
    return tf.cast(first > first + 1, tf.int32)


def computed_once(tensor: Tensor, unknown: Tensor | None = None) -> Tensor:
    """Return a tensor that XLA materialises before anything reads it.

    Loop-carried values are materialised. The tensor is carried by a loop that never runs. XLA
    cannot know that the loop never runs; and since its body would change the tensor, XLA cannot
    move the tensor past the loop.

    Args:
        tensor: of any shape.
        unknown: a tensor that is not known at compile time and whose first number is cheap to
            compute. Default: `tensor`.

    Returns:
        The same numbers.
    """
    end = unknown_zero(tensor if unknown is None else unknown)

    @tf.custom_gradient
    def hold(tensor: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
        _, held = tf.while_loop(
            lambda count, _: count < end,
            lambda count, held: (count + 1, held + held),
            (tf.constant(0), tensor),
        )
        return held, lambda upstream: upstream

    return hold(tensor)
