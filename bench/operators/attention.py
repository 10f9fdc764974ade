"""Self-attention, of which involution is a generalisation: over the whole map, and local."""

from typing import Any

import keras
from keras import ops

from bench.cases import Case
from bench.operators.definition import ITEMSIZES, Operator, geometry, where_involution_can
from bench.operators.local_attention import LocalAttention
from bench.references import attention as references
from involution import costs
from involution.geometry import pair
from involution.ops.types import Tensor

# The scores are batch x heads x positions^2 numbers: 0.13 GB in the base case, which has as many
# positions, and 16 times as much at twice its height and width.
MOST_POSITIONS = 1024


class SelfAttention(keras.layers.Layer):
    """Keras's `MultiHeadAttention` of positions of an image to all of its positions.

    Keras rounds the factor 1 / sqrt(channels of a head) to float32. In float64 the check refuses it
    where that factor is not exact.

    Args:
        strides: pixels from one query to the next, an integer or (vertical, horizontal). Default 1.
        groups: heads, each of channels // groups channels. Default 1.
        **kwargs: as for any Keras layer: name, dtype, trainable.

    Input shape:
        (batch, height, width, channels); the batch may be unknown.

    Output shape:
        (batch, out_height, out_width, channels).

    Source:
        Vaswani et al., "Attention Is All You Need", NeurIPS 2017.

    Example:
        >>> import numpy as np
        >>> layer = SelfAttention(strides=2, groups=2)
        >>> tuple(layer(np.ones((1, 8, 8, 4), "float32")).shape)
        (1, 4, 4, 4)
    """

    def __init__(
        self, *, strides: int | tuple[int, int] = 1, groups: int = 1, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.strides = pair(strides, "strides")
        self.groups = groups

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Create the layer of Keras, without biases: that of the keys has no effect."""
        channels = input_shape[3]
        self.attention = keras.layers.MultiHeadAttention(
            self.groups, channels // self.groups, use_bias=False, dtype=self.dtype_policy
        )
        self.attention.build((None, None, channels), (None, None, channels))

    def call(self, inputs: Tensor) -> Tensor:
        """Return the outputs at every stride-th position."""
        channels = inputs.shape[3]
        vertical, horizontal = self.strides
        positions = ops.reshape(inputs, (-1, inputs.shape[1] * inputs.shape[2], channels))
        kept = inputs[:, ::vertical, ::horizontal]
        rows, columns = kept.shape[1:3]
        queries = ops.reshape(kept, (-1, rows * columns, channels))
        return ops.reshape(self.attention(queries, positions), (-1, rows, columns, channels))

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        batch, *sizes, channels = input_shape
        windows = (-(-size // step) for size, step in zip(sizes, self.strides, strict=True))
        return (batch, *windows, channels)


def _of_few_positions(case: Case) -> Case | None:
    is_large = case.height * case.width > MOST_POSITIONS
    return None if is_large or case.padding != "same" or case.filters else case


def _around_a_centre(case: Case) -> Case | None:
    return where_involution_can(case) if case.padding == "same" else None


def _self_attention(case: Case) -> keras.layers.Layer:
    return SelfAttention(strides=case.strides, groups=case.groups, dtype=case.dtype)


def _local_attention(case: Case) -> keras.layers.Layer:
    return LocalAttention(
        case.kernel_size,
        strides=case.strides,
        dilation_rate=case.dilation_rate,
        groups=case.groups,
        dtype=case.dtype,
    )


def _self_costs(case: Case) -> costs.Costs:
    return costs.self_attention(
        case.shape,
        strides=case.strides,
        itemsize=ITEMSIZES[case.dtype],
        training=case.direction == "training",
    )


def _local_costs(case: Case) -> costs.Costs:
    return costs.local_attention(**geometry(case))


ATTENTION = Operator(
    "attention",
    "keras",
    "graph",
    fit=_of_few_positions,
    build=_self_attention,
    costs=_self_costs,
    reference=references.self_attention,
)

LOCAL_ATTENTION = Operator(
    "local attention",
    "keras",
    "graph",
    fit=_around_a_centre,
    build=_local_attention,
    costs=_local_costs,
    reference=references.local_attention,
)
