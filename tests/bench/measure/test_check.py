"""Implementations that compute something else are found before they are timed."""

from dataclasses import replace

import pytest
import tensorflow as tf

from bench.cases import Case
from bench.measure.calls import prepare
from bench.measure.check import DisagreementError, check
from bench.operators import ALL_OPERATORS, BASELINE

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=4)
CHECKED = [operator for operator in ALL_OPERATORS if operator.reference]


def test_every_implementation_of_ours_has_a_reference_but_the_reference_itself():
    assert {str(operator) for operator in ALL_OPERATORS if operator not in CHECKED} == {
        "convolution",
        "depthwise",
        "involution-patches",
    }


@pytest.mark.parametrize("direction", ["forward", "training"])
@pytest.mark.parametrize("operator", CHECKED, ids=str)
def test_correct_implementations_pass(operator, direction):
    case = replace(SMALL, strides=2, direction=direction)
    assert check(operator, case, prepare(operator, case)) is None


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_tolerances_fit_the_data_type(dtype):
    involution = next(operator for operator in CHECKED if operator.name == "involution")
    case = replace(SMALL, dtype=dtype)
    assert check(involution, case, prepare(involution, case)) is None


class Skewed:
    """A call whose output is right but for one value."""

    def __init__(self, call, skew):
        self._call, self._skew = call, skew

    def __call__(self):
        outputs = self._call()
        first = tf.one_hot(0, tf.size(outputs), dtype=outputs.dtype)
        return outputs + self._skew * tf.reshape(first, outputs.shape)


@pytest.mark.parametrize("skew", [0.01, float("nan")])
@pytest.mark.parametrize("operator", CHECKED, ids=str)
def test_a_single_wrong_value_is_found(operator, skew):
    call = Skewed(prepare(operator, SMALL), skew)
    with pytest.raises(DisagreementError, match="outputs and those of its reference differ"):
        check(operator, SMALL, call)


def test_wrong_gradients_are_found():
    case = replace(SMALL, direction="training")
    involution = next(operator for operator in CHECKED if operator.name == "involution")
    call = prepare(involution, case)

    def halved():
        outputs, (inputs, *weights) = call()
        return outputs, [inputs / 2, *weights]

    with pytest.raises(DisagreementError, match="gradients of the inputs"):
        check(involution, case, halved)


def test_other_shapes_are_found():
    grouped = next(operator for operator in CHECKED if operator.name == "convolution")
    with pytest.raises(DisagreementError, match="shape"):
        check(grouped, SMALL, prepare(BASELINE, replace(SMALL, batch=1, groups=1)))


def test_a_reference_without_enough_memory_is_a_note(monkeypatch):
    def exhausted(operator, case):
        raise MemoryError

    monkeypatch.setattr("bench.measure.check.prepare", exhausted)
    assert "not compared" in check(CHECKED[0], SMALL, None)
