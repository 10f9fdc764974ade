"""Private interfaces of TensorFlow, and what happens without them."""

import importlib
import sys

import numpy as np
import pytest
import tensorflow as tf

from involution import involve
from involution.ops import internals
from tests.involution import loop
from tests.involution.problem import problem

MESSAGE = r"expected .*GraphOrParentsInXlaContext.* Received: tensorflow \d"


def test_a_function_compiled_with_others_is_recognised():
    def compiled():
        return tf.constant(internals.compiled_with_others())

    assert not internals.compiled_with_others()
    assert not tf.function(compiled)()
    assert tf.function(compiled, jit_compile=True)()
    assert tf.function(tf.function(compiled), jit_compile=True)()


def test_without_the_private_function_the_answer_is_no_with_a_warning(monkeypatch):
    monkeypatch.setattr(internals, "GraphOrParentsInXlaContext", None)
    assert not internals.compiled_with_others()  # called eagerly, nothing needs to be known
    function = tf.function(lambda: tf.constant(internals.compiled_with_others()), jit_compile=True)
    with pytest.warns(RuntimeWarning, match=MESSAGE):
        assert not function()


@pytest.mark.filterwarnings("ignore:This version of TensorFlow does not say:RuntimeWarning")
def test_results_stay_right_without_the_private_function(monkeypatch):
    monkeypatch.setattr(internals, "GraphOrParentsInXlaContext", None)
    inputs, kernels = problem(size=5)

    @tf.function(jit_compile=True)
    def gradients(inputs, kernels):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="fused")
        return tape.gradient(outputs, [inputs, kernels])

    expected = loop.involve(inputs, kernels, output_gradients=np.ones(inputs.shape))
    for found, truth in zip(gradients(inputs, kernels), expected, strict=True):
        np.testing.assert_allclose(found, truth, atol=1e-4)


def test_a_tensorflow_that_has_moved_the_function_can_be_imported(monkeypatch):
    name = "tensorflow.python.ops.control_flow_util"
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, name, None)
        importlib.reload(internals)
        assert internals.GraphOrParentsInXlaContext is None
    importlib.reload(internals)
    assert internals.GraphOrParentsInXlaContext is not None
