"""Types of the arguments and results of the operators.

TensorFlow ships no types. A `Tensor` is therefore `Any` to a type checker, unless the stubs
`types-tensorflow` are installed. What may be passed as a tensor is described by `TensorLike`, which
needs no stubs.
"""

from typing import Any, NamedTuple, Protocol, TypeAlias

import tensorflow as tf

# What the backend computes with, and returns.
Tensor: TypeAlias = tf.Tensor

# ((top, bottom), (left, right)): integers, or scalar tensors where a size is unknown.
Borders: TypeAlias = tuple[tuple[Any, Any], tuple[Any, Any]]


class TensorLike(Protocol):
    """What is accepted as a tensor: tensors and variables of the backend, and NumPy arrays."""

    @property
    def shape(self) -> Any:
        """The size of each dimension."""

    @property
    def dtype(self) -> Any:
        """The type of the numbers."""


class Problem(NamedTuple):
    """Checked arguments of `involve`, as each implementation takes them.

    Attributes:
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        strides: (vertical, horizontal), in pixels.
        borders: ((top, bottom), (left, right)), zeros around the input.
        dilation_rate: (vertical, horizontal), in pixels.
    """

    inputs: Tensor
    kernels: Tensor
    strides: tuple[int, int]
    borders: Borders
    dilation_rate: tuple[int, int]
