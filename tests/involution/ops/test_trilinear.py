"""Gradients of any order from three sums; here, of a form of single numbers."""

import numpy as np
import pytest
import tensorflow as tf

from involution.ops.trilinear import derivative


def product(**others):
    first, second = others.values()
    return first * second


SUMS = {"outputs": product, "inputs": product, "kernels": product}


def test_derivatives_of_each_order_are_right():
    inputs, kernels = tf.constant(3.0), tf.constant(5.0)
    with tf.GradientTape() as outer:
        outer.watch([inputs, kernels])
        with tf.GradientTape() as inner:
            inner.watch([inputs, kernels])
            cube = derivative(SUMS, "outputs", inputs=inputs, kernels=kernels) ** 3
        first = inner.gradient(cube, [inputs, kernels])
    second = outer.gradient(first[0], [inputs, kernels])
    np.testing.assert_allclose(first, [3 * 3**2 * 5**3, 3 * 3**3 * 5**2])
    np.testing.assert_allclose(second, [6 * 3 * 5**3, 9 * 3**2 * 5**2])


@pytest.mark.parametrize("function", [lambda f: f, tf.function], ids=["eager", "graph"])
def test_a_tape_records_no_gradient_of_what_computes_a_sum(function):
    """It would be computed, or compiled, without being used."""
    tapes, recorded = [], []

    def outputs(**known):
        result = product(**known)
        with tapes[-1].stop_recording():
            recorded.extend(tapes[-1].gradient(result, list(known.values())))
        return result

    @function
    def forward(inputs, kernels):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([inputs, kernels])
            tapes.append(tape)
            sums = {**SUMS, "outputs": outputs}
            return derivative(sums, "outputs", inputs=inputs, kernels=kernels)

    forward(tf.constant(3.0), tf.constant(5.0))
    assert recorded == [None, None]
