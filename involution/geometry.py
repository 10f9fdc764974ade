"""Where windows lie: how many there are and the zeros around the input.

Sizes may be Python integers or scalar tensors, so that the same formulas serve shapes
known when a graph is built and shapes known only when it runs.
"""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

Padding = str | int


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


def checked_padding(padding: Padding) -> Padding:
    """Return `padding` if it is "same", "valid" or a non-negative integer.

    Args:
        padding: the value to check.

    Returns:
        The same value, in lower case if it is a string.

    Raises:
        ValueError: if it is anything else.
    """
    if isinstance(padding, str) and padding.lower() in ("same", "valid"):
        return padding.lower()
    if _is_int(padding) and int(padding) >= 0:
        return int(padding)
    raise ValueError(
        '`padding` must be "same", "valid" or a non-negative integer. '
        f"Received: padding={padding!r}"
    )


def output_sizes(
    sizes: Sequence[Any],
    kernel_size: tuple[int, int],
    strides: tuple[int, int],
    dilation_rate: tuple[int, int],
    padding: Padding,
) -> tuple[Any, Any]:
    """Return how many windows there are, vertically and horizontally.

    Args:
        sizes: (height, width) of the input in pixels: integers, scalar tensors, or None where
            unknown.
        kernel_size: taps of a window.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.

    Returns:
        (out_height, out_width), each of the type of its input size.

    Raises:
        ValueError: if a size is known and not one window fits.

    Example:
        >>> output_sizes((33, None), (7, 7), strides=(2, 2), dilation_rate=(1, 1), padding="same")
        (17, None)
    """
    windows: list[Any] = [
        None if size is None else _windows(size, taps, stride, dilation, padding)
        for size, taps, stride, dilation in zip(
            sizes, kernel_size, strides, dilation_rate, strict=True
        )
    ]
    if any(_is_int(count) and count < 1 for count in windows):
        raise ValueError(
            f"The input must hold at least one window. Received: (height, width)={tuple(sizes)}, "
            f"kernel_size={kernel_size}, dilation_rate={dilation_rate}, padding={padding!r}"
        )
    return windows[0], windows[1]


def borders(
    sizes: Sequence[Any],
    kernel_size: tuple[int, int],
    strides: tuple[int, int],
    dilation_rate: tuple[int, int],
    padding: Padding,
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the zeros that `padding` puts around the input.

    "same" is TensorFlow's: a border is split evenly and an odd pixel goes after the input.

    Args:
        sizes: (height, width) of the input in pixels, integers or scalar tensors.
        kernel_size: taps of a window.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or zeros on every side.

    Returns:
        ((top, bottom), (left, right)), integers, or scalar tensors where the size is one.

    Example:
        >>> borders((32, 33), (3, 3), strides=(2, 2), dilation_rate=(1, 1), padding="same")
        ((0, 1), (1, 1))
    """
    vertical, horizontal = (
        _border(size, taps, stride, dilation, padding)
        for size, taps, stride, dilation in zip(
            sizes, kernel_size, strides, dilation_rate, strict=True
        )
    )
    return vertical, horizontal


def at_least_zero(value: Any) -> Any:
    """Return `value`, or zero where it is negative, for integers and integer tensors alike."""
    return (abs(value) + value) // 2


def _extent(kernel_size: int, dilation_rate: int) -> int:
    return (kernel_size - 1) * dilation_rate + 1


def _windows(size: Any, kernel_size: int, stride: int, dilation_rate: int, padding: Padding) -> Any:
    if padding == "same":
        return -(-size // stride)
    zeros = 0 if padding == "valid" else 2 * int(padding)
    return (size + zeros - _extent(kernel_size, dilation_rate)) // stride + 1


def _border(
    size: Any, kernel_size: int, stride: int, dilation_rate: int, padding: Padding
) -> tuple[Any, Any]:
    if padding == "valid":
        return 0, 0
    if padding != "same":
        return int(padding), int(padding)
    windows = _windows(size, kernel_size, stride, dilation_rate, padding)
    total = (windows - 1) * stride + _extent(kernel_size, dilation_rate) - size
    total = at_least_zero(total)
    return total // 2, total - total // 2


def _is_int(value: Any) -> bool:
    # NumPy's integers too, but neither booleans nor tensors, whose value may not be known yet.
    return isinstance(value, Integral) and not isinstance(value, bool)
