"""Cases, and the sweeps that vary one of their sizes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from involution.geometry import positive

DIRECTIONS = ("forward", "training")
DTYPES = ("float16", "bfloat16", "float32", "float64")
SWEEP_SIZES = ("quick", "default", "full")


@dataclass(frozen=True)
class Case:
    """One geometry, data type and direction.

    The defaults are the base case of every sweep: a layer from the middle of a small network,
    with the paper's kernel size and 16 channels a group.

    Attributes:
        batch: images a call.
        height: rows of the input, in pixels.
        width: columns of the input, in pixels.
        channels: channels of the input and of the output.
        kernel_size: taps of a window along either dimension, odd.
        strides: pixels from one window to the next.
        groups: groups of channels.
        dtype: data type of inputs and weights.
        direction: "forward", or "training": forward plus gradients for inputs and weights.

    Raises:
        ValueError: if a size is not positive, `kernel_size` is even, `groups` does not divide
            `channels`, or there is no such dtype or direction.
    """

    batch: int = 8
    height: int = 32
    width: int = 32
    channels: int = 64
    kernel_size: int = 7
    strides: int = 1
    groups: int = 4
    dtype: str = "float32"
    direction: str = "forward"

    def __post_init__(self) -> None:
        for name in ("batch", "height", "width", "channels", "kernel_size", "strides", "groups"):
            positive(getattr(self, name), name)
        if self.kernel_size % 2 == 0:
            raise ValueError(f"`kernel_size` must be odd. Received: kernel_size={self.kernel_size}")
        if self.channels % self.groups:
            raise ValueError(
                "`groups` must divide `channels`. "
                f"Received: groups={self.groups}, channels={self.channels}"
            )
        for name, known in (("dtype", DTYPES), ("direction", DIRECTIONS)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"`{name}` must be one of {known}. Received: {name}={getattr(self, name)!r}"
                )

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(batch, height, width, channels) of the input."""
        return self.batch, self.height, self.width, self.channels

    @property
    def label(self) -> str:
        """A short name of the size, for sweeps whose cases differ in more than one field."""
        return f"{self.height}x{self.width}, K{self.kernel_size}"


@dataclass(frozen=True)
class Sweep:
    """A base case and the one axis that varies.

    Attributes:
        name: what the sweep is called.
        fields: the fields of `Case` set to each value; the first is the axis.
        values: for each sweep size the values along the axis, or whole cases where they differ
            in more than one field.
        base: the case that gives all other sizes.
    """

    name: str
    fields: tuple[str, ...]
    values: Mapping[str, tuple[Any, ...]]
    base: Case = Case()

    @property
    def axis(self) -> str:
        """The field of `Case` that stands for the axis."""
        return self.fields[0]

    def cases(self, sweep_size: str) -> list[Case]:
        """Return the cases of a sweep size, in order of the axis, forward before training.

        Args:
            sweep_size: "quick", "default" or "full".

        Returns:
            Two cases for each value of the axis.
        """
        return [
            replace(self._at(value), direction=direction)
            for value in self.values[sweep_size]
            for direction in DIRECTIONS
        ]

    def _at(self, value: Any) -> Case:
        if isinstance(value, Case):
            return value
        return replace(self.base, **dict.fromkeys(self.fields, value))
