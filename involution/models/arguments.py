"""What the models check of their arguments, before any work."""

from typing import Any

from involution.geometry import positive


def checked_image_shape(input_shape: Any) -> tuple[int | None, int | None, int]:
    """Return `input_shape` if it is the shape of an image.

    Args:
        input_shape: the value to check.

    Returns:
        (height, width, channels), Python integers; None for a side of any length.

    Raises:
        ValueError: if it is anything else.

    Example:
        >>> checked_image_shape([32, None, 3])
        (32, None, 3)
    """
    try:
        height, width, channels = input_shape
        return _side(height), _side(width), positive(channels, "input_shape")
    except (TypeError, ValueError):
        raise ValueError(
            "`input_shape` must be (height, width, channels) of an image: positive integers, or "
            f"None for a side of any length. Received: input_shape={input_shape!r}"
        ) from None


def _side(size: Any) -> int | None:
    return None if size is None else positive(size, "input_shape")
