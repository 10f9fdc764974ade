"""Projections and accounts against sums that were done by hand."""

import numpy as np
import pytest

from reports.sweeps.load import from_document
from reports.sweeps.model.layers import measured_model
from reports.sweeps.model.projection import account, candidate, measured, projection
from tests.reports.conftest import Builder
from tests.reports.sweeps.model import runs

# Without noise all numbers are those that were planted.
EXACT = 0.0


def model_of(document):
    run = from_document(document, "x.json")
    assert run.problems == ()
    return measured_model(run.model, run.judged)


def exact(**changes):
    return model_of(runs.resnet(Builder(noise=EXACT), **changes))


def replaced(*names, size=3):
    return [{"layer": name, "kernel_size": size} for name in names]


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_a_layer_takes_its_calls_of_the_time_of_the_model(direction):
    shares = [layer.times[direction].share.value for layer in exact().layers]
    assert shares == pytest.approx([0.10, 0.30, 0.10])


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_before_a_trial_the_faster_layers_are_replaced(direction):
    found = projection(exact(), direction)
    # 100 ms + 3 x (2 - 10) ms.
    assert found.ratio.value == pytest.approx(0.76)
    assert [(swap.layer.description.label, swap.count) for swap in found.swaps] == [
        ("56x56x64, K3", 3)
    ]


def test_kernel_size_7_has_a_projection_of_its_own():
    # 100 ms + 3 x (4 - 10) ms.
    assert projection(exact(), "forward", is_wide=True).ratio.value == pytest.approx(0.82)


def test_after_a_trial_its_layers_are_replaced():
    names = ("block1_conv", "block3_conv", "wide_conv")
    found = projection(exact(trial=0.09, replaced=replaced(*names)), "forward")
    # 100 ms + 2 x (2 - 10) ms + 1 x (10 - 5) ms.
    assert found.ratio.value == pytest.approx(0.89)
    assert [swap.count for swap in found.swaps] == [2, 1]


def test_a_trial_with_another_kernel_size_is_held_against_it():
    model = exact(trial=0.09, replaced=replaced("block1_conv", size=7))
    # 100 ms + 1 x (4 - 10) ms.
    assert projection(model, "forward").ratio.value == pytest.approx(0.94)
    assert candidate(model, model.layers[1], "forward")["kernel_size"] == 7


def test_a_layer_that_one_name_calls_twice_counts_twice():
    document = runs.resnet(Builder(noise=EXACT), trial=0.09, replaced=replaced("block1_conv"))
    document["model"]["layers"][1]["count"] = 6
    # Six calls of three layers: 100 ms + 2 x (2 - 10) ms.
    assert projection(model_of(document), "forward").ratio.value == pytest.approx(0.84)


@pytest.mark.parametrize(
    "missing", [{"layer": "conv1", "kernel_size": 7}, {"layer": "block1_conv", "kernel_size": 5}]
)
def test_a_trial_of_a_layer_without_a_record_has_no_projection(missing):
    model = exact(trial=0.09, replaced=[*replaced("block2_conv"), missing])
    found = projection(model, "forward")
    assert found.ratio is None
    assert found.missing == [missing["layer"]]
    assert measured(model, "forward").value == pytest.approx(0.9)


def test_nothing_faster_means_no_projection():
    builder = Builder(noise=EXACT)
    layer = runs.layer("56x56x64, K3", ["conv"])
    records = [
        *runs.of_layer(builder, "56x56x64, K3", (0.01, 0.02, None)),
        *runs.of_model(builder, 0.1, 0.09),
    ]
    document = builder.document(records, model=runs.description([layer]))
    found = projection(model_of(document), "forward")
    assert (found.ratio, found.swaps) == (None, [])


@pytest.mark.parametrize(("rest", "total"), [(0.050, 1.0), (0.080, 1.3), (0.010, 0.6)])
def test_the_account_adds_the_rest_and_all_layers(rest, total):
    # The rest + 10 ms + 3 x 10 ms + 2 x 5 ms over 100 ms.
    assert account(exact(rest=rest), "forward").ratio.value == pytest.approx(total)


def test_the_account_names_the_layers_without_a_record():
    document = runs.resnet(Builder(noise=EXACT))
    document["benchmarks"] = [
        entry
        for entry in document["benchmarks"]
        if entry["extra_info"]["axis_value"] != "28x28x64, K3"
    ]
    found = account(model_of(document), "training")
    assert found.missing == ["28x28x64, K3"]
    assert found.ratio.value == pytest.approx(0.9)


def test_without_the_model_itself_there_are_ratios_alone():
    document = runs.resnet(Builder(noise=EXACT))
    document["benchmarks"] = [
        entry for entry in document["benchmarks"] if entry["extra_info"]["sweep"] != "model"
    ]
    model = model_of(document)
    assert projection(model, "forward").ratio is None
    assert account(model, "forward").ratio is None
    assert model.layers[1].times["forward"].share is None
    assert model.layers[1].times["forward"].own["ratio"] == pytest.approx(0.2)


def test_intervals_hold_the_planted_numbers():
    held = []
    for seed in range(40):
        model = model_of(runs.resnet(Builder(rounds=20, noise=0.05, seed=seed)))
        projected, added = projection(model, "forward").ratio, account(model, "forward").ratio
        held.append([projected.low <= 0.76 <= projected.high, added.low <= 1 <= added.high])
    # Of 40 intervals of 95 % fewer than 34 hold the truth in 0.3 % of all runs.
    assert (np.sum(held, axis=0) >= 34).all()
