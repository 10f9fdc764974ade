"""Calls of kernels from graphs: with sizes that are open, and with shapes that are wrong."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D, involve
from involution.ops.native.call import call, sizes_of
from tests.involution import loop
from tests.involution.ops.native.tensors import (
    generated_form,
    generated_tensors,
    given_form,
    given_tensors,
    layer_pair,
    stored_form,
)

FORMS = {
    "given": (given_form, given_tensors),
    "generated": (generated_form, generated_tensors),
}


def expected_of(form, tensors):
    if form == "given":
        return given_form(*tensors, implementation="patches")
    return stored_form(*tensors)


@pytest.mark.parametrize("jit_compile", [None, True], ids=["graph", "xla"])
@pytest.mark.parametrize("open_sizes", [0, 1, 3], ids=["known", "open batch", "open image"])
@pytest.mark.parametrize("form", FORMS)
def test_a_function_serves_sizes_as_they_come(form, open_sizes, jit_compile):
    function, tensors = FORMS[form]
    signature = [
        # Images and features have a batch, weights have none.
        tf.TensorSpec(
            (*[None] * open_sizes, *tensor.shape[open_sizes:])
            if len(tensor.shape) >= 4
            else tensor.shape,
            tensor.dtype,
        )
        for tensor in tensors()
    ]
    compiled = tf.function(
        lambda *tensors: gradients_of(function, tensors),
        input_signature=signature,
        jit_compile=jit_compile,
    )
    sizes = {0: [(2, 4)], 1: [(2, 4), (1, 4), (5, 4)], 3: [(2, 4), (3, 7), (1, 1)]}[open_sizes]
    for batch, size in sizes:
        arguments = tensors(batch=batch, size=size)
        expected = gradients_of(lambda *tensors: expected_of(form, tensors), arguments)
        for found, truth in zip(compiled(*arguments), expected, strict=True):
            np.testing.assert_allclose(found, truth, rtol=1e-9, atol=1e-9)


def gradients_of(function, tensors):
    """Return outputs, and the gradients of what operations around them make of them."""
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        outputs = function(tf.sin(tensors[0]), *tensors[1:])
        loss = tf.reduce_sum(tf.cos(outputs))
    return [outputs, *tape.gradient(loss, tensors)]


@pytest.mark.parametrize("jit_compile", [None, True], ids=["graph", "xla"])
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_batch_that_was_open(form, jit_compile):
    function, tensors = FORMS[form]
    signature = [
        tf.TensorSpec((None, *t.shape[1:]) if len(t.shape) >= 4 else t.shape, t.dtype)
        for t in tensors()
    ]
    compiled = tf.function(
        lambda *tensors: gradients_of(function, tensors),
        input_signature=signature,
        jit_compile=jit_compile,
    )
    outputs, *gradients = compiled(*tensors(batch=0))
    assert outputs.shape == (0, 4, 4, 4)
    for gradient in gradients:
        np.testing.assert_array_equal(gradient, np.zeros(gradient.shape))


def test_a_model_of_any_size_runs_on_each_size():
    image = keras.Input((None, None, 4))
    layer = Involution2D(3, groups=2, strides=2, implementation="native")
    model = keras.Model(image, layer(image))
    for size in (5, 8):
        inputs = np.random.default_rng(0).normal(size=(2, size, size, 4)).astype("float32")
        _, kernels = layer(inputs, return_kernels=True)
        expected = loop.involve(inputs, kernels, strides=(2, 2))
        np.testing.assert_allclose(model.predict(inputs, verbose=0), expected, atol=1e-5)


def test_an_upstream_gradient_of_unknown_shape_is_taken():
    inputs, kernels = given_tensors()

    @tf.function(input_signature=[tf.TensorSpec(None, tf.float64)])
    def gradients(upstream):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="native")
        return tape.gradient(outputs, [inputs, kernels], upstream)

    upstream = np.random.default_rng(1).normal(size=inputs.shape)
    expected = loop.involve(inputs, kernels, output_gradients=upstream)
    for gradient, truth in zip(gradients(upstream), expected, strict=True):
        np.testing.assert_allclose(gradient, truth, atol=1e-12)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_keras_trains_and_predicts(jit_compile):
    layer, _ = layer_pair((None, 6, 6, 4), kernel_size=3, groups=2)
    head = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input((6, 6, 4)), layer, *head])
    model.compile(keras.optimizers.SGD(0.05), "mse", jit_compile=jit_compile)
    images = np.random.default_rng(0).normal(size=(20, 6, 6, 4)).astype("float32")
    before = [variable.numpy() for variable in model.trainable_variables]
    targets = images.mean((1, 2, 3))[:, None]
    # The last batch is smaller.
    losses = model.fit(images, targets, batch_size=8, epochs=15, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2
    for variable, old in zip(model.trainable_variables, before, strict=True):
        assert np.abs(variable.numpy() - old).max() > 0
    predicted = model.predict(images, batch_size=8, verbose=0)
    np.testing.assert_allclose(predicted, model(images), rtol=1e-4, atol=1e-5)


WINDOWS = (
    ("kernel_rows", 3),
    ("kernel_columns", 3),
    ("stride_rows", 1),
    ("stride_columns", 1),
    ("dilation_rows", 1),
    ("dilation_columns", 1),
    ("padding", -1),
)
IMAGES, KERNELS = (2, 4, 4, 6), (2, 4, 4, 3, 3, 2)
FEATURES, WEIGHTS, BIAS, NONE = (2, 4, 4, 3), (3, 18), (18,), (0,)

# For each call: shapes of arguments and of results, both correct.
CALLS = {
    "outputs": ([IMAGES, KERNELS, NONE, NONE], [IMAGES]),
    "inputs": ([KERNELS, IMAGES], [IMAGES]),
    "kernels": ([IMAGES, IMAGES], [KERNELS]),
    "generated_outputs": ([IMAGES, FEATURES, WEIGHTS, BIAS, NONE, NONE], [IMAGES]),
    "generated_gradients": (
        [IMAGES, FEATURES, WEIGHTS, BIAS, IMAGES],
        [IMAGES, FEATURES, WEIGHTS, BIAS],
    ),
}
# Each shape in place of one that is correct.
WRONG = [(1, 4, 4, 6), (2, 5, 4, 6), (2, 4, 4, 5), (2, 4, 4), (), (7,), (2, 4, 4, 3, 3, 5), (0, 0)]


def run(name, arguments, results, windows=WINDOWS, activation=0):
    attributes = (("windows", windows),)
    if name.endswith("outputs"):
        attributes += (("activation", activation),)
    return call(f"involution_{name}", [tf.ones(s) for s in arguments], results, attributes)


@pytest.mark.parametrize("name", CALLS)
def test_correct_shapes_run(name):
    arguments, results = CALLS[name]
    assert [tuple(tensor.shape) for tensor in run(name, arguments, results)] == results


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", CALLS)
def test_wrong_shapes_give_an_error_that_says_what_was_expected(name, wrong):
    arguments, results = CALLS[name]
    # XLA leaves out a call whose results have no numbers.
    wrong_results = 0 if 0 in wrong else len(results)
    for number in range(len(arguments) + wrong_results):
        shapes = [*arguments, *results]
        shapes[number] = wrong
        tensors, made = shapes[: len(arguments)], shapes[len(arguments) :]
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"involution: expected .*Rec"):
            run(name, tensors, made)


@pytest.mark.parametrize("value", [0, -1, -(2**63), 2**31, 2**63 - 1])
@pytest.mark.parametrize("attribute", [name for name, _ in WINDOWS[:-1]])
@pytest.mark.parametrize("name", ["outputs", "generated_gradients"])
def test_windows_out_of_range_give_an_error(name, attribute, value):
    windows = tuple((key, value if key == attribute else number) for key, number in WINDOWS)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"involution: expected .*Received"):
        run(name, *CALLS[name], windows=windows)


@pytest.mark.parametrize("value", [-2, -(2**63), 2**31, 2**63 - 1])
def test_padding_out_of_range_gives_an_error(value):
    windows = (*WINDOWS[:-1], ("padding", value))
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"Received: .*padding={value}"):
        run("outputs", *CALLS["outputs"], windows=windows)


@pytest.mark.parametrize("activation", [-1, 2])
def test_an_unknown_activation_gives_an_error(activation):
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"activation={activation}"):
        run("outputs", *CALLS["outputs"], activation=activation)


def test_other_dtypes_give_an_error():
    arguments, results = CALLS["kernels"]
    mixed = [tf.ones(arguments[0]), tf.ones(arguments[1], "float64")]
    with pytest.raises(tf.errors.InvalidArgumentError):
        call("involution_kernels", mixed, results, (("windows", WINDOWS),))


def test_sizes_of_a_tensor_are_known_or_named():
    @tf.function(input_signature=[tf.TensorSpec((None, 3, None, 2))])
    def sizes(tensor):
        assert sizes_of(tensor, 5) == ((5, 0), 3, (5, 2), 2)
        return tensor

    sizes.get_concrete_function()
