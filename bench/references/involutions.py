"""Involution with given kernels, with given features of its generator, and as a whole layer."""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from bench.references.generator import reduced
from bench.references.rounding import Growth
from bench.references.sums import multiplied, multiplied_gradients
from bench.references.truth import Array, Asked, Exact, Truth, summed


def given_kernels(asked: Asked) -> Truth:
    """Return the sum over the taps of pixels times kernels, equation 4 of the paper.

    Args:
        asked: with kernels of (batch, out_height, out_width, rows, columns, groups).

    Returns:
        Outputs; in training also the gradients for inputs and kernels.
    """
    (kernels,) = asked.trainable
    of_windows = asked.windows.of(kernels).reshape(-1, *_kernel(asked))
    padded = asked.windows.padded(asked.inputs)
    outputs = multiplied(asked.windows, padded, of_windows)
    growth = Growth().then_taps(of_windows.shape[1])
    if asked.upstream is None:
        return Truth(Exact(outputs, growth))
    to_inputs, to_kernels = multiplied_gradients(asked.windows, padded, of_windows, asked.upstream)
    everywhere = asked.windows.among_all(to_kernels).reshape(kernels.shape)
    gradients = Exact(to_inputs, growth), Exact(everywhere, Growth().then(_shared(asked)))
    return Truth(Exact(outputs, growth), asked.upstream, gradients)


def given_features(asked: Asked) -> Truth:
    """Return involution whose kernels the generator's last convolution makes from given features.

    Args:
        asked: with features of (batch, out_height, out_width, reduced channels), the weights
            (reduced channels, taps * groups) and the bias of the convolution.

    Returns:
        Outputs; in training also the gradients for inputs, features, weights and bias.
    """
    features, weights, bias = asked.trainable
    steps = LastSteps(asked, asked.windows.of(features), Growth(), weights, bias)
    if asked.upstream is None:
        return Truth(steps.outputs())
    to_inputs, to_features, *to_last = steps.gradients(asked.upstream)
    everywhere = Exact(asked.windows.among_all(to_features.values), to_features.growth)
    return Truth(steps.outputs(), asked.upstream, (to_inputs, everywhere, *to_last))


def involution(asked: Asked) -> Truth:
    """Return the results of `Involution2D` with the paper's generator.

    Args:
        asked: the trainable weights are those of `reduced`, then weights (1, 1, reduced channels,
            taps * groups) and bias of the last convolution.

    Returns:
        Outputs; in training also the gradients for inputs and trainable weights. The upstream
        gradient is zero where a feature is at the kink of ReLU.
    """
    weights, bias = asked.trainable[3:]
    generator = reduced(asked)
    steps = LastSteps(asked, generator.features, generator.growth, weights[0, 0], bias)
    if asked.upstream is None:
        return Truth(steps.outputs())
    upstream = np.where(generator.is_defined[:, np.newaxis], asked.upstream, 0.0)
    to_inputs, to_features, to_weights, to_bias = steps.gradients(upstream)
    by_generator, *to_first = generator.gradients(to_features)
    gradients = (
        Exact(to_inputs.values + by_generator.values, to_inputs.growth.joined(by_generator.growth)),
        *to_first,
        replace(to_weights, values=to_weights.values.reshape(weights.shape)),
        to_bias,
    )
    return Truth(steps.outputs(), upstream, gradients)


@dataclass(frozen=True)
class LastSteps:
    """The last convolution of a generator, and the sum with the kernels that it makes.

    Attributes:
        asked: the case and its numbers.
        features: (windows, reduced channels).
        growth: of the rounding errors of the features.
        weights: (reduced channels, taps * groups).
        bias: (taps * groups,).
    """

    asked: Asked
    features: Array
    growth: Growth
    weights: Array
    bias: Array

    def outputs(self) -> Exact:
        """Return the outputs."""
        padded = self.asked.windows.padded(self.asked.inputs)
        return Exact(multiplied(self.asked.windows, padded, self._kernels()), self._summed())

    def gradients(self, upstream: Array) -> tuple[Exact, Exact, Exact, Exact]:
        """Return the gradients for inputs, features of the windows, weights and bias.

        Args:
            upstream: (windows, channels), the gradient of the outputs.
        """
        windows = self.asked.windows
        padded = windows.padded(self.asked.inputs)
        to_inputs, to_kernels = multiplied_gradients(windows, padded, self._kernels(), upstream)
        to_kernels = to_kernels.reshape(len(upstream), -1)
        growth = Growth().then(_shared(self.asked))
        return (
            Exact(to_inputs, self._summed()),
            Exact(to_kernels @ self.weights.T, growth.then(len(self.bias))),
            summed(
                self.features.T @ to_kernels,
                growth.joined(self.growth),
                self.features,
                to_kernels,
            ),
            summed(to_kernels.sum(axis=0), growth, to_kernels),
        )

    def _kernels(self) -> Array:
        made = self.features @ self.weights + self.bias
        return made.reshape(-1, *_kernel(self.asked))

    def _summed(self) -> Growth:
        return self.growth.then(len(self.weights) + 1).then_taps(_kernel(self.asked)[0])


def _kernel(asked: Asked) -> tuple[int, int]:
    """Return the taps and the groups of a kernel."""
    return prod(asked.case.windows["kernel_size"]), asked.case.groups


def _shared(asked: Asked) -> int:
    """Return how many channels share a kernel."""
    return asked.case.channels // asked.case.groups
