import time
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from bench.measure.check import DisagreementError
from bench.measure.prepared import Preparer
from bench.operators import INVOLUTIONS
from bench.own.contests import contests_of
from bench.own.layers import uses
from bench.own.subject import OwnModel, described, own_model
from bench.sweeps import Competitor, competitors
from involution import costs
from reports.sweeps.model.description import LAYERS, REST, WHOLE


def small_model(data_format="channels_last"):
    shape = (8, 9, 10) if data_format == "channels_first" else (9, 10, 8)
    settings = {"data_format": data_format}
    inputs = keras.Input(shape)
    tensor = layers.Conv2D(8, 3, padding="same", activation="relu", name="first", **settings)(
        inputs
    )
    tensor = layers.Conv2D(
        8, (3, 5), padding="same", use_bias=False, dilation_rate=(1, 2), name="second", **settings
    )(tensor)
    tensor = layers.Conv2D(16, 3, strides=2, name="wider", **settings)(tensor)
    tensor = layers.Conv2D(16, 1, name="pointwise", **settings)(tensor)
    tensor = layers.DepthwiseConv2D(3, use_bias=False, name="depthwise", **settings)(tensor)
    tensor = layers.SeparableConv2D(16, 3, padding="same", name="separable", **settings)(tensor)
    tensor = layers.GlobalAveragePooling2D(**settings)(tensor)
    return keras.Model(inputs, layers.Dense(3)(tensor), name="small")


def own(model, **kernel_sizes):
    return OwnModel("small", "small.keras", "0" * 64, model, 2, kernel_sizes)


@pytest.fixture(scope="module")
def contests():
    return contests_of(own(small_model()))


def of_whole(contests):
    [whole] = [each for each in contests if each.sweep.name == WHOLE]
    return whole


def test_each_layer_that_is_measured_is_a_contest(contests):
    labels = [use.label for use in uses(small_model()) if use.is_measured]
    found = [set(each.sweep.listed.values()) for each in contests if each.sweep.name == LAYERS]
    assert found == [{label} for label in labels]
    assert len(labels) == 5


def test_involution_competes_where_it_can_with_two_kernel_sizes(contests):
    names = {
        each.operators[0].name: [repr(operator) for operator in each.operators[1:]]
        for each in contests[3:5]
    }
    native = next(repr(each) for each in contests[0].operators[1:] if each.name == "involution")
    both = [native, f"{native}-7x7"]
    assert names == {"depthwise convolution": both, "separable convolution": both}
    assert contests[2].operators[1:] == ()  # it changes the channels
    fitted = [each.fit(next(iter(contests[3].sweep.listed))) for each in contests[3].operators]
    # Without padding, a larger window needs zeros for the same output positions.
    assert [(case.kernel_size, case.padding, case.groups) for case in fitted] == [
        (3, "valid", 16),
        (3, "valid", 1),
        (7, 2, 1),
    ]
    assert len({case.outputs for case in fitted}) == 1


@pytest.mark.parametrize("number", range(5))
def test_what_is_timed_is_what_it_should_be(contests, number):
    """Each layer and each involution is compared with its reference, in both directions."""
    contest = contests[number]
    for case in contest.sweep.listed:
        for each in competitors(contest.operators, case):
            assert each.operator.reference is not None
            ready = Preparer().prepared(each, time.perf_counter)
            assert ready.notes == ()
            outputs = ready.call()
            outputs = outputs[0] if case.direction == "training" else outputs
            assert tuple(outputs.shape) == case.outputs


def test_a_layer_of_another_geometry_is_refused(contests):
    case = next(iter(contests[1].sweep.listed))
    dilated, *_ = contests[1].operators
    plain = replace(dilated, build=lambda case: dilated.build(replace(case, dilation_rate=1)))
    with pytest.raises(DisagreementError, match="outputs for seed 1 differ"):
        Preparer().prepared(Competitor(plain, case), time.perf_counter)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_the_whole_model_competes_with_its_rest_and_with_involution(data_format):
    model = small_model(data_format)
    [whole] = contests_of(own(model, first=3, depthwise=7), has_layers=False)
    names = [(each.name, each.implementation) for each in whole.operators]
    assert names == [("convolution", "small"), (REST, "keras"), ("involution", "with-involution")]
    for case in whole.sweep.listed:
        for each in competitors(whole.operators, case):
            ready = Preparer().prepared(each, time.perf_counter)
            outputs = ready.call()
            outputs = outputs[0] if case.direction == "training" else outputs
            assert tuple(outputs.shape) == (2, 3)
    assert whole.operators[2].costs(case).parameters < whole.operators[0].costs(case).parameters


def test_a_copy_of_the_model_is_timed_and_not_the_model_itself():
    model = small_model()
    before = [weight.copy() for weight in model.get_weights()]
    whole = of_whole(contests_of(own(model)))
    for case in whole.sweep.listed:
        built = whole.operators[0].build(case)
        assert built is not model
        np.testing.assert_array_equal(
            built(np.ones((1, 9, 10, 8), "float32")), model(np.ones((1, 9, 10, 8), "float32"))
        )
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_description_says_what_a_page_needs():
    found = described(own(small_model(), first=(3, 5)))
    assert (found["name"], found["batch"], found["height"], found["width"], found["channels"]) == (
        "small",
        2,
        9,
        10,
        8,
    )
    by_name = {each["names"][0]: each for each in found["layers"]}
    assert [name for name, each in by_name.items() if each["is_measured"]] == [
        "first",
        "second",
        "wider",
        "depthwise",
        "separable",
    ]
    assert by_name["wider"]["instead"] == "1x1 convolution to 16 channels, then involution"
    assert by_name["pointwise"]["reason"] == "its window is a single pixel"
    assert (
        by_name["first"]["macs"] == costs.convolution((1, 9, 10, 8), filters=8, kernel_size=3).macs
    )
    assert found["replaced"] == [{"layer": "first", "kernel_size": "3x5"}]
    assert found["parameters"] == small_model().count_params()


def test_involution_is_the_implementation_that_auto_chooses(contests):
    [first] = [each for each in contests[0].operators if each.name == "involution"][:1]
    assert first.implementation in {each.implementation for each in INVOLUTIONS}


def test_a_batch_that_does_not_fit_into_memory_is_refused():
    with pytest.raises(ValueError, match="Received: tutorial_cnn with 99999999 images in a call"):
        own_model("tutorial_cnn", batch=99_999_999)
