"""The figure of a model: one plot per direction, whose words can all be read."""

import pytest

from reports.sweeps.load import from_document
from reports.sweeps.model.bars import MOST_LAYERS, model_figure
from reports.sweeps.model.layers import measured_model
from tests.reports.conftest import Builder
from tests.reports.drawing.layout import recorded
from tests.reports.sweeps.model import runs


def figure_of(document):
    run = from_document(document, "x.json")
    return model_figure(measured_model(run.model, run.judged), "A finding", "run-model")


def test_each_direction_has_a_plot_of_all_layers():
    figure = figure_of(runs.resnet(Builder(noise=0.0)))
    assert [panel.name for panel in figure.panels] == ["run-model-forward", "run-model-training"]
    assert figure.panels[0].description == (
        "3 x block*_conv: 30 %, with involution 6.0 %; 1 x conv1: 10 %; "
        "2 x wide_conv*: 10 %, with involution 20 %; The rest of the model: 50 %."
    )


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_names_and_numbers_keep_apart(noise):
    document = runs.resnet(Builder(rounds=8, noise=noise))
    long = [f"a_block_whose_name_has_many_letters_{'x' * 40}_{number}" for number in (1, 2)]
    document["model"]["layers"][2]["names"] = [long[0], long[1] + "_too"]
    with recorded() as layouts:
        figure_of(document)
    assert [layout.faults for layout in layouts] == [[], []]
    assert [len(layout.labels) for layout in layouts] == [10, 10]


def test_of_many_layers_the_largest_are_drawn():
    builder = Builder(rounds=6)
    labels = [f"layer {number}" for number in range(MOST_LAYERS + 3)]
    records = [
        entry
        for number, label in enumerate(labels, 1)
        for entry in runs.of_layer(builder, label, (0.001 * number, None, None))
    ]
    layers = [runs.layer(label, [label.replace(" ", "")]) for label in labels]
    document = builder.document(
        [*records, *runs.of_model(builder, 0.2, None)], model=runs.description(layers)
    )
    figure = figure_of(document)
    assert "3 smaller layers are in the table alone" in figure.caption
    shown = figure.panels[0].description
    assert "layer14" in shown
    assert "layer3:" in shown
    assert "layer2:" not in shown


@pytest.mark.parametrize("sweep", ["layers", "model"])
def test_without_the_model_or_its_layers_nothing_is_drawn(sweep):
    document = runs.resnet(Builder())
    document["benchmarks"] = [
        entry for entry in document["benchmarks"] if entry["extra_info"]["sweep"] == sweep
    ]
    assert figure_of(document) is None


def test_intervals_that_are_unknown_are_not_drawn():
    figure = figure_of(runs.resnet(Builder(rounds=3)))
    assert "NaN" not in str(figure.panels[0].body)
    assert "nan" not in str(figure.panels[0].body)
