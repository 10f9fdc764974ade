import pandas as pd
import pytest
from keras import Input, Sequential, layers

from bench.own.layers import uses
from bench.trial.choice import Wish, chosen


@pytest.fixture(scope="module")
def convolutions():
    """Two layers that are alike, one with a window of its own, and one that must stay."""
    return uses(
        Sequential(
            [
                Input((8, 8, 16)),
                layers.Conv2D(16, 3, padding="same", name="first"),
                layers.Conv2D(16, 3, padding="same", name="second"),
                layers.Conv2D(16, (3, 5), padding="same", name="wide"),
                layers.Conv2D(8, 3, padding="same", name="narrowing"),
            ]
        )
    )


SQUARE, WIDE, NARROWING = "8x8x16, 3x3", "8x8x16, 3x5", "8x8x16 to 8, 3x3"


def records(*rows):
    """Judged records of involution: label, kernel size, direction, ratio, verdict."""
    columns = ["axis_value", "kernel_size", "direction", "ratio", "verdict"]
    table = pd.DataFrame(rows, columns=columns).astype({"kernel_size": object})
    return table.assign(sweep="layers", operator="involution")


FASTER = [
    (SQUARE, 3, "forward", 0.5, "faster"),
    (SQUARE, 3, "training", 0.9, "faster"),
    (SQUARE, 7, "forward", 0.6, "faster"),
    (SQUARE, 7, "training", 0.7, "faster"),
    (WIDE, "3x5", "forward", 0.5, "faster"),
    (WIDE, "3x5", "training", 1.2, "slower"),
    (WIDE, 7, "forward", 0.9, "equivalent"),
    (WIDE, 7, "training", 1.3, "slower"),
]


def test_the_labels_are_those_of_the_model(convolutions):
    assert [use.label for use in convolutions] == [SQUARE, WIDE, NARROWING]


@pytest.mark.parametrize(
    ("directions", "sizes"),
    [
        # 0.6 x 0.7 is less than 0.5 x 0.9.
        (("forward", "training"), {"first": 7, "second": 7}),
        (("forward",), {"first": 3, "second": 3, "wide": (3, 5)}),
        (("training",), {"first": 7, "second": 7}),
    ],
)
def test_layers_are_replaced_where_involution_is_faster(convolutions, directions, sizes):
    assert chosen(convolutions, records(*FASTER), Wish(directions=directions)) == sizes


def test_the_faster_kernel_size_must_be_one_whose_verdict_is_faster(convolutions):
    table = records(
        (SQUARE, 3, "forward", 0.8, "undecided"),
        (SQUARE, 7, "forward", 0.9, "faster"),
    )
    assert chosen(convolutions, table, Wish(directions=["forward"])) == {"first": 7, "second": 7}


def test_a_kernel_size_that_is_asked_for_is_judged_by_its_own_records(convolutions):
    table = records(*FASTER)
    assert chosen(convolutions, table, Wish(kernel_size=3)) == {"first": 3, "second": 3}
    wide = Wish(kernel_size=(3, 5), directions=["forward"])
    assert chosen(convolutions, table, wide) == {"wide": (3, 5)}


def test_a_layer_with_one_direction_missing_is_kept(convolutions):
    assert chosen(convolutions, records(*FASTER[:1], *FASTER[4:]), Wish()) == {}


def test_records_of_other_sweeps_and_operators_count_for_nothing(convolutions):
    table = records(*FASTER)
    assert chosen(convolutions, table.assign(sweep="model"), Wish()) == {}
    assert chosen(convolutions, table.assign(operator="convolution"), Wish()) == {}


def test_a_layer_that_is_named_is_replaced_however_long_it_takes(convolutions):
    table = records(*FASTER)
    assert chosen(convolutions, table, Wish(["second", "wide"])) == {"second": 7, "wide": (3, 5)}
    assert chosen(convolutions, table, Wish(["wide"], kernel_size=5)) == {"wide": 5}


def test_a_layer_that_is_named_and_was_not_measured_keeps_its_kernel_size(convolutions):
    assert chosen(convolutions, records(), Wish(["first", "wide"])) == {"first": 3, "wide": (3, 5)}


def test_a_layer_that_involution_cannot_replace_stays(convolutions):
    table = records(
        (NARROWING, 3, "forward", 0.5, "faster"), (NARROWING, 3, "training", 0.5, "faster")
    )
    assert chosen(convolutions, table, Wish()) == {}
