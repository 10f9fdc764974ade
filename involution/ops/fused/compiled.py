"""What the three sums have in common: they are compiled by XLA, in parts, and add in 32 bits."""

from collections.abc import Callable, Hashable, Sequence
from functools import cache, partial
from typing import Any

import tensorflow as tf

from involution.ops.internals import compiled_with_others
from involution.ops.portable import is_portable
from involution.ops.types import Tensor, Windows

# In a loop over more taps XLA's code spills registers and takes several times as long.
MAX_TAPS = 121


def compiled(function: Callable[..., Tensor], *known: Hashable, **tensors: Tensor) -> Tensor:
    """Return the result of a function that XLA compiles, once for each set of known arguments.

    Args:
        function: computes a tensor.
        *known: what it takes by position.
        **tensors: what it takes by name.
    """
    if is_portable():
        return function(*known, **tensors)
    # One for each batch size: TensorFlow warns of a function that is traced again and again.
    batch = next(iter(tensors.values())).shape[0]
    if not compiled_with_others():
        return _compiled(function, batch, *known)(**tensors)
    # XLA would recompute what makes the tensors for each tap, and all taps for each reader.
    tensors = {name: _materialised(tensor) for name, tensor in tensors.items()}
    return _materialised(_compiled(function, batch, *known)(**tensors))


def sum_of_parts(
    function: Callable[..., Tensor], windows: Windows, *known: Hashable, **tensors: Tensor
) -> Tensor:
    """Return a sum over all taps in the dtype of the tensors, in parts of at most `MAX_TAPS`.

    Args:
        function: takes the windows, the rows of taps to sum, and what follows here.
        windows: geometry.
        *known: what it takes by position.
        **tensors: what it takes by name.
    """
    rows, width = range(windows.kernel_size[0]), windows.kernel_size[1]
    count = max(len(rows) // -(-len(rows) * width // MAX_TAPS), 1)
    sums = [
        compiled(function, windows, rows[first : first + count], *known, **tensors)
        for first in rows[::count]
    ]
    return tf.cast(tf.add_n(sums), next(iter(tensors.values())).dtype)


def raw(tensor: Tensor) -> Tensor:
    """Return bfloat16 as its bits, which XLA moves unchanged; other types as they are.

    On a CPU, XLA would convert bfloat16 to float32 and back in each slice and each pad.
    """
    return tf.bitcast(tensor, tf.uint16) if tensor.dtype == tf.bfloat16 else tensor


def wide(tensor: Tensor) -> Tensor:
    """Return 16-bit floats as 32-bit ones, for sums; bfloat16 may come as its bits."""
    if tensor.dtype == tf.uint16:
        bits = tf.bitwise.left_shift(tf.cast(tensor, tf.uint32), tf.constant(16, tf.uint32))
        return tf.bitcast(bits, tf.float32)
    return tf.cast(tensor, tf.float32) if tensor.dtype.size < 4 else tensor


def grouped(tensor: Tensor, sizes: Sequence[int], groups: int) -> Tensor:
    """Return a tensor (batch, *sizes, groups, channels of a group), for sums."""
    return tf.reshape(wide(tensor), (-1, *sizes, groups, tensor.shape[-1] // groups))


@cache
def _compiled(function: Callable[..., Tensor], _: int | None, *known: Hashable) -> Any:
    # A single `tf.function` would take longer to find its trace by a geometry among its arguments
    # than a small problem takes to compute.
    of_tensors: Any = partial(function, *known)
    of_tensors.__name__ = function.__name__  # what a profiler shows
    return tf.function(of_tensors, jit_compile=True, autograph=False)


def _materialised(tensor: Tensor) -> Tensor:
    """Return a tensor that XLA writes to memory before anything reads it.

    Loop-carried values are materialised. The tensor is carried by a loop that never runs, which
    XLA cannot know; and since its body would change the tensor, XLA cannot move it past the loop.
    """
    first = tf.reduce_sum(tf.cast(tf.reshape(tensor, (-1,))[:1], tf.float32))
    return tf.while_loop(lambda _: first > first + 1, lambda held: held + held, (tensor,))[0]
