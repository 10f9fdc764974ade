"""The words about a model: titles, lines and advice of planted times."""

import pytest

from reports.sweeps.load import from_document
from reports.sweeps.model import advice, findings
from reports.sweeps.model.layers import measured_model
from tests.reports.conftest import Builder
from tests.reports.sweeps.model import runs

SIZE = "56x56x64, K3"


def model_of(document):
    run = from_document(document, "x.json")
    return measured_model(run.model, run.judged)


def exact():
    return Builder(noise=0.0)


def single(times, *, whole=True, **changes):
    """A model of one spatial convolution that is called twice, in 100 ms."""
    builder = exact()
    layer = runs.layer(SIZE, ["a_conv", "b_conv"], **changes)
    records = runs.of_layer(builder, SIZE, times) if times else []
    records += runs.of_model(builder, 0.1, None) if whole else []
    return model_of(builder.document(records, model=runs.description([layer])))


def only(sweep, document):
    document["benchmarks"] = [
        entry for entry in document["benchmarks"] if entry["extra_info"]["sweep"] == sweep
    ]
    return document


def test_the_title_projects_the_model():
    assert findings.title(model_of(runs.resnet(exact()))) == (
        "Involution in place of 3 of 6 spatial convolutions: projected 0.76 times the time of "
        "ResNet50 (0.760 to 0.760)"
    )


def test_after_a_trial_the_title_has_both_times():
    title = findings.title(model_of(runs.resnet(exact(), trial=0.078)))
    assert title.endswith("(0.760 to 0.760), measured 0.78 (0.780 to 0.780)")


def test_whole_models_alone_decide_nothing_about_layers():
    model = single(None)
    assert findings.title(model) == "Whether involution would make ResNet50 faster is not decided"
    [line] = findings.lines(model)
    assert line.startswith("What the whole model gains: not decided; in training not decided.")


@pytest.mark.parametrize(
    ("model", "title"),
    [
        (
            single((0.01, 0.02, None)),
            "Involution is faster in place of none of the 2 spatial convolutions of ResNet50",
        ),
        (
            single((0.01, None, None), reason="its padding is odd"),
            "Involution can take the place of none of the 2 spatial convolutions of ResNet50",
        ),
        (
            single((0.01, 0.002, None), whole=False),
            "Involution is faster in place of 2 of 2 spatial convolutions of ResNet50",
        ),
        (
            single(None, whole=False),
            "None of the 2 spatial convolutions of ResNet50 was measured",
        ),
        (
            model_of(exact().document([], model=runs.description([]))),
            "ResNet50 has no spatial convolution",
        ),
    ],
)
def test_the_title_claims_no_more_than_was_measured(model, title):
    assert findings.title(model) == title


def test_a_trial_of_the_whole_model_alone_is_told():
    model = model_of(only("model", runs.resnet(exact(), trial=0.078)))
    assert findings.title(model) == (
        "Involution in place of 3 of 6 spatial convolutions: measured 0.78 times the time of "
        "ResNet50 (0.780 to 0.780)"
    )
    [line] = findings.lines(model)
    assert line.startswith("What the whole model gains: measured 0.78")
    assert advice.advice(model) == []
    assert advice.accounts(model) == []


def test_the_lines_say_where_it_helps_and_where_not():
    helps, does_not, gains = findings.lines(model_of(runs.resnet(exact())))
    assert helps == (
        "Where it helps: replace block*_conv (30 % of the time, 0.20 times as long with "
        "involution)."
    )
    assert does_not == (
        "Where it does not: keep wide_conv* (10 % of the time, 2.00 times as long with "
        "involution); it cannot replace conv1."
    )
    assert gains.endswith("in training projected 0.76 (0.760 to 0.760). " + findings.ACCURACY)


@pytest.mark.parametrize(
    ("layers", "named"),
    [
        ((("a", 10, 7), ("b", 9, 1), ("c", 5, 3)), ["b", "a", "c"]),
        ((("a", 10, 7), ("b", 9, 1), ("c", 5, 3), ("d", 6, 2)), ["b", "d", "2 more"]),
    ],
)
def test_layers_that_save_most_time_come_first_and_three_are_named(layers, named):
    builder = exact()
    model = runs.description([runs.layer(name, [f"{name}_conv"]) for name, *_ in layers])
    records = [
        entry
        for name, before, after in layers
        for entry in runs.of_layer(builder, name, (before / 1000, after / 1000, None))
    ]
    helps = findings.lines(model_of(builder.document(records, model=model)))[0]
    parts = helps.removeprefix("Where it helps: replace ").replace(" and ", ", ").split(", ")
    assert [part.partition("_")[0].rstrip(".") for part in parts] == named


def without(sizes, operator=None):
    """The model of `runs.resnet` without the records of some layers, or of an operator there."""
    document = runs.resnet(exact())
    document["benchmarks"] = [
        entry
        for entry in document["benchmarks"]
        if entry["extra_info"]["axis_value"] not in sizes
        or operator not in (None, entry["extra_info"]["operator"])
    ]
    return model_of(document)


@pytest.mark.parametrize("operator", [None, "involution"])
def test_layers_without_a_record_are_not_told_as_measured(operator):
    model = without(["28x28x64, K3"], operator)
    assert findings.title(model).startswith(
        "Involution in place of 3 of the 4 measured of 6 spatial convolutions: projected 0.76"
    )
    does_not = findings.lines(model)[1]
    assert does_not.endswith("it cannot replace conv1; not measured in place of wide_conv*.")


def test_a_gain_that_may_be_in_missing_layers_is_not_decided():
    model = without(["56x56x64, K3"])
    assert findings.title(model) == (
        "Involution is faster in place of none of the 3 measured of 6 spatial convolutions of "
        "ResNet50"
    )
    helps, _, gains = findings.lines(model)
    assert helps == "Where it helps: nowhere among 3 measured of 6 spatial convolutions."
    assert "gains: not decided; in training not decided." in gains


def test_where_nothing_helps_the_lines_say_so():
    helps, _, gains = findings.lines(single((0.01, 0.02, None)))
    assert helps == "Where it helps: nowhere among 2 spatial convolutions."
    assert gains == (
        "What the whole model gains: nothing; in training nothing. " + findings.ACCURACY
    )


def test_what_is_not_decided_is_neither_a_gain_nor_a_loss():
    builder = Builder(rounds=6, noise=0.5)
    document = builder.document(
        [*runs.of_layer(builder, SIZE, (0.01, 0.009, None)), *runs.of_model(builder, 0.1, None)],
        model=runs.description([runs.layer(SIZE, ["a_conv"])]),
    )
    model = model_of(document)
    assert findings.title(model) == "Whether involution would make ResNet50 faster is not decided"
    _, does_not, gains = findings.lines(model)
    assert does_not.startswith("Where it does not: not decided for a_conv (")
    assert "gains: not decided; in training not decided." in gains
    assert advice.advice(model)[0].startswith("Not decided for a_conv: ")


@pytest.mark.parametrize("whole", [True, False])
def test_without_its_twin_a_layer_still_has_a_verdict(whole):
    document = runs.resnet(exact())
    document["benchmarks"] = [
        entry for entry in document["benchmarks"] if not entry["extra_info"]["is_twin"]
    ]
    model = model_of(document if whole else only("layers", document))
    assert "replace block*_conv" in findings.lines(model)[0]


def test_each_layer_has_advice():
    replace, keep, impossible = sorted(
        advice.advice(model_of(runs.resnet(exact()))), key=lambda text: text.startswith("Keep conv")
    )
    assert replace.startswith("Replace block*_conv: 30 % of the time, 0.20 times as long with")
    assert keep.startswith("Keep wide_conv*: 10 % of the time, 2.00 times as long with involution")
    assert impossible == (
        "Keep conv1: 10 % of the time, involution cannot replace it "
        "(it changes the channels from 3 to 64)."
    )


def test_advice_for_one_direction_alone_says_which():
    builder = exact()
    records = runs.of_layer(builder, SIZE, (0.01, 0.002, None), directions=["forward"])
    records += runs.of_layer(builder, SIZE, (0.01, 0.02, None), directions=["training"])
    document = builder.document(records, model=runs.description([runs.layer(SIZE, ["a_conv"])]))
    [text] = advice.advice(model_of(document))
    assert text == (
        "Replace a_conv for inference alone: 0.20 times as long with involution (0.200 to 0.200); "
        "in training 2.00 times as long with involution (2.00 to 2.00), slower."
    )


def test_what_could_take_its_place_together_is_named():
    model = single((0.01, None, None), reason="it doubles the channels", instead="two layers.")
    [text] = advice.advice(model)
    assert text == (
        "Keep *_conv: 20 % of the time, involution cannot replace it (it doubles the channels). "
        "Together could take its place: two layers."
    )


def test_the_command_is_there_until_the_trial():
    assert advice.command(model_of(runs.resnet(exact()))) == runs.COMMAND
    assert advice.command(model_of(runs.resnet(exact(), trial=0.078))) == ""
    assert advice.command(single((0.01, 0.02, None))) == ""


def test_projection_and_measurement_are_held_against_each_other():
    forward, training, rule = advice.projected(model_of(runs.resnet(exact(), trial=0.0836)))
    assert forward == (
        "Forward: projected 0.76 (0.760 to 0.760) times the time of ResNet50, 76.0 ms instead of "
        "100 ms; measured 0.84 (0.836 to 0.836) times; 10 % above the projection."
    )
    assert training.startswith("Training: projected 0.76")
    assert "covers rounds of one process" in rule


@pytest.mark.parametrize(
    ("rest", "ending"),
    [
        (0.050, "less than 0.5 % from the model."),
        (0.080, "30 % above the model. " + f"{advice.TOO_LONG} {advice.TRIAL}"),
        (0.010, "40 % below the model. " + f"{advice.TOO_SHORT} {advice.TRIAL}"),
    ],
)
def test_a_large_gap_in_the_account_is_explained(rest, ending):
    assert advice.accounts(model_of(runs.resnet(exact(), rest=rest)))[0].endswith(ending)


def test_a_gap_inside_the_noise_has_no_explanation():
    document = runs.resnet(Builder(rounds=8, noise=0.5), rest=0.070)
    text = advice.accounts(model_of(document))[0]
    assert text.endswith("26 % above the model. " + f"{advice.UNDECIDED} {advice.TRIAL}")


def test_after_the_trial_nothing_is_left_to_tell():
    text = advice.accounts(model_of(runs.resnet(exact(), trial=0.09, rest=0.080)))[0]
    assert text.endswith(advice.TOO_LONG)


def test_an_account_names_what_is_missing():
    document = runs.resnet(exact())
    document["benchmarks"] = [
        entry
        for entry in document["benchmarks"]
        if entry["extra_info"]["axis_value"] != "28x28x64, K3"
    ]
    text = advice.accounts(model_of(document))[0]
    assert "Not in this sum: 28x28x64, K3, which has no record." in text
