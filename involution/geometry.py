"""The geometry of windows: how many there are, and the zeros around the input.

A size may be a Python integer or a scalar tensor. The same formulas therefore serve shapes that are
known when a graph is built and shapes that are known only when it runs.
"""

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Literal, TypeAlias, TypedDict, cast

Padding: TypeAlias = Literal["same", "valid"] | int

# An integer, a scalar tensor of any backend, or None where unknown.
Size: TypeAlias = Any


class WindowGeometry(TypedDict):
    """The keyword arguments that describe windows, of the functions below and others."""

    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    padding: Padding
    dilation_rate: tuple[int, int]


def pair(value: Any, name: str) -> tuple[int, int]:
    """Return `value` as (vertical, horizontal).

    Args:
        value: a positive integer, or a sequence of two.
        name: what the value is called in an error.

    Returns:
        A tuple of two positive integers.

    Raises:
        ValueError: if `value` is anything else.

    Example:
        >>> pair(3, "kernel_size")
        (3, 3)
    """
    values = (value, value) if _is_int(value) else value
    if (
        not isinstance(values, tuple | list)
        or len(values) != 2
        or not all(_is_int(v) and v > 0 for v in values)
    ):
        raise ValueError(
            f"`{name}` must be a positive integer or two of them. Received: {name}={value!r}"
        )
    return int(values[0]), int(values[1])


def odd_pair(value: Any, name: str) -> tuple[int, int]:
    """Return `value` as (vertical, horizontal) if both are odd, so that a window has a centre.

    Args:
        value: an odd positive integer, or a sequence of two.
        name: what the value is called in an error.

    Returns:
        A tuple of two odd positive integers.

    Raises:
        ValueError: if `value` is anything else.

    Example:
        >>> odd_pair((3, 5), "kernel_size")
        (3, 5)
    """
    values = pair(value, name)
    if not all(number % 2 for number in values):
        raise ValueError(
            f"`{name}` must be odd, so that a window has a centre. Received: {name}={value!r}"
        )
    return values


def positive(value: Any, name: str) -> int:
    """Return `value` if it is a positive integer.

    Args:
        value: the value to check.
        name: what the value is called in an error.

    Returns:
        The value as a Python integer.

    Raises:
        ValueError: if `value` is anything else.
    """
    if not _is_int(value) or value < 1:
        raise ValueError(f"`{name}` must be a positive integer. Received: {name}={value!r}")
    return int(value)


def checked_padding(padding: str | int) -> Padding:
    """Return `padding` if it is "same", "valid" or a non-negative integer.

    Args:
        padding: the value to check.

    Returns:
        The same value, in lower case if it is a string.

    Raises:
        ValueError: if it is anything else.
    """
    if isinstance(padding, str) and padding.lower() in ("same", "valid"):
        return cast('Literal["same", "valid"]', padding.lower())
    if _is_int(padding) and int(padding) >= 0:
        return int(padding)
    raise ValueError(
        '`padding` must be "same", "valid" or a non-negative integer. '
        f"Received: padding={padding!r}"
    )


def output_sizes(
    sizes: Sequence[Size],
    *,
    kernel_size: tuple[int, int],
    strides: tuple[int, int],
    padding: Padding,
    dilation_rate: tuple[int, int],
) -> tuple[Size, Size]:
    """Return how many windows there are, vertically and horizontally.

    Args:
        sizes: (height, width) of the input in pixels: integers, scalar tensors, or None where
            unknown.
        kernel_size: (vertical, horizontal) taps of a window.
        strides: pixels from one window to the next.
        padding: "same", "valid" or the number of zeros on every side.
        dilation_rate: pixels from one tap to the next.

    Returns:
        (out_height, out_width), each of the type of its input size.

    Raises:
        ValueError: if a size is known and no window fits into the padded input.

    Example:
        >>> output_sizes(
        ...     (33, None), kernel_size=(7, 7), strides=(2, 2), padding="same", dilation_rate=(1, 1)
        ... )
        (17, None)
    """
    windows: list[Size] = [
        None if size is None else _windows(size, taps, stride, padding, dilation)
        for size, taps, stride, dilation in zip(
            sizes, kernel_size, strides, dilation_rate, strict=True
        )
    ]
    if any(_is_int(count) and count < 1 for count in windows):
        raise ValueError(
            f"The input must hold at least one window. Received: (height, width)={tuple(sizes)}, "
            f"kernel_size={kernel_size}, padding={padding!r}, dilation_rate={dilation_rate}"
        )
    return windows[0], windows[1]


def borders(
    sizes: Sequence[Size],
    *,
    kernel_size: tuple[int, int],
    strides: tuple[int, int],
    padding: Padding,
    dilation_rate: tuple[int, int],
) -> tuple[tuple[Size, Size], tuple[Size, Size]]:
    """Return how many zeros `padding` puts around the input.

    "same" is TensorFlow's SAME: the zeros are split evenly, and an odd one goes after the input.

    Args:
        sizes: (height, width) of the input in pixels, integers or scalar tensors.
        kernel_size: (vertical, horizontal) taps of a window.
        strides: pixels from one window to the next.
        padding: "same", "valid" or the number of zeros on every side.
        dilation_rate: pixels from one tap to the next.

    Returns:
        ((top, bottom), (left, right)), integers, or scalar tensors where the size is one.

    Example:
        >>> borders(
        ...     (32, 33), kernel_size=(3, 3), strides=(2, 2), padding="same", dilation_rate=(1, 1)
        ... )
        ((0, 1), (1, 1))
    """
    vertical, horizontal = (
        _border(size, taps, stride, padding, dilation)
        for size, taps, stride, dilation in zip(
            sizes, kernel_size, strides, dilation_rate, strict=True
        )
    )
    return vertical, horizontal


def at_least_zero(value: Size) -> Size:
    """Return `value`, or zero where it is negative.

    Args:
        value: an integer, or an integer tensor.
    """
    return (abs(value) + value) // 2


def _extent(kernel_size: int, dilation_rate: int) -> int:
    """Return how many pixels a window spans."""
    return (kernel_size - 1) * dilation_rate + 1


def _windows(
    size: Size, kernel_size: int, stride: int, padding: Padding, dilation_rate: int
) -> Size:
    if padding == "same":
        return -(-size // stride)
    zeros = 0 if padding == "valid" else 2 * int(padding)
    return (size + zeros - _extent(kernel_size, dilation_rate)) // stride + 1


def _border(
    size: Size, kernel_size: int, stride: int, padding: Padding, dilation_rate: int
) -> tuple[Size, Size]:
    if padding == "valid":
        return 0, 0
    if padding != "same":
        return int(padding), int(padding)
    windows = _windows(size, kernel_size, stride, padding, dilation_rate)
    total = (windows - 1) * stride + _extent(kernel_size, dilation_rate) - size
    total = at_least_zero(total)
    return total // 2, total - total // 2


def _is_int(value: Any) -> bool:
    # NumPy's integers count, booleans do not, nor do tensors: their value may not be known yet.
    return isinstance(value, Integral) and not isinstance(value, bool)
