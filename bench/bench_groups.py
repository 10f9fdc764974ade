"""Sweep over the groups: of involution's kernels, and of a grouped convolution."""

from bench.cases import Sweep

SWEEP = Sweep(
    "groups",
    fields=("groups",),
    values={
        "quick": (1, 4),
        "default": (1, 2, 4, 8, 16, 32, 64),
        "full": (1, 2, 4, 8, 16, 32, 64),
    },
)


def bench_groups(measure):
    measure()
