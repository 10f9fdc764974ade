"""The paper's kernel generator up to its last convolution, with its gradients.

1x1 convolution, batch normalisation and ReLU of the input, averaged over the pixels of a stride
(Li et al., "Involution: Inverting the Inherence of Convolution for Visual Recognition", CVPR 2021).
"""

from dataclasses import dataclass

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
    """Return the mean of the pixels of each stride inside the image: (all windows, channels)."""
    sums = np.pad(inputs, _amounts(asked)).reshape(_strides(asked)).sum(axis=(2, 4))
    means: Array = sums / _pixels(asked)
    return means.reshape(-1, asked.case.channels)


def _spread(to_means: Array, asked: Asked) -> Array:
    """Return the gradient of the inputs for that of `_averaged`."""
    _, (top, _), (left, _), _ = _amounts(asked)
    case, steps = asked.case, asked.case.strides
    to_sums = to_means.reshape(*asked.windows.shape, case.channels) / _pixels(asked)
    to_padded = to_sums.repeat(steps, axis=1).repeat(steps, axis=2)
    to_inputs: Array = to_padded[:, top : top + case.height, left : left + case.width]
    return to_inputs


def _pixels(asked: Asked) -> Array:
    """Return how many pixels of the image each mean is of: (1, out_height, out_width, 1)."""
    _, *amounts, _ = _amounts(asked)
    inside = np.pad(np.ones(asked.case.shape[1:3]), amounts)
    pixels: Array = inside.reshape(_strides(asked)[1:5]).sum(axis=(1, 3))
    return pixels[np.newaxis, ..., np.newaxis]


def _strides(asked: Asked) -> tuple[int, ...]:
    batch, rows, columns = asked.windows.shape
    return (batch, rows, asked.case.strides, columns, asked.case.strides, asked.case.channels)


def _amounts(asked: Asked) -> list[tuple[int, int]]:
    """Return the pixels that are missing around the image, for whole strides."""
    missing = [
        count * asked.case.strides - size
        for count, size in zip(asked.windows.shape[1:], asked.case.shape[1:3], strict=True)
    ]
    return [(0, 0), *((total // 2, total - total // 2) for total in missing), (0, 0)]
