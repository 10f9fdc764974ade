"""Functions with gradients of their own, where `tf.custom_gradient` alone falls short."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from involution.ops.internals import has_tangents
from involution.ops.types import Tensor


def with_gradient(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose gradients hold in graphs, too: of any order, and in forward mode.

    Args:
        function: as for `tf.custom_gradient`; its arguments are tensors.
    """
    custom = tf.custom_gradient(function)

    def call(*tensors: Tensor) -> Any:
        if tf.executing_eagerly():
            return custom(*tensors)
        # The gradient's function holds its arguments. If they belonged to an outer graph, the
        # graph of a second derivative could not read them.
        local = [tf.identity(tensor) for tensor in tensors]
        # In a graph, forward mode takes the gradient of what a function does in place of the
        # function's own gradient, except that of a `tf.function`.
        return (tf.function(custom, autograph=False) if has_tangents(local) else custom)(*local)

    return call


def of_shape(tensor: Tensor, shape: tf.TensorShape) -> Tensor:
    """Return a tensor whose shape is known to be `shape`.

    Args:
        tensor: of this shape, perhaps not known when a graph is built.
        shape: as far as it is known.
    """
    if tensor.shape.rank is not None and tensor.shape.as_list() == shape.as_list():
        return tensor  # forward mode in a graph cannot take what the next line adds
    return tf.ensure_shape(tensor, shape)
