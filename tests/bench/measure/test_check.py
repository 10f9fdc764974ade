"""Operators that compute something else are found before they are timed."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from bench import bench_core, bench_generated, bench_models, bench_overhead
from bench.cases import Case
from bench.measure import backend
from bench.measure.calls import prepare
from bench.measure.check import SEEDS, DisagreementError, check
from bench.operators import ALL_OPERATORS, BASELINE, GROUPED_CONVOLUTION, NATIVE, PATCHES
from involution import involve
from reports.sources.case import DTYPES

SMALL = Case(batch=2, height=6, width=5, channels=8, kernel_size=5, groups=4, strides=2)
# More windows than all seeds together compare.
LARGE = Case(batch=4, height=32, width=32, channels=8, kernel_size=3, groups=2)
OPERATORS = (
    *ALL_OPERATORS,
    *bench_core.COMPILED,
    bench_core.PATCHES,
    *bench_generated.OPERATORS,
    *bench_overhead.OPERATORS[1:],
)
IN_FORWARD = [operator for operator in OPERATORS if operator.fit(SMALL)]
CORE = bench_core.PATCHES


@cache
def prepared(operator, case):
    """Prepare an operator once for all tests that leave its weights as they are."""
    return prepare(operator, case)


def test_every_operator_has_a_reference_but_whole_models():
    assert all(operator.reference for operator in OPERATORS)
    assert not any(operator.reference for operator in bench_models.OPERATORS)


@pytest.mark.parametrize("operator", OPERATORS, ids=str)
def test_correct_operators_pass(operator):
    cases = [operator.fit(replace(SMALL, direction=each)) for each in ("forward", "training")]
    cases = [case for case in cases if case is not None]
    assert cases
    for case in cases:
        assert check(operator, case, prepared(operator, case)) is None


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("direction", ["forward", "training"])
@pytest.mark.parametrize("operator", [*ALL_OPERATORS[:5], PATCHES, CORE], ids=str)
def test_tolerances_fit_the_data_type(operator, direction, dtype):
    case = operator.fit(replace(LARGE, kernel_size=7, dtype=dtype, direction=direction))
    assert check(operator, case, prepared(operator, case)) is None


def test_what_sums_in_float16_passes_in_float16():
    """A depthwise convolution on a CPU, over 225 taps."""
    depthwise = next(each for each in ALL_OPERATORS if each.name.startswith("depthwise"))
    case = depthwise.fit(replace(LARGE, kernel_size=15, dtype="float16"))
    assert check(depthwise, case, prepared(depthwise, case)) is None


def refused(operator, case, function, what="outputs"):
    """Check a function in place of an operator's own."""
    call = replace(prepared(operator, case), function=function)
    with pytest.raises(DisagreementError, match=what):
        check(operator, case, call)


@pytest.mark.parametrize("skew", [1e-4, float("nan")])
@pytest.mark.parametrize("operator", IN_FORWARD, ids=str)
def test_a_single_wrong_value_is_found(operator, skew):
    case = operator.fit(SMALL)
    function = prepared(operator, case).function

    def skewed(inputs):
        outputs = function(inputs)
        first = tf.one_hot(0, tf.size(outputs), dtype=outputs.dtype)
        return outputs + skew * tf.reshape(first, outputs.shape)

    refused(operator, case, skewed)


def test_a_wrong_row_of_one_image_is_found_among_many():
    function = prepared(BASELINE, BASELINE.fit(LARGE)).function
    wrong = np.ones((4, 32, 32, 8), "float32")
    wrong[2, 17] = 1.001
    refused(BASELINE, BASELINE.fit(LARGE), lambda inputs: function(inputs) * wrong)


def test_a_value_that_is_not_finite_is_found_anywhere():
    function = prepared(BASELINE, BASELINE.fit(LARGE)).function
    for position in range(0, 4 * 32 * 32 * 8, 2503):
        wrong = np.ones(4 * 32 * 32 * 8, "float32")
        wrong[position] = np.inf
        factors = wrong.reshape(4, 32, 32, 8)
        refused(BASELINE, BASELINE.fit(LARGE), lambda inputs, f=factors: function(inputs) * f)


@pytest.mark.parametrize("operator", [BASELINE, PATCHES, CORE], ids=str)
def test_inputs_and_upstream_gradients_in_each_others_place_are_found(operator):
    case = operator.fit(replace(LARGE, direction="training"))
    function = prepared(operator, case).function
    refused(operator, case, lambda inputs, upstream: function(upstream, inputs))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_missing_last_tap_is_found(dtype):
    case = BASELINE.fit(replace(LARGE, kernel_size=5, dtype=dtype))
    kernel = prepared(BASELINE, case).layer.kernel.value
    last = np.ones((5, 5, 1, 1))
    last[-1, -1] = 0
    wrong = kernel * tf.cast(last, dtype)
    refused(BASELINE, case, lambda inputs: tf.nn.conv2d(inputs, wrong, 1, "SAME"))


@pytest.mark.parametrize(
    ("strides", "amounts", "mode"),
    [(2, (1, 0), "CONSTANT"), (1, (1, 1), "SYMMETRIC")],
    ids=["zeros on the other side", "pixels at the edge twice"],
)
def test_another_border_is_found(strides, amounts, mode):
    case = BASELINE.fit(replace(LARGE, strides=strides))
    kernel = prepared(BASELINE, case).layer.kernel.value

    def other(inputs):
        padded = tf.pad(inputs, [(0, 0), amounts, amounts, (0, 0)], mode)
        return tf.nn.conv2d(padded, kernel, strides, "VALID")

    refused(BASELINE, case, other)


def test_groups_of_interleaved_channels_are_found():
    kernels = prepared(CORE, LARGE).layer.kernels.value
    order = np.arange(8).reshape(4, 2).T.ravel()  # channel c is of group c % 2

    def interleaved(inputs):
        outputs = involve(tf.gather(inputs, order, axis=3), kernels, implementation="patches")
        return tf.gather(outputs, np.argsort(order), axis=3)

    refused(CORE, LARGE, interleaved)
    case = GROUPED_CONVOLUTION.fit(LARGE)
    function = prepared(GROUPED_CONVOLUTION, case).function
    refused(GROUPED_CONVOLUTION, case, lambda inputs: function(tf.gather(inputs, order, axis=3)))


@pytest.mark.parametrize("operator", [BASELINE, PATCHES], ids=str)
def test_a_gradient_that_lacks_one_image_is_found(operator):
    case = operator.fit(replace(LARGE, direction="training"))
    function = prepared(operator, case).function
    all_but_one = np.ones((4, 1, 1, 1), "float32")
    all_but_one[1] = 0

    def lacking(inputs, upstream):
        outputs, gradients = function(inputs, upstream)
        _, (_, *of_weights) = function(inputs, upstream * all_but_one)
        return outputs, [gradients[0], *of_weights]

    refused(operator, case, lacking, "gradients of weight 1")


@pytest.mark.parametrize("number", range(3))
def test_results_that_were_rounded_to_bfloat16_are_found(number):
    case = replace(LARGE, direction="training")
    function = prepared(NATIVE, case).function

    def rounded(inputs, upstream):
        outputs, gradients = function(inputs, upstream)
        results = [outputs, *gradients]
        results[number] = tf.cast(tf.cast(results[number], "bfloat16"), "float32")
        return results[0], results[1:]

    what = ["outputs", "gradients of the inputs", "gradients of weight 1"][number]
    refused(NATIVE, case, rounded, what)


def test_a_bias_that_is_left_out_is_found():
    case = NATIVE.fit(LARGE)
    call = prepare(NATIVE, case)
    bias = call.layer.trainable_weights[-1]
    kept = bias.value + 0

    def without_bias(inputs):
        bias.assign(tf.zeros_like(kept))
        outputs = call.function(inputs)
        bias.assign(kept)
        return outputs

    refused(NATIVE, case, without_bias)


def test_other_shapes_are_found():
    refused(BASELINE, BASELINE.fit(SMALL), lambda inputs: inputs, "shape")
    case = BASELINE.fit(replace(SMALL, direction="training"))
    function = prepared(BASELINE, case).function

    def flat(inputs, upstream):
        outputs, (of_inputs, of_kernel) = function(inputs, upstream)
        return outputs, [of_inputs, tf.reshape(of_kernel, (-1,))]

    refused(BASELINE, case, flat, "gradients of weight 1.*shape")


def counted(reference, asked):
    def counting(question):
        asked.append(question)
        return reference(question)

    return counting


def test_operators_with_the_same_weights_share_the_reference():
    asked = []
    reference = counted(CORE.reference, asked)
    for operator in [CORE, *bench_core.COMPILED[::2]]:
        case = operator.fit(SMALL)
        check(replace(operator, reference=reference), case, prepared(operator, case))
    assert len(asked) == len(SEEDS)
    call = prepare(CORE, SMALL)
    call.layer.kernels.assign(call.layer.kernels + 1)
    assert check(replace(CORE, reference=reference), SMALL, call) is None
    assert len(asked) == 2 * len(SEEDS)


def test_the_reference_gets_the_numbers_that_the_operator_gets():
    asked = []
    case = PATCHES.fit(replace(SMALL, dtype="bfloat16", direction="training"))
    call, arguments = prepared(PATCHES, case), []

    def noted(*tensors):
        arguments.append(tensors)
        return call.function(*tensors)

    reference = counted(PATCHES.reference, asked)
    check(replace(PATCHES, reference=reference), case, replace(call, function=noted))
    for question, (inputs, upstream) in zip(asked, arguments, strict=True):
        np.testing.assert_array_equal(question.inputs, backend.array(inputs))
        given, wanted = question.windows.of(backend.array(upstream)), question.upstream
        assert ((given == wanted) | (given == 0)).all()
    distinct = [np.ravel(question.inputs)[:20] for question in asked]
    distinct += [np.ravel(question.upstream)[:20] for question in asked]
    distinct.append(np.ravel(backend.array(call.arguments[0]))[:20])
    assert len({each.tobytes() for each in distinct}) == 2 * len(SEEDS) + 1


def test_a_reference_without_enough_memory_is_a_note():
    def exhausted(asked):
        raise MemoryError

    operator = replace(BASELINE, reference=exhausted)
    assert "not compared" in check(operator, BASELINE.fit(SMALL), prepared(BASELINE, SMALL))


def test_gradients_that_are_not_defined_are_a_note():
    def at_kink(asked):
        truth = PATCHES.reference(replace(asked, upstream=np.zeros_like(asked.upstream)))
        return replace(truth, upstream=np.zeros_like(asked.upstream))

    case = replace(SMALL, direction="training")
    found = check(replace(PATCHES, reference=at_kink), case, prepared(PATCHES, case))
    assert found.startswith("gradients not compared")
