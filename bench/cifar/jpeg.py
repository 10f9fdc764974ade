"""Traces of JPEG in images: copies of CIFAR that were compressed are common."""

import numpy as np

from bench.cifar.checks import Images
from bench.cifar.layouts import SIDE

# Steps across block edges over those next to them; images that never were JPEG are near 1.
BLOCKY = 1.05


def blockiness(images: Images) -> float:
    """Compare the steps between pixels across the edges of 8 x 8 blocks with those next to them.

    Args:
        images: (count, 32, 32, 3), uint8; the first 2000 are looked at.

    Returns:
        The ratio of their means; about 1 unless the images were compressed as JPEG.
    """
    lines = images[:2000].astype(np.int16)
    total = np.zeros(2)
    for axis in (1, 2):
        steps = np.abs(np.diff(lines, axis=axis)).mean(axis=(0, 3 - axis, 3))
        edges = np.arange(7, SIDE - 1, 8)
        total += steps[edges].mean(), (steps[edges - 1].mean() + steps[edges + 1].mean()) / 2
    return float(total[0] / total[1]) if total[1] else 1.0
