"""What models say on the page against the models themselves."""

import numpy as np
import pytest

from demo import timing
from demo.models import answers
from demo.sheet import image_of
from demo.timing import medians
from involution import Involution2D


def test_costs_are_those_of_the_models(models):
    # By hand: a 3x3 convolution has 9 weights for each pair of channels, and so on.
    cnn, inn, equal_widths = models
    assert cnn.parameters == 896 + 18_496 + 36_928 + 262_208 + 650
    assert cnn.macs == (27 * 32 * 32**2 + 288 * 64 * 16**2 + 576 * 64 * 8**2 + 4096 * 64 + 64 * 10)
    assert inn.parameters < equal_widths.parameters < cnn.parameters
    assert inn.macs < equal_widths.macs < cnn.macs
    for model in models:
        weights = model.model.trainable_weights
        assert model.parameters == sum(int(np.prod(each.shape)) for each in weights)


def test_answers_are_those_of_the_models(models):
    seen = np.asarray(image_of(3, 0))
    found = answers(models, seen)
    for model, answer in zip(models, found, strict=True):
        logits = np.asarray(model.model(seen[np.newaxis].astype(np.float64) / 255))[0]
        shares = np.exp(logits - logits.max())
        np.testing.assert_allclose(answer.probabilities, shares / shares.sum(), atol=1e-4)
        assert answer.by is model
        assert answer.seconds > 0
        involutions = [each for each in model.model.layers if isinstance(each, Involution2D)]
        assert [each.shape for each in answer.maps] == [(32, 32), (16, 16), (8, 8)][
            : len(involutions)
        ]
    assert [len(each.maps) for each in found] == [0, 3, 3]


def test_a_first_map_is_the_sum_of_the_kernels(models):
    seen = np.asarray(image_of(8, 1))
    network = models[1].model
    first = next(each for each in network.layers if isinstance(each, Involution2D))
    _, kernels = first(seen[np.newaxis].astype(np.float32) / 255, return_kernels=True)
    expected = np.asarray(kernels)[0].sum(axis=(2, 3, 4))
    np.testing.assert_allclose(answers(models, seen)[1].maps[0], expected, atol=1e-5)


@pytest.mark.parametrize(("label", "place"), [(10, 0), (-1, 0), (0, 20), (0, -1)])
def test_there_is_no_other_image(label, place):
    with pytest.raises(ValueError, match=f"Received: label={label}, place={place}"):
        image_of(label, place)


def test_calls_are_timed_by_turns_from_another_first_each_round(monkeypatch):
    order, now = [], [0.0]
    # A clock that only calls move: the second takes longer in one round of three.
    durations = {"a": iter([1, 1, 1]), "b": iter([2, 50, 3]), "c": iter([4, 4, 4])}

    def call(name):
        order.append(name)
        now[0] += next(durations[name])

    monkeypatch.setattr(timing.time, "perf_counter", lambda: now[0])
    found = medians([lambda name=name: call(name) for name in "abc"], rounds=3)
    assert "".join(order) == "abcbcacab"
    assert found == [1, 3, 4]
