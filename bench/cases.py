"""One case: a geometry, data type and direction."""

from dataclasses import asdict, dataclass
from typing import Any

from involution.geometry import (
    Padding,
    WindowGeometry,
    checked_padding,
    output_sizes,
    pair,
    positive,
)
from reports.sources.case import DIRECTIONS, DTYPES, Direction, Dtype, by_sides

# Pixels or taps: the same along both dimensions, or (vertical, horizontal).
Sides = int | tuple[int, int]
SIDES = ("kernel_size", "strides", "dilation_rate")


@dataclass(frozen=True)
class Case:
    """One geometry, data type and direction.

    The defaults are the base case of the sweeps: a layer from the middle of a small network,
    with the paper's kernel size and 16 channels per group.

    Attributes:
        batch: images in a call.
        height: rows of the input, in pixels.
        width: columns of the input, in pixels.
        channels: channels of the input.
        kernel_size: taps of a window, an integer or (vertical, horizontal).
        strides: pixels from one window to the next, an integer or two.
        groups: groups of channels.
        dtype: data type of inputs and weights.
        direction: "forward", or "training": forward plus gradients for inputs and weights.
        dilation_rate: pixels from one tap to the next, an integer or two.
        padding: "same" (TensorFlow's SAME), "valid", or that many zeros on every side, which only
            involution takes.
        filters: channels of the output. None: as many as the input has.

    Raises:
        ValueError: if a size is not positive, `groups` does not divide `channels` and `filters`, no
            window fits into the input, or there is no such padding, dtype or direction.

    Example:
        >>> Case(kernel_size=(3, 3)).kernel_size, Case(height=7, padding="valid").outputs
        (3, (8, 1, 26, 64))
    """

    batch: int = 8
    height: int = 32
    width: int = 32
    channels: int = 64
    kernel_size: Sides = 7
    strides: Sides = 1
    groups: int = 4
    dtype: Dtype = "float32"
    direction: Direction = "forward"
    dilation_rate: Sides = 1
    padding: Padding = "same"
    filters: int | None = None

    def __post_init__(self) -> None:
        for name in ("batch", "height", "width", "channels", "groups"):
            positive(getattr(self, name), name)
        # One case has one form, so that equal cases compare as equal.
        for name in SIDES:
            vertical, horizontal = pair(getattr(self, name), name)
            self._set(name, vertical if vertical == horizontal else (vertical, horizontal))
        if self.filters is not None and positive(self.filters, "filters") == self.channels:
            self._set("filters", None)
        if self.channels % self.groups or (self.filters or self.channels) % self.groups:
            raise ValueError(
                "`groups` must divide `channels`. "
                f"Received: groups={self.groups}, channels={self.channels}"
                + (f", filters={self.filters}" if self.filters else "")
            )
        _check_known("dtype", self.dtype, DTYPES)
        _check_known("direction", self.direction, DIRECTIONS)
        self._set("padding", checked_padding(self.padding) or "valid")
        output_sizes((self.height, self.width), **self.windows)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(batch, height, width, channels) of the input."""
        return self.batch, self.height, self.width, self.channels

    @property
    def windows(self) -> WindowGeometry:
        """The geometry of the windows, with all sides as (vertical, horizontal)."""
        return {
            "kernel_size": pair(self.kernel_size, "kernel_size"),
            "strides": pair(self.strides, "strides"),
            "padding": self.padding,
            "dilation_rate": pair(self.dilation_rate, "dilation_rate"),
        }

    @property
    def outputs(self) -> tuple[int, int, int, int]:
        """(batch, out_height, out_width, filters) of the output."""
        rows, columns = output_sizes((self.height, self.width), **self.windows)
        return self.batch, rows, columns, self.filters or self.channels

    @property
    def label(self) -> str:
        """A short name of the size, for sweeps in which several fields vary."""
        return f"{self.height}x{self.width}, K{by_sides(self.kernel_size)}"

    @property
    def keys(self) -> dict[str, Any]:
        """What a record says of the case."""
        sides = {name: by_sides(getattr(self, name)) for name in SIDES}
        return {**asdict(self), **sides, "filters": self.filters or self.channels}


def _check_known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"`{name}` must be one of {known}. Received: {name}={value!r}")
