"""What the outputs and both gradients have in common: geometry, groups and number formats."""

from collections.abc import Callable, Hashable, Iterable
from contextlib import AbstractContextManager
from functools import partial, update_wrapper
from itertools import pairwise
from typing import Any, NamedTuple

import tensorflow as tf

from involution.ops.types import Tensor

# In a loop over more taps XLA's code spills registers and takes several times as long.
MAX_TAPS = 121


class Geometry(NamedTuple):
    """What the compiled functions know of a problem apart from its tensors; hashable."""

    sizes: tuple[int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    borders: tuple[tuple[int, int], tuple[int, int]]
    dilation_rate: tuple[int, int]
    groups: int


class Traced:
    """A function with a `tf.function` of its own for each set of hashable arguments.

    With a geometry among its arguments, one `tf.function` takes longer to find its trace than a
    small problem takes to compute.

    Args:
        python_function: takes hashable arguments by position, then tensors by name.
        jit_compile: as for `tf.function`. Default None.
    """

    def __init__(
        self, python_function: Callable[..., Tensor], *, jit_compile: bool | None = None
    ) -> None:
        self.python_function = python_function
        self._jit_compile = jit_compile
        self._functions: dict[tuple[Hashable, ...], Any] = {}
        update_wrapper(self, python_function)

    def __call__(self, *known: Hashable, **tensors: Tensor) -> Tensor:
        """Return what the function returns."""
        function = self._functions.get(known)
        if function is None:  # `setdefault` gives the same function to two threads.
            function = self._functions.setdefault(known, self._trace(known))
        return function(**tensors)

    def _trace(self, known: tuple[Hashable, ...]) -> Callable[..., Tensor]:
        of_tensors: Any = partial(self.python_function, *known)
        of_tensors.__name__ = self.python_function.__name__  # what a profiler shows
        traced: Callable[..., Tensor] = tf.function(
            of_tensors, jit_compile=self._jit_compile, autograph=False
        )
        return traced

    @property
    def traces(self) -> int:
        """How often it has been traced, for other arguments or for tensors of another shape."""
        functions = self._functions.values()
        return sum(function.experimental_get_tracing_count() for function in functions)


Compiled = partial(Traced, jit_compile=True)


def in_parts(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a function that sums over all taps in parts of at most `MAX_TAPS`."""

    def over_all_rows(geometry: Geometry, **known: Tensor) -> Tensor:
        kernel_height, kernel_width = geometry.kernel_size
        parts = min(-(-kernel_height * kernel_width // MAX_TAPS), kernel_height)
        ends = [part * kernel_height // parts for part in range(parts + 1)]
        dtype = next(iter(known.values())).dtype
        known = {name: raw(tensor) for name, tensor in known.items()}
        sums = [function(geometry, rows, **known) for rows in pairwise(ends)]
        return sums[0] if parts == 1 else tf.cast(tf.add_n(sums), dtype)

    return over_all_rows


def sum_of_taps(
    product: Callable[[int, int], Tensor], rows: Iterable[int], columns: Iterable[int]
) -> Tensor:
    """Return the sum of one product per tap.

    Args:
        product: maps a row and a column of taps to a tensor.
        rows: of taps.
        columns: of taps.
    """
    # One sum per row of taps: in a single chain each addition would wait for the one before it.
    return tf.add_n([tf.add_n([product(row, column) for column in columns]) for row in rows])


def after(tensor: Tensor) -> AbstractContextManager[Any]:
    """Return a context in which new operations wait for a tensor."""
    # TensorFlow inlines function calls, and nothing waits for a call that was inlined; hence the
    # identity.
    context: AbstractContextManager[Any] = tf.control_dependencies([tf.identity(tensor)])
    return context


def split(channels_last: Tensor, groups: int) -> Tensor:
    """Return a tensor with its channels as (groups, channels of a group)."""
    *positions, channels = channels_last.shape
    return tf.reshape(channels_last, (-1, *positions[1:], groups, channels // groups))


def inside(places: Tensor, size: int) -> Tensor:
    """Return which rows or columns are in the image, to select among (..., groups, channels)."""
    return ((places >= 0) & (places < size))[..., tf.newaxis, tf.newaxis]


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


def narrow(
    geometry: Geometry, kernel_rows: tuple[int, int], sums: Tensor, raw_dtype: tf.DType
) -> Tensor:
    """Return the sums in the dtype of the tensors, or unchanged where other parts will be added."""
    if kernel_rows != (0, geometry.kernel_size[0]):
        return sums
    return tf.cast(sums, tf.bfloat16 if raw_dtype == tf.uint16 else raw_dtype)
