"""The costs of self-attention by formula: over all positions, and over a window."""

from collections.abc import Sequence
from math import prod

from involution.costs.operators import Costs, costs_of, positions_of
from involution.geometry import Padding, pair


def self_attention(
    shape: Sequence[int],
    *,
    strides: int | tuple[int, int] = 1,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of multi-head self-attention over all positions of a map.

    Queries, keys, values and the outputs are each a projection from all channels to as many,
    without a bias, and a head has channels / heads of them. The number of heads then changes no
    cost.

    Args:
        shape: (batch, height, width, channels) of the input.
        strides: pixels from one query to the next, an integer or two; keys and values are those of
            all positions. Default 1.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs. Scores and projections are intermediate results and do not count among the bytes.

    Raises:
        ValueError: if an argument is out of range.

    Source:
        Vaswani et al., "Attention Is All You Need", NeurIPS 2017.

    Example:
        >>> self_attention((1, 32, 32, 64)).macs
        150994944
    """
    queries = positions_of(shape, 1, strides, "same", 1)
    weights = shape[3] ** 2
    macs = _macs(shape, queries, prod(shape[1:3])) + queries * weights
    moved = prod(shape) + 4 * weights + queries * shape[3]
    return costs_of(4 * weights, macs, moved, itemsize=itemsize, training=training)


def local_attention(
    shape: Sequence[int],
    *,
    kernel_size: int | tuple[int, int],
    strides: int | tuple[int, int] = 1,
    padding: Padding = "same",
    dilation_rate: int | tuple[int, int] = 1,
    itemsize: int = 4,
    training: bool = False,
) -> Costs:
    """Return the costs of multi-head self-attention of each position to the window around it.

    Queries, keys and values are each a projection from all channels to as many, without a bias, and
    a head has channels / heads of them. The number of heads then changes no cost.

    Args:
        shape: (batch, height, width, channels) of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same", "valid" or the number of zeros on every side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        itemsize: bytes of one number. Default 4, as in float32.
        training: whether to count the gradients for inputs and weights too. Default False.

    Returns:
        The costs. Scores and projections are intermediate results and do not count among the bytes.

    Raises:
        ValueError: if an argument is out of range.

    Source:
        Ramachandran et al., "Stand-Alone Self-Attention in Vision Models", NeurIPS 2019.

    Example:
        >>> local_attention((1, 32, 32, 64), kernel_size=7).macs
        19005440
    """
    queries = positions_of(shape, kernel_size, strides, padding, dilation_rate)
    taps = prod(pair(kernel_size, "kernel_size"))
    parameters = 3 * shape[3] ** 2
    moved = prod(shape) + parameters + queries * shape[3]
    macs = _macs(shape, queries, taps)
    return costs_of(parameters, macs, moved, itemsize=itemsize, training=training)


def _macs(shape: Sequence[int], queries: int, attended: int) -> int:
    """Return the MACs of the projections to queries, keys and values, and of both products.

    Args:
        shape: (batch, height, width, channels) of the input.
        queries: positions that attend, in the whole batch.
        attended: positions that each attends to.
    """
    channels = shape[3]
    projected = queries + 2 * prod(shape[:3])
    scores = weighted = queries * attended * channels
    return projected * channels**2 + scores + weighted
