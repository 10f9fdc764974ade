"""Which derivatives hold, and where: all, eagerly, in functions and in functions compiled whole."""

import numpy as np
import pytest
import tensorflow as tf

from tests.involution.ops.native.tensors import (
    generated_form,
    generated_tensors,
    given_form,
    given_tensors,
    stored_form,
)

# The function, the truth, and tensors small enough that rounding stays small at any order.
FORMS = {
    "given": (
        given_form,
        lambda *tensors: given_form(*tensors, implementation="patches"),
        given_tensors(scale=0.3),
    ),
    "generated": (generated_form, stored_form, generated_tensors(scale=0.3)),
}


def first(function, tensors):
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        loss = tf.reduce_sum(function(*tensors) ** 3)
    return tape.gradient(loss, tensors)


def higher(lower):
    def order(function, tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            gradients = lower(function, tensors)
            loss = tf.add_n([tf.reduce_sum(tf.sin(gradient)) for gradient in gradients])
        return tape.gradient(loss, tensors)

    return order


def jacobian(function, tensors, method="jacobian"):
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensors)
        outputs = function(*tensors)[:, 0, 0]
    sources = tensors if method == "jacobian" else tensors[:2]  # weights have no batch
    derive = getattr(tape, method)
    return [derive(outputs, source) for source in sources]


def batch_jacobian(function, tensors):
    return jacobian(function, tensors, "batch_jacobian")


def forward(function, tensors):
    with tf.autodiff.ForwardAccumulator(tensors, [tf.cos(t) for t in tensors]) as accumulator:
        outputs = function(*tensors)
    return [accumulator.jvp(outputs)]


def forward_by_one_tensor(function, tensors):
    """Return the derivatives along a direction of one tensor only, for each."""
    derivatives = []
    for tensor in tensors:
        with tf.autodiff.ForwardAccumulator(tensor, tf.cos(tensor)) as accumulator:
            outputs = function(*tensors)
        derivatives.append(accumulator.jvp(outputs))
    return derivatives


def forward_over_reverse(function, tensors):
    with tf.autodiff.ForwardAccumulator(tensors, [tf.cos(t) for t in tensors]) as accumulator:
        gradients = first(function, tensors)
    return [accumulator.jvp(gradient) for gradient in gradients]


def reverse_over_forward(function, tensors):
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        loss = tf.reduce_sum(forward(function, tensors)[0] ** 2)
    return tape.gradient(loss, tensors)


def vectorized_map(function, tensors):
    stacked = [tf.stack([tensor, 2 * tensor]) for tensor in tensors]
    return [tf.vectorized_map(lambda tensors: function(*tensors), stacked)]


MODES = {
    "first order": first,
    "second order": higher(first),
    "third order": higher(higher(first)),
    "jacobian": jacobian,
    "batch_jacobian": batch_jacobian,
    "forward": forward,
    "forward by one tensor": forward_by_one_tensor,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "vectorized_map": vectorized_map,
}
PLACES = {
    "eager": lambda mode, function, tensors: mode(function, tensors),
    # The function alone is traced, and differentiated from outside.
    "function": lambda mode, function, tensors: mode(traced(function), tensors),
    # All is traced.
    "inside a function": lambda mode, function, tensors: traced(
        lambda *tensors: mode(function, list(tensors))
    )(*tensors),
    "inside a compiled function": lambda mode, function, tensors: traced(
        lambda *tensors: mode(function, list(tensors)), True
    )(*tensors),
}
# TensorFlow 2.21 miscounts the gradients of a function that also returns tangents: it raises an
# InternalError or returns wrong numbers, for functions of its own operations, too.
EAGER_ONLY = ("reverse over forward",)
CASES = [
    (mode, place)
    for mode in MODES
    for place in PLACES
    if mode not in EAGER_ONLY or place == "eager"
]
truths = {}


def traced(function, jit_compile=None):
    return tf.function(function, jit_compile=jit_compile, autograph=False)


@pytest.mark.parametrize(("mode", "place"), CASES)
@pytest.mark.parametrize("form", FORMS)
def test_derivatives_equal_those_of_patches(form, mode, place):
    function, reference, tensors = FORMS[form]
    if (form, mode) not in truths:
        truths[form, mode] = MODES[mode](reference, tensors)
    found = PLACES[place](MODES[mode], function, tensors)
    for derivative, truth in zip(found, truths[form, mode], strict=True):
        assert np.abs(truth).max() > 1e-3  # zeros would prove nothing
        np.testing.assert_allclose(derivative, truth, rtol=1e-7, atol=1e-7)
