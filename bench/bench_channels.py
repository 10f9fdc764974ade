"""Sweep over the channels, with 16 of them in a group as in the paper."""

from collections.abc import Callable

from bench.cases import Case
from bench.sweeps import Sweep

CHANNELS = (16, 32, 64, 128, 256, 512)

SWEEP = Sweep(
    "channels",
    fields=("channels",),
    values={
        "quick": (),
        "default": (),
        "full": tuple(Case(channels=channels, groups=channels // 16) for channels in CHANNELS),
    },
)


def bench_channels(measure: Callable[[], None]) -> None:
    measure()
