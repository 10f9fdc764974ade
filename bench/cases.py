"""One case: a geometry, data type and direction."""

from dataclasses import dataclass

from involution.geometry import positive
from reports.sources.case import DIRECTIONS, DTYPES, Direction, Dtype


@dataclass(frozen=True)
class Case:
    """One geometry, data type and direction.

    The defaults are the base case of the sweeps: a layer from the middle of a small network,
    with the paper's kernel size and 16 channels per group.

    Attributes:
        batch: images in a call.
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
    dtype: Dtype = "float32"
    direction: Direction = "forward"

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
        _check_known("dtype", self.dtype, DTYPES)
        _check_known("direction", self.direction, DIRECTIONS)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(batch, height, width, channels) of the input."""
        return self.batch, self.height, self.width, self.channels

    @property
    def label(self) -> str:
        """A short name of the size, for sweeps in which several fields vary."""
        return f"{self.height}x{self.width}, K{self.kernel_size}"


def _check_known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"`{name}` must be one of {known}. Received: {name}={value!r}")
