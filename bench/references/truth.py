"""What a reference is asked, and what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from typing import Any, TypeAlias

import numpy as np

from bench.cases import Case
from bench.references.rounding import Growth, Roundoff
from bench.references.windows import SampledWindows

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Asked:
    """A case with its numbers, rounded to the data type of the case and held in float64.

    Attributes:
        case: the case as the operator runs it.
        trainable: the trainable weights of the layer, in its own order.
        others: the other weights of the layer, in its own order.
        inputs: (batch, height, width, channels).
        upstream: (windows, channels), the gradient of the outputs at the windows; it is zero
            elsewhere. None in a forward pass.
        windows: for which outputs are asked.
        roundoff: of the data type.
    """

    case: Case
    trainable: Sequence[Array]
    others: Sequence[Array]
    inputs: Array
    upstream: Array | None
    windows: SampledWindows
    roundoff: Roundoff


@dataclass(frozen=True)
class Exact:
    """A result in float64.

    Attributes:
        values: the result.
        growth: of the rounding errors that an implementation makes on the way.
        terms: how large it usually is. Of few values, all may be small by chance because their
            terms cancel; the rounding errors of the terms are not smaller then.
    """

    values: Array
    growth: Growth
    terms: float = 0.0

    @property
    def scale(self) -> float:
        """What rounding errors are relative to."""
        return max(float(np.max(np.abs(self.values), initial=0.0)), self.terms)


@dataclass(frozen=True)
class Truth:
    """What a layer computes.

    Attributes:
        outputs: (windows, channels).
        upstream: the gradient of the outputs that the gradients are for. It is zero for a window
            where they are not defined within the roundoff. None in a forward pass.
        gradients: for the inputs, then for the trainable weights; none in a forward pass.
    """

    outputs: Exact
    upstream: Array | None = None
    gradients: tuple[Exact, ...] = ()


def summed(values: Array, growth: Growth, *factors: Array) -> Exact:
    """Return a gradient of weights: a sum over windows of products whose signs are random.

    Args:
        values: the gradient.
        growth: of the rounding errors of the factors.
        *factors: the numbers that are multiplied; the last has one row per window.
    """
    windows = len(factors[-1])
    sizes = [sqrt(np.mean(np.square(factor))) for factor in factors]
    return Exact(values, growth.then(windows), sqrt(windows) * prod(sizes))


Reference: TypeAlias = Callable[[Asked], Truth]
