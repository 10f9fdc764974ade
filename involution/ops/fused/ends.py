"""Sums of shifted views of tensors, read in place or from a padded copy.

With the rows of all images one after another, a view shifted by one offset is the whole tensor
shifted by that offset. A shift leads out of the tensor only near the first and the last rows of
the batch. In place, only these few rows are copied and padded.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import tensorflow as tf

from involution.ops.types import Tensor

# Maps the rows to compute, and tensors of these and of a margin of further rows on both sides, to a
# tensor of the computed rows.
RowFunction: TypeAlias = Callable[..., Tensor]


def ends_apart(
    function: RowFunction, rows: Tensor, tensors: Sequence[Tensor], margin: int
) -> Tensor:
    """Compute something of each row from shifted views, both ends of the batch separately.

    Args:
        function: computes the rows.
        rows: (count,), at least twice the margin of them.
        tensors: each (count, ...).
        margin: number of rows at an end from which a shift may lead out of the tensors; not 0.

    Returns:
        The results of all rows: (count, ...).
    """
    first = function(rows[:margin], *(_padded(of[: 2 * margin], margin, 0) for of in tensors))
    middle = function(rows[margin:-margin], *tensors)
    last = function(rows[-margin:], *(_padded(of[-2 * margin :], 0, margin) for of in tensors))
    # A sum of zero-padded parts is fused into the loops that compute them, unlike a concatenation.
    rest = tf.shape(rows)[0] - margin
    return tf.add_n(
        [_padded(first, 0, rest), _padded(middle, margin, margin), _padded(last, rest, 0)]
    )


def ends_padded(
    function: RowFunction, rows: Tensor, tensors: Sequence[Tensor], margin: int
) -> Tensor:
    """Compute the same as `ends_apart` in one loop, from padded copies.

    Args:
        function: as for `ends_apart`.
        rows: (count,), any number of them.
        tensors: as for `ends_apart`.
        margin: as for `ends_apart`.

    Returns:
        The results of all rows: (count, ...).
    """
    return function(rows, *(_padded(of, margin, margin) for of in tensors))


def _padded(tensor: Tensor, before: int | Tensor, after: int | Tensor) -> Tensor:
    """Return a tensor with rows of zeros around it."""
    return tf.pad(tensor, [(before, after)] + [(0, 0)] * (tensor.shape.rank - 1))
