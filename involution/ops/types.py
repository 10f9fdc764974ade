"""Types of the arguments and results of the operators.

TensorFlow ships no types. A `Tensor` is therefore `Any` to a type checker, unless the stubs
`types-tensorflow` are installed. What may be passed as a tensor is described by `TensorLike`, which
needs no stubs.
"""

from typing import Any, NamedTuple, Protocol, TypeAlias

import tensorflow as tf

from involution.geometry import Padding, WindowGeometry, borders

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


class Windows(NamedTuple):
    """The windows of a problem; hashable.

    Attributes:
        kernel_size: (vertical, horizontal), in taps.
        strides: (vertical, horizontal), in pixels.
        padding: "same", "valid", or zeros on every side.
        dilation_rate: (vertical, horizontal), in pixels.
        groups: of channels, each with a kernel.
    """

    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    padding: Padding
    dilation_rate: tuple[int, int]
    groups: int

    @property
    def geometry(self) -> WindowGeometry:
        """The keyword arguments of the functions in `involution.geometry`."""
        return WindowGeometry(
            kernel_size=self.kernel_size,
            strides=self.strides,
            padding=self.padding,
            dilation_rate=self.dilation_rate,
        )


class Problem(NamedTuple):
    """Checked arguments of `involve`, as each implementation takes them.

    Attributes:
        inputs: (batch, height, width, channels).
        kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).
        windows: their geometry.
    """

    inputs: Tensor
    kernels: Tensor
    windows: Windows

    @property
    def borders(self) -> Borders:
        """Zeros around the input."""
        sizes = [
            tf.shape(self.inputs)[axis] if size is None else size
            for axis, size in enumerate(self.inputs.shape)
        ]
        return borders(sizes[1:3], **self.windows.geometry)


class Generator(NamedTuple):
    """The last 1x1 convolution of a kernel generator, and its inputs.

    Attributes:
        features: (batch, out_height, out_width, reduced_channels).
        weights: (reduced_channels, kernel_height * kernel_width * groups).
        bias: (kernel_height * kernel_width * groups,).
    """

    features: Tensor
    weights: Tensor
    bias: Tensor

    def kernels(self, windows: Windows) -> Tensor:
        """Return the kernels: (batch, out_height, out_width, kernel_height, kernel_width, groups).

        Args:
            windows: their geometry.
        """
        flat = tf.matmul(tf.reshape(self.features, (-1, self.weights.shape[0])), self.weights)
        positions = tf.shape(self.features)[:3]
        sizes = tf.concat([positions, [*windows.kernel_size, windows.groups]], axis=0)
        return tf.reshape(flat + self.bias, sizes)


class Epilogue(NamedTuple):
    """What is done to the outputs of each channel in the pass that writes them.

    Attributes:
        scale: (channels,), factors.
        shift: (channels,), added after the factors.
        rectified: whether negative results become zero, as by ReLU.
    """

    scale: Tensor
    shift: Tensor
    rectified: bool

    def applied(self, outputs: Tensor) -> Tensor:
        """Return the outputs after this, computed by itself.

        Args:
            outputs: (batch, out_height, out_width, channels).
        """
        outputs = outputs * self.scale + self.shift
        return tf.nn.relu(outputs) if self.rectified else outputs
