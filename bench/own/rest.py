"""What of a model is not a spatial convolution, to be timed alone."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from bench.own.copying import copied
from bench.own.layers import LayerUse, uses
from involution.costs.calls import calls
from involution.geometry import WindowGeometry, checked_padding, output_sizes


def without_spatial(model: keras.Model) -> keras.Model:
    """Return a copy of a model with next to nothing in the place of its spatial convolutions.

    The time of the copy is about what the rest of the model takes: not exactly, as a compiler fuses
    what comes after a convolution with the convolution, and here with something else.

    Args:
        model: a functional or sequential model for images of a known size.

    Returns:
        A model whose layers have outputs of the same shapes. Each convolution that `uses` calls
        measured is a `StandIn`; the others have equal weights.

    Raises:
        ModelError: if the model has no such convolution.

    Example:
        >>> from involution.models import tutorial_cnn
        >>> rest = without_spatial(tutorial_cnn())
        >>> rest.output_shape, rest.count_params()
        ((None, 10), 262858)
    """
    layers = {call.path: call.layer for call in calls(model)}
    new = {
        id(layers[path]): StandIn(use, layers[path].activation, name=layers[path].name)
        for use in uses(model)
        if use.is_measured
        for path in use.names
    }
    return copied(model, lambda layer: new.get(id(layer)))


class StandIn(keras.layers.Layer):
    """Takes the place of a convolution, with outputs of the same shape.

    Rows, columns and channels of the input are left out, or channels repeated, and the activation
    of the convolution follows. A bias would be part of the convolution. All outputs are pixels of
    the input, so that no compiler can compute them beforehand.

    Args:
        use: what the convolution does in its model.
        activation: of the convolution.
        name: of the convolution.
    """

    def __init__(self, use: LayerUse, activation: Any, *, name: str) -> None:
        super().__init__(name=name, dtype=use.dtype)
        self.filters = use.filters
        self.activation = activation
        self.channels_axis = 1 if use.data_format == "channels_first" else 3
        self.rows_axis = 2 if use.data_format == "channels_first" else 1
        self.windows: WindowGeometry = {
            "kernel_size": (use.kernel_size[0], use.kernel_size[1]),
            "strides": (use.strides[0], use.strides[1]),
            "padding": checked_padding(use.padding),
            "dilation_rate": (use.dilation_rate[0], use.dilation_rate[1]),
        }

    def call(self, inputs: Any) -> Any:
        """Return pixels of the inputs, activated."""
        return self.activation(self._of_channels(self._of_positions(inputs)))

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """Return the shape of the convolution's outputs."""
        shape = list(input_shape)
        shape[self._positions] = output_sizes(shape[self._positions], **self.windows)
        shape[self.channels_axis] = self.filters
        return tuple(shape)

    @property
    def _positions(self) -> slice:
        return slice(self.rows_axis, self.rows_axis + 2)

    def _of_positions(self, inputs: Any) -> Any:
        """Return as many rows and columns as the convolution has windows."""
        strides = self.windows["strides"]
        if self.windows["padding"] == "same" and strides == (1, 1):
            return inputs
        numbers = output_sizes(ops.shape(inputs)[self._positions], **self.windows)
        kept = [slice(None)] * 4
        kept[self._positions] = [
            slice(0, (number - 1) * stride + 1, stride)
            for number, stride in zip(numbers, strides, strict=True)
        ]
        return inputs[tuple(kept)]

    def _of_channels(self, inputs: Any) -> Any:
        """Return as many channels as the convolution has filters."""
        whole, rest = divmod(self.filters, inputs.shape[self.channels_axis])
        kept = [slice(None)] * 4
        kept[self.channels_axis] = slice(0, rest)
        parts = [inputs] * whole + ([inputs[tuple(kept)]] if rest else [])
        return parts[0] if len(parts) == 1 else ops.concatenate(parts, self.channels_axis)
