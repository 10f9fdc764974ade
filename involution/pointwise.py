"""1x1 convolution as a matrix product."""

import keras
import tensorflow as tf
from keras import ops

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
        **kwargs: as for `keras.layers.Conv2D`; kernel_size and strides are 1, data_format is
            "channels_last".

    Example:
        >>> import numpy as np
        >>> tuple(PointwiseConv2D(9, kernel_size=1)(np.ones((2, 8, 8, 4), "float32")).shape)
        (2, 8, 8, 9)
    """

    def call(self, inputs):
        """Return (batch, height, width, filters) for (batch, height, width, channels)."""
        channels = inputs.shape[-1]
        # On a GPU a convolution adds the bias as it writes, and odd sizes make a product slow.
        if channels < MIN_CHANNELS or tf.config.list_physical_devices("GPU"):
            return super().call(inputs)
        pixels = ops.reshape(inputs, (-1, channels))
        weights = ops.reshape(self.kernel, (channels, self.filters))
        if self.use_bias:
            ones = ops.ones((ops.shape(pixels)[0], 1), pixels.dtype)
            pixels = ops.concatenate([pixels, ones], axis=1)
            weights = ops.concatenate([weights, self.bias[None]], axis=0)
        outputs = ops.reshape(ops.matmul(pixels, weights), (*ops.shape(inputs)[:-1], self.filters))
        return self.activation(outputs)
