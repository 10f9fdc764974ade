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


# What this project calls it, and the module of TensorFlow that holds it.
MOVED = {
    "GraphOrParentsInXlaContext": "tensorflow.python.ops.control_flow_util",
    "call_module": "tensorflow.compiler.tf2xla.python.xla",
    "pack_tangents": "tensorflow.python.eager.forwardprop_util",
}


@pytest.mark.parametrize("name", MOVED)
def test_a_tensorflow_that_has_moved_a_name_can_be_imported(monkeypatch, name):
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, MOVED[name], None)
        importlib.reload(internals)
        assert getattr(internals, name) is None
    importlib.reload(internals)
    assert getattr(internals, name) is not None


def test_without_call_module_native_kernels_cannot_be_called(monkeypatch):
    assert internals.can_call_modules()
    monkeypatch.setattr(internals, "call_module", None)
    assert not internals.can_call_modules()


def test_without_the_exported_function_there_is_no_interface(monkeypatch):
    assert internals.xla_ffi_api()
    monkeypatch.setattr(internals.ctypes, "CDLL", lambda _: object())
    assert internals.xla_ffi_api() is None


def test_without_pack_tangents_forward_mode_holds_eagerly(monkeypatch):
    inputs, kernels = problem(size=5)
    with tf.autodiff.ForwardAccumulator(inputs, tf.ones_like(inputs)) as accumulator:
        assert internals.has_tangents([kernels, inputs])
        assert not internals.has_tangents([kernels])
        monkeypatch.setattr(internals, "pack_tangents", None)
        assert not internals.has_tangents([inputs])
        outputs = involve(inputs, kernels)
    expected = loop.involve(np.ones(inputs.shape), kernels)
    np.testing.assert_allclose(accumulator.jvp(outputs), expected, atol=1e-4)
