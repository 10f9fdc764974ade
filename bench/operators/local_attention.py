"""Local self-attention: each position attends to the window around it."""

from typing import Any

import keras
from keras import ops

from bench.operators.blocks import BlockedAxis, Indices, attended, blocked
from involution.geometry import odd_pair, pair, positive
from involution.ops.types import Tensor

# A score that leaves no weight behind. float16 can hold it; where no position of a row is inside,
# minus infinity would give NaN.
MASKED = -3e4


class LocalAttention(keras.layers.Layer):
    """Self-attention of each position to the window around it, "same" padded.

    Positions outside the image get no weight. Positions have no encoding. Scores are divided by the
    square root of a head's channels, as in `keras.layers.MultiHeadAttention`. It is computed by
    blocks: the queries of a block of outputs attend in one product to all pixels under its windows,
    and what is outside a query's own window is masked (Vaswani et al., "Scaling Local
    Self-Attention for Parameter Efficient Visual Backbones", CVPR 2021).

    Args:
        kernel_size: taps of a window, an odd integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: heads, each of channels // groups adjacent channels. Default 1.
        **kwargs: as for any Keras layer: name, dtype, trainable.

    Input shape:
        (batch, height, width, channels); the batch may be unknown.

    Output shape:
        (batch, out_height, out_width, channels).

    Raises:
        ValueError: if an argument is out of range or `groups` does not divide the channels.

    Source:
        Ramachandran et al., "Stand-Alone Self-Attention in Vision Models", NeurIPS 2019.

    Example:
        >>> import numpy as np
        >>> layer = LocalAttention(3, strides=2, groups=2)
        >>> tuple(layer(np.ones((1, 8, 8, 4), "float32")).shape)
        (1, 4, 4, 4)
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        *,
        strides: int | tuple[int, int] = 1,
        dilation_rate: int | tuple[int, int] = 1,
        groups: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kernel_size = odd_pair(kernel_size, "kernel_size")
        self.strides = pair(strides, "strides")
        self.dilation_rate = pair(dilation_rate, "dilation_rate")
        self.groups = positive(groups, "groups")

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Create the three projections, each (channels, channels)."""
        channels = input_shape[3]
        if channels % self.groups:
            raise ValueError(
                "`groups` must divide `channels`. "
                f"Received: groups={self.groups}, channels={channels}"
            )
        self.to_queries, self.to_keys, self.to_values = (
            self.add_weight((channels, channels), name=name)
            for name in ("to_queries", "to_keys", "to_values")
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Return the values of each window, weighted by the softmax of its scores."""
        rows, columns = (
            blocked(*axis)
            for axis in zip(
                inputs.shape[1:3], self.kernel_size, self.strides, self.dilation_rate, strict=True
            )
        )
        queries = ops.matmul(inputs[:, rows.centres, columns.centres], self.to_queries)
        queries = queries * (inputs.shape[3] // self.groups) ** -0.5
        queries = self._blocks(queries, rows.outputs, columns.outputs)
        keys, values = (
            self._blocks(ops.matmul(inputs, weights), rows.pixels, columns.pixels)
            for weights in (self.to_keys, self.to_values)
        )
        scores = ops.matmul(queries, ops.swapaxes(keys, 3, 4))
        scores = ops.where(attended(rows, columns), scores, MASKED)
        return self._joined(ops.matmul(ops.softmax(scores), values), rows, columns)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        batch, *sizes, channels = input_shape
        windows = (-(-size // step) for size, step in zip(sizes, self.strides, strict=True))
        return (batch, *windows, channels)

    def _blocks(self, pixels: Tensor, rows: Indices, columns: Indices) -> Tensor:
        """Return (batch, blocks, groups, pixels of a block, channels of a group)."""
        per_group = pixels.shape[3] // self.groups
        taken = ops.take(ops.take(pixels, rows.ravel(), axis=1), columns.ravel(), axis=2)
        split = ops.reshape(taken, (-1, *rows.shape, *columns.shape, self.groups, per_group))
        blocks, of_block = len(rows) * len(columns), rows.shape[1] * columns.shape[1]
        by_block = ops.transpose(split, (0, 1, 3, 5, 2, 4, 6))
        return ops.reshape(by_block, (-1, blocks, self.groups, of_block, per_group))

    def _joined(self, blocks: Tensor, rows: BlockedAxis, columns: BlockedAxis) -> Tensor:
        """Return (batch, out_height, out_width, channels) from blocks of outputs."""
        (down, high), (across, wide) = rows.outputs.shape, columns.outputs.shape
        split = ops.reshape(blocks, (-1, down, across, self.groups, high, wide, blocks.shape[4]))
        by_row = ops.transpose(split, (0, 1, 4, 2, 5, 3, 6))
        channels = self.groups * blocks.shape[4]
        whole = ops.reshape(by_row, (-1, down * high, across * wide, channels))
        return whole[:, : rows.size, : columns.size]
