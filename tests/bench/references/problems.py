"""What the tests ask of a reference, and derivatives by differences."""

from dataclasses import replace

import numpy as np

from bench.references.rounding import Roundoff
from bench.references.truth import Asked
from bench.references.windows import SampledWindows

ROUNDOFF = Roundoff(stored=2**-53, summed=2**-53)
STEP = 1e-5


def ask(case, *weights, others=(), turn=0):
    """Return random inputs for weights of given shapes, or with given values."""
    chance = np.random.default_rng(5)
    windows = SampledWindows(case, turn)
    filled = [
        chance.normal(size=weight) if isinstance(weight, tuple) else weight for weight in weights
    ]
    upstream = chance.normal(size=(len(windows.numbers), case.outputs[3]))
    return Asked(
        case=case,
        trainable=filled,
        others=others,
        inputs=chance.normal(size=case.shape),
        upstream=upstream if case.direction == "training" else None,
        windows=windows,
        roundoff=ROUNDOFF,
    )


def assert_gradients_are_derivatives(reference, asked):
    """Move the inputs and each weight a little: outputs times upstream move as gradients say."""
    truth = reference(asked)
    assert len(truth.gradients) == 1 + len(asked.trainable)
    chance = np.random.default_rng(6)
    for number, gradient in enumerate(truth.gradients):
        values = asked.trainable[number - 1] if number else asked.inputs
        direction = chance.normal(size=values.shape)
        ahead, behind = (
            np.sum(truth.upstream * reference(_moved(asked, number, step)).outputs.values)
            for step in (STEP * direction, -STEP * direction)
        )
        assert gradient.values.shape == values.shape
        found = np.sum(gradient.values * direction)
        np.testing.assert_allclose(found, (ahead - behind) / (2 * STEP), rtol=1e-6, atol=1e-6)


def _moved(asked, number, step):
    if number == 0:
        return replace(asked, inputs=asked.inputs + step)
    trainable = list(asked.trainable)
    trainable[number - 1] = trainable[number - 1] + step
    return replace(asked, trainable=trainable)
