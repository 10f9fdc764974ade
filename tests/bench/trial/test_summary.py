import pytest

from bench.trial.summary import of_choice, of_whole
from reports.sweeps import load
from reports.text.units import UNKNOWN
from tests.reports.conftest import Builder


@pytest.fixture(scope="module")
def judged():
    """Whole models: as it is, its rest, and with involution in 0.8 and 1.5 times the time."""
    builder = Builder(rounds=40, noise=0.01)
    made = []
    for direction, ratio in (("forward", 0.8), ("training", 1.5)):
        for operator, implementation, changes in (
            ("convolution", "small", {"is_baseline": True, "parameters": 1000, "macs": 4000}),
            ("rest of the model", "keras", {"parameters": 10, "macs": 40}),
            ("involution", "with-involution", {"parameters": 500, "macs": 1000}),
        ):
            planted = ratio if operator == "involution" else None
            record = builder.record(
                "model", operator, implementation, direction=direction, ratio=planted
            )
            extra = record["extra_info"]
            extra |= {"axis": "batch", "axis_value": 8, "label": "8", "is_baseline": False}
            extra |= {"measurement": f"8 {direction}", "peak_memory_bytes": 2**20, **changes}
            made.append(record)
    return load.from_document(builder.document(made), "small.json").judged


def cells(text):
    """The numbers of each line of the table, by its name."""
    return {line[:24].strip(): line[24:].split() for line in text.splitlines()[2:]}


def test_both_models_are_next_to_each_other(judged):
    assert of_whole(judged).startswith("For ")
    found = cells(of_whole(judged))
    assert found["time forward"][4].startswith("0.8")
    assert found["time of a training step"][4].startswith("1.5")
    assert found["trainable parameters"] == ["1.00", "k", "500", "0.50x"]
    assert found["MACs forward"] == ["4.00", "k", "1.00", "k", "0.25x"]
    assert found["peak memory forward"] == ["1.00", "MiB", "1.00", "MiB", "1.00x"]


def test_a_model_that_stays_as_it_is_has_one_column(judged):
    text = of_whole(judged[judged["operator"] != "involution"])
    assert cells(text)["trainable parameters"] == ["1.00", "k"]
    assert "with involution" not in text


def test_what_was_not_measured_is_a_dash(judged):
    one = judged[(judged["operator"] != "involution") | (judged["direction"] == "forward")]
    assert cells(of_whole(one))["time of a training step"][-2:] == [UNKNOWN, UNKNOWN]
    assert of_whole(judged[:0]) == "The whole models could not be measured."


def test_many_layers_fill_several_lines():
    text = of_choice({f"block{number}_conv": 7 for number in range(30)})
    assert max(map(len, text.splitlines())) <= 96
    assert text.count("_conv") == 30


def test_no_layer_is_replaced_where_involution_is_not_faster_as_asked():
    assert of_choice({}).endswith("involution was found faster forward and in training.")
