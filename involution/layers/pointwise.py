"""1x1 convolution as a matrix product."""

from typing import Any

import keras
from keras import ops

from involution.ops.devices import has_gpu

# Products of fewer columns take longer than the convolution.
MIN_CHANNELS = 4


@keras.saving.register_keras_serializable(package="involution")
class PointwiseConv2D(keras.layers.Conv2D):
    """1x1 convolution, computed on a CPU as one matrix product with the bias as a row of weights.

    The kernels that a generator writes are by far the largest tensor of an involution layer. The
    product adds the bias as it writes them, and its gradient is that of the bias, too, where a sum
    of its own would read and write them once more.

    Args:
        filters: channels of the outputs.
        **kwargs: as for `keras.layers.Conv2D`, but strides, dilation_rate, groups and data_format,
            which are 1 and "channels_last".

    Example:
        >>> import numpy as np
        >>> tuple(PointwiseConv2D(9)(np.ones((2, 8, 8, 4), "float32")).shape)
        (2, 8, 8, 9)
    """

    def __init__(self, filters: int, **kwargs: Any):
        super().__init__(filters, kernel_size=1, data_format="channels_last", **kwargs)

    def get_config(self):
        """Return the arguments that make this layer again."""
        own = ["kernel_size", "strides", "padding", "dilation_rate", "groups", "data_format"]
        return {key: value for key, value in super().get_config().items() if key not in own}

    def call(self, inputs):
        """Return (batch, height, width, filters) for (batch, height, width, channels)."""
        channels = inputs.shape[-1]
        # On a GPU a convolution adds the bias as it writes, and odd sizes make a product slow.
        if channels < MIN_CHANNELS or has_gpu():
            return super().call(inputs)
        pixels = ops.reshape(inputs, (-1, channels))
        weights = ops.reshape(self.kernel, (channels, self.filters))
        if self.use_bias:
            ones = ops.ones((ops.shape(pixels)[0], 1), pixels.dtype)
            pixels = ops.concatenate([pixels, ones], axis=1)
            weights = ops.concatenate([weights, self.bias[None]], axis=0)
        outputs = ops.reshape(ops.matmul(pixels, weights), (*ops.shape(inputs)[:-1], self.filters))
        return self.activation(outputs)
