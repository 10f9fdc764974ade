"""What the outputs and both gradients have in common: geometry, groups, widths of numbers."""

from functools import partial, update_wrapper
from itertools import pairwise
from typing import Any, NamedTuple

import tensorflow as tf

# In a loop over more taps XLA runs out of registers and takes a multiple of the time.
MAX_TAPS = 121


class Geometry(NamedTuple):
    """What the compiled functions know of a problem beside their tensors; hashable."""

    sizes: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    borders: tuple[tuple[int, int], tuple[int, int]]
    groups: int


class Traced:
    """A function traced by a `tf.function` of its own for each set of hashable arguments.

    With a geometry among its arguments, a `tf.function` takes longer to find what it has traced
    than a small problem takes to compute.

    Args:
        python_function: takes hashable arguments by position, then tensors by name.
        jit_compile: as for `tf.function`.
    """

    def __init__(self, python_function, jit_compile: bool | None = None):
        self.python_function = python_function
        self._jit_compile = jit_compile
        self._functions: dict[tuple, Any] = {}
        update_wrapper(self, python_function)

    def __call__(self, *known, **tensors):
        """Return what the function returns."""
        function = self._functions.get(known)
        if function is None:  # Of two threads, both must get the same.
            function = self._functions.setdefault(known, self._trace(known))
        return function(**tensors)

    def _trace(self, known: tuple):
        of_tensors: Any = partial(self.python_function, *known)
        of_tensors.__name__ = self.python_function.__name__  # as a profiler shows it
        return tf.function(of_tensors, jit_compile=self._jit_compile, autograph=False)

    @property
    def traces(self) -> int:
        """How often it has been traced, for other arguments or tensors of another shape."""
        functions = self._functions.values()
        return sum(function.experimental_get_tracing_count() for function in functions)


Compiled = partial(Traced, jit_compile=True)


def in_parts(function):
    """Return a function that sums over all taps by parts of `MAX_TAPS` at most."""

    def over_all_rows(geometry: Geometry, **known):
        kernel_height, kernel_width = geometry.kernel_size
        parts = min(-(-kernel_height * kernel_width // MAX_TAPS), kernel_height)
        ends = [part * kernel_height // parts for part in range(parts + 1)]
        dtype = next(iter(known.values())).dtype
        known = {name: raw(tensor) for name, tensor in known.items()}
        sums = [function(geometry, rows, **known) for rows in pairwise(ends)]
        return sums[0] if parts == 1 else tf.cast(tf.add_n(sums), dtype)

    return over_all_rows


def sum_of_taps(product, rows, columns):
    """Return the sum of a product for each tap.

    Args:
        product: maps a row and a column of taps to a tensor.
        rows: of taps.
        columns: of taps.
    """
    # A sum for each row of taps: one chain of all would be as long as its latencies.
    return tf.add_n([tf.add_n([product(row, column) for column in columns]) for row in rows])


def after(tensor):
    """Return a context in which what is made waits for a tensor."""
    # The call of a function that TensorFlow inlines would itself hold nothing up.
    return tf.control_dependencies([tf.identity(tensor)])


def split(channels_last, groups: int):
    """Return a tensor with its channels as (groups, channels of a group)."""
    *positions, channels = channels_last.shape
    return tf.reshape(channels_last, (-1, *positions[1:], groups, channels // groups))


def inside(places, size: int):
    """Return which rows or columns are in the image, to select among (..., groups, channels)."""
    return ((places >= 0) & (places < size))[..., tf.newaxis, tf.newaxis]


def raw(tensor):
    """Return bfloat16 as its bits, which XLA moves as they are; other types unchanged.

    On a CPU it would convert bfloat16 to float32 and back in each slice and each pad.
    """
    return tf.bitcast(tensor, tf.uint16) if tensor.dtype == tf.bfloat16 else tensor


def wide(tensor):
    """Return 16-bit floats as 32-bit ones, in which sums are taken; bfloat16 also from its bits."""
    if tensor.dtype == tf.uint16:
        bits = tf.bitwise.left_shift(tf.cast(tensor, tf.uint32), tf.constant(16, tf.uint32))
        return tf.bitcast(bits, tf.float32)
    return tf.cast(tensor, tf.float32) if tensor.dtype.size < 4 else tensor


def narrow(geometry: Geometry, kernel_rows: tuple[int, int], sums, raw_dtype):
    """Return the sums in their own dtype, or as they are where other parts will be added."""
    if kernel_rows != (0, geometry.kernel_size[0]):
        return sums
    return tf.cast(sums, tf.bfloat16 if raw_dtype == tf.uint16 else raw_dtype)
