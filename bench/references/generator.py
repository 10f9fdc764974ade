"""The paper's kernel generator up to its last convolution, with its gradients.

1x1 convolution, batch normalisation and ReLU of the input, averaged over the pixels of a stride
(Li et al., "Involution: Inverting the Inherence of Convolution for Visual Recognition", CVPR 2021).
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from bench.references.rounding import Growth
from bench.references.truth import Array, Asked, Exact, summed

EPSILON = 1e-5  # of the batch normalisation in `Involution2D`


@dataclass(frozen=True)
class Reduced:
    """The features of the sampled windows.

    Attributes:
        features: (windows, reduced channels).
        is_defined: (windows,), whether all its features are so far from the kink of ReLU that
            rounding errors cannot move one across it. Elsewhere gradients are arbitrary.
        growth: of the rounding errors of the features.
    """

    features: Array
    is_defined: np.ndarray[tuple[int], np.dtype[np.bool_]]
    growth: Growth
    _asked: Asked
    _pooled: Array
    _normalised: Array
    _per_deviation: Array

    def gradients(self, to_features: Exact) -> tuple[Exact, Exact, Exact, Exact]:
        """Return the gradients for inputs, weights, scale and shift, in training.

        Args:
            to_features: (windows, reduced channels), the gradient of the features.
        """
        weights, scale = self._asked.trainable[:2]
        passed = to_features.values * (self.features > 0)
        normalised = self._normalised[self._asked.windows.numbers]
        growth = to_features.growth.joined(self.growth)
        to_scale = summed((passed * normalised).sum(axis=0), growth, normalised, passed)
        to_shift = summed(passed.sum(axis=0), to_features.growth, passed)
        to_products = self._normalisation_gradient(passed * scale)
        growth = growth.then(len(to_products))
        to_weights = (self._pooled.T @ to_products).reshape(weights.shape)
        to_inputs = _spread(to_products @ weights[0, 0].T, self._asked)
        return (
            Exact(to_inputs, growth.then(len(scale))),
            summed(to_weights, growth, self._pooled, to_products),
            to_scale,
            to_shift,
        )

    def _normalisation_gradient(self, upstream: Array) -> Array:
        """Return the gradient of a normalisation by the batch, for all windows.

        Args:
            upstream: (windows, reduced channels), zero for the windows that are not sampled.
        """
        everywhere = self._asked.windows.among_all(upstream).reshape(self._normalised.shape)
        by_mean = everywhere.mean(axis=0)
        by_variance = self._normalised * (everywhere * self._normalised).mean(axis=0)
        found: Array = self._per_deviation * (everywhere - by_mean - by_variance)
        return found


def reduced(asked: Asked) -> Reduced:
    """Return the features of the sampled windows.

    Args:
        asked: its first trainable weights are the weights of the convolution (1, 1, channels,
            reduced channels), scale and shift of the normalisation; its other weights are the
            moving mean and variance, which a forward pass normalises with.
    """
    weights, scale, shift = asked.trainable[:3]
    pooled = _averaged(asked.inputs, asked)
    products = pooled @ weights[0, 0]
    growth = Growth().then(len(pooled[0]))
    if asked.upstream is None:
        mean, variance = asked.others
    else:
        mean, variance = products.mean(axis=0), products.var(axis=0)
        growth = growth.then(len(pooled))
    per_deviation = 1 / np.sqrt(variance + EPSILON)
    normalised = (products - mean) * per_deviation
    shifted = (normalised * scale + shift)[asked.windows.numbers]
    growth = growth.then(1)
    kink = growth.tolerance(asked.roundoff) * np.abs(shifted).max()
    return Reduced(
        features=np.maximum(shifted, 0),
        is_defined=(np.abs(shifted) > kink).all(axis=1),
        growth=growth,
        _asked=asked,
        _pooled=pooled,
        _normalised=normalised,
        _per_deviation=per_deviation,
    )


def _averaged(inputs: Array, asked: Asked) -> Array:
    """Return the mean of the pixels at each window: (all windows, channels)."""
    sums = _centred(inputs, asked).reshape(_strides(asked)).sum(axis=(2, 4))
    means: Array = sums / _pixels(asked)
    return means.reshape(-1, asked.case.channels)


def _spread(to_means: Array, asked: Asked) -> Array:
    """Return the gradient of the inputs for that of `_averaged`."""
    case = asked.case
    vertical, horizontal = case.windows["strides"]
    to_sums = to_means.reshape(*asked.windows.shape, case.channels) / _pixels(asked)
    to_pixels = to_sums.repeat(vertical, axis=1).repeat(horizontal, axis=2)
    to_inputs: Array = np.zeros(case.shape)
    (rows, own_rows), (columns, own_columns) = _overlaps(asked)
    to_inputs[:, own_rows, own_columns] = to_pixels[:, rows, columns]
    return to_inputs


def _pixels(asked: Asked) -> Array:
    """Return how many pixels each mean is of: (1, out_height, out_width, 1).

    With "same" padding pixels outside the image do not count, with any other they count as zero.
    """
    if asked.case.padding != "same":
        return np.full((1, 1, 1, 1), float(prod(asked.case.windows["strides"])))
    inside = _centred(np.ones((1, *asked.case.shape[1:3], 1)), asked)
    _, *of_strides, _ = _strides(asked)
    pixels: Array = inside.reshape(of_strides).sum(axis=(1, 3))
    return pixels[np.newaxis, ..., np.newaxis]


def _strides(asked: Asked) -> tuple[int, ...]:
    batch, rows, columns = asked.windows.shape
    vertical, horizontal = asked.case.windows["strides"]
    return (batch, rows, vertical, columns, horizontal, asked.case.channels)


def _centred(inputs: Array, asked: Asked) -> Array:
    """Return the pixels of the strides of all windows, zero outside the image."""
    _, rows, vertical, columns, horizontal, _ = _strides(asked)
    pixels = np.zeros((len(inputs), rows * vertical, columns * horizontal, inputs.shape[3]))
    (of_rows, own_rows), (of_columns, own_columns) = _overlaps(asked)
    pixels[:, of_rows, of_columns] = inputs[:, own_rows, own_columns]
    return pixels


def _overlaps(asked: Asked) -> list[tuple[slice, slice]]:
    """Return along each dimension which pixels of the strides are which of the image."""
    case, found = asked.case, []
    zeros = 0 if isinstance(case.padding, str) else case.padding
    for count, size, stride, taps, dilation in zip(
        asked.windows.shape[1:],
        case.shape[1:3],
        *(case.windows[name] for name in ("strides", "kernel_size", "dilation_rate")),
        strict=True,
    ):
        if case.padding == "same":
            first = -((count * stride - size) // 2)
        else:
            first = (taps - 1) // 2 * dilation - zeros  # the centre of the first window
        low, high = max(first, 0), min(first + count * stride, size)
        found.append((slice(low - first, high - first), slice(low, high)))
    return found
