"""Self-attention over all positions of an image, and over the window around each, without a bias.

Vaswani et al., "Attention Is All You Need", NeurIPS 2017; Ramachandran et al., "Stand-Alone
Self-Attention in Vision Models", NeurIPS 2019.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np

from bench.references.reach import Reach, UnderWindow, WholeImage
from bench.references.rounding import Growth
from bench.references.truth import Array, Asked, Exact, Truth, summed


def self_attention(asked: Asked) -> Truth:
    """Return the results of `keras.layers.MultiHeadAttention` of an image to itself.

    Args:
        asked: with the projections to queries, keys and values, (channels, groups, channels of a
            group), and that of the outputs, (groups, channels of a group, channels).

    Returns:
        Outputs; in training also the gradients for inputs and projections.
    """
    channels = asked.case.channels
    *first, last = (weights.reshape(channels, channels) for weights in asked.trainable)
    reach = WholeImage(asked.windows)
    heads = Heads(reach, asked.case.groups, reach.pixels(asked.inputs), *first)
    outputs = Exact(heads.outputs.values @ last, heads.outputs.growth.then(channels))
    if asked.upstream is None:
        return Truth(outputs)
    to_heads = Exact(asked.upstream @ last.T, Growth().then(channels))
    to_last = heads.outputs.values.T @ asked.upstream
    gradients = [
        *heads.gradients(to_heads),
        summed(to_last, heads.outputs.growth, heads.outputs.values, asked.upstream),
    ]
    return _shaped(outputs, asked, gradients)


def local_attention(asked: Asked) -> Truth:
    """Return the results of `LocalAttention`: each position attends to the window around it.

    Args:
        asked: with the projections to queries, keys and values, (channels, channels).

    Returns:
        Outputs; in training also the gradients for inputs and projections.
    """
    reach = UnderWindow(asked.windows)
    heads = Heads(reach, asked.case.groups, reach.pixels(asked.inputs), *asked.trainable)
    if asked.upstream is None:
        return Truth(heads.outputs)
    return _shaped(heads.outputs, asked, heads.gradients(Exact(asked.upstream, Growth())))


def _shaped(outputs: Exact, asked: Asked, gradients: list[Exact]) -> Truth:
    """Return the truth, its gradients in the shapes of what they are for."""
    shapes = [values.shape for values in (asked.inputs, *asked.trainable)]
    shaped = (
        replace(gradient, values=gradient.values.reshape(shape))
        for gradient, shape in zip(gradients, shapes, strict=True)
    )
    return Truth(outputs, asked.upstream, tuple(shaped))


@dataclass(frozen=True)
class Heads:
    """All heads of an attention, before the projection of their outputs.

    Attributes:
        reach: what each query attends to.
        groups: heads.
        pixels: (pixels, channels) of the inputs.
        to_queries: (channels, channels).
        to_keys: (channels, channels).
        to_values: (channels, channels).
    """

    reach: Reach
    groups: int
    pixels: Array
    to_queries: Array
    to_keys: Array
    to_values: Array

    @cached_property
    def outputs(self) -> Exact:
        """The weighted values: (windows, channels)."""
        values = self.reach.weighted(self._weights.values, self._values)
        growth = self._weights.growth.joined(self._projected).then(self._attended)
        return Exact(values, growth)

    def gradients(self, upstream: Exact) -> list[Exact]:
        """Return the gradients for inputs, queries', keys' and values' projections.

        Args:
            upstream: (windows, channels), the gradient of the outputs.
        """
        to_scores = self._to_scores(upstream)
        queries = self.reach.weighted(to_scores.values, self._keys) * self._scale
        keys = self.reach.spread(to_scores.values, self._queries) * self._scale
        values = self.reach.spread(self._weights.values, upstream.values)
        by_score = to_scores.growth.joined(self._projected).then(self._attended)
        by_weight = self._weights.growth.joined(upstream.growth).then(self._attended)
        to_pixels = keys @ self.to_keys.T + values @ self.to_values.T
        to_pixels[self.reach.queries] += queries @ self.to_queries.T
        at_queries = self.pixels[self.reach.queries]
        return [
            Exact(self.reach.image(to_pixels), by_score.then(3 * len(self.to_keys))),
            summed(at_queries.T @ queries, by_score, at_queries, queries),
            summed(self.pixels.T @ keys, by_score, self.pixels, keys),
            summed(self.pixels.T @ values, by_weight, self.pixels, values),
        ]

    def _to_scores(self, upstream: Exact) -> Exact:
        """Return the gradient of the scores: (windows, attended, groups)."""
        to_weights = self.reach.scores(upstream.values, self._values)
        growth = upstream.growth.joined(self._projected).then(self._per_group)
        mean = (self._weights.values * to_weights).sum(axis=1, keepdims=True)
        growth = growth.joined(self._weights.growth).then(self._attended)
        return Exact(self._weights.values * (to_weights - mean), growth)

    @cached_property
    def _weights(self) -> Exact:
        """The softmax of the scores: (windows, attended, groups)."""
        outside = self.reach.outside[..., np.newaxis]
        scores = self.reach.scores(self._queries, self._keys) * self._scale
        size = np.sqrt(np.mean(np.square(scores), where=~outside))
        exponentials = np.exp(np.where(outside, -np.inf, scores))
        weights = exponentials / exponentials.sum(axis=1, keepdims=True)
        # The scale rounds once more.
        growth = self._projected.joined(self._projected).then(self._per_group).then(1)
        return Exact(weights, growth.exponentiated(float(size)).then(self._attended))

    @property
    def _attended(self) -> int:
        return len(self.reach.outside[0])

    @property
    def _per_group(self) -> int:
        return len(self.to_keys) // self.groups

    @property
    def _scale(self) -> float:
        return 1 / sqrt(self._per_group)

    @property
    def _projected(self) -> Growth:
        return Growth().then(len(self.to_keys))

    @cached_property
    def _queries(self) -> Array:
        return self.pixels[self.reach.queries] @ self.to_queries

    @cached_property
    def _keys(self) -> Array:
        return self.pixels @ self.to_keys

    @cached_property
    def _values(self) -> Array:
        return self.pixels @ self.to_values
