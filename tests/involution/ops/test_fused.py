"""What `fused` promises beyond right results: any order of gradient, anywhere, compiled once."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D, involve
from involution.ops import fused, native
from involution.ops.fused import outputs as of_outputs
from involution.ops.fused.kernels import MIN_GROUPS_IN_ORDER
from involution.ops.types import Problem, Windows
from tests.involution import loop
from tests.involution.problem import problem

WINDOWS = Windows((3, 3), (1, 1), "same", (1, 1), groups=2)


@pytest.fixture
def traced(monkeypatch):
    """A list to which each trace of the sum of outputs appends, in place of the compiled ones."""
    traced = []

    def by_outputs(*known, **tensors):
        traced.append(known)
        return of_outputs.by_outputs(*known, **tensors)

    monkeypatch.setattr(fused, "by_outputs", by_outputs)
    return traced


@pytest.mark.parametrize("strides", [1, 2])
def test_second_derivatives_equal_those_of_patches(strides):
    inputs, kernels = problem(dtype="float64")
    kernels = kernels[:, ::strides, ::strides]

    def second(implementation):
        with tf.GradientTape() as outer:
            outer.watch([inputs, kernels])
            with tf.GradientTape() as inner:
                inner.watch([inputs, kernels])
                outputs = involve(inputs, kernels, strides=strides, implementation=implementation)
                loss = tf.reduce_sum(outputs**3)
            first = inner.gradient(loss, [inputs, kernels])
            loss = tf.add_n([tf.reduce_sum(tf.sin(gradient)) for gradient in first])
        return outer.gradient(loss, [inputs, kernels])

    for gradient, expected in zip(second("fused"), second("patches"), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)


def test_an_upstream_gradient_of_unknown_shape_is_taken():
    inputs, kernels = problem()

    @tf.function(input_signature=[tf.TensorSpec(None)])
    def gradients(upstream):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="fused")
        return tape.gradient(outputs, [inputs, kernels], upstream)

    upstream = np.random.default_rng(1).normal(size=inputs.shape)
    expected = loop.involve(inputs, kernels, output_gradients=upstream)
    for gradient, truth in zip(gradients(upstream), expected, strict=True):
        np.testing.assert_allclose(gradient, truth, atol=1e-4)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_it_runs_inside_any_function(jit_compile):
    inputs, kernels = problem()
    function = tf.function(
        lambda x, k: involve(x, k, implementation="fused"), jit_compile=jit_compile
    )
    expected = loop.involve(inputs, kernels)
    np.testing.assert_allclose(function(inputs, kernels), expected, atol=1e-4)


@pytest.mark.parametrize("batch", [0, 2])
@pytest.mark.parametrize("groups", [1, MIN_GROUPS_IN_ORDER])
def test_gradients_do_not_change_when_all_around_them_is_compiled(batch, groups):
    inputs, kernels = problem(batch, channels=8, groups=groups)

    def gradients(inputs, kernels):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = tf.sin(involve(tf.exp(inputs), kernels, implementation="fused"))
        return tape.gradient(outputs, [inputs, kernels])

    compiled = tf.function(gradients, jit_compile=True)(inputs, kernels)
    for found, expected in zip(compiled, gradients(inputs, kernels), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_readers_of_outputs_and_gradients_do_not_recompute_the_taps():
    inputs, kernels = problem(kernel_size=5)

    def multiplications(readers):
        def step(inputs, kernels):
            with tf.GradientTape() as tape:
                tape.watch([inputs, kernels])
                outputs = involve(tf.exp(inputs), kernels, implementation="fused")
                for _ in range(readers):
                    outputs -= tf.reduce_mean(outputs, (0, 1, 2))
                loss = tf.reduce_sum(outputs**2)
            return tape.gradient(loss, [inputs, kernels])

        compiled = tf.function(step, jit_compile=True)
        program = compiled.experimental_get_compiler_ir(inputs, kernels)(stage="optimized_hlo")
        return program.count(" multiply(")

    assert multiplications(readers=3) < multiplications(readers=1) + 25


def test_an_unknown_batch_is_compiled_too():
    inputs, kernels = problem()
    function = tf.function(
        lambda x, k: involve(x, k, implementation="fused"),
        input_signature=[tf.TensorSpec((None, *tensor.shape[1:])) for tensor in (inputs, kernels)],
    )
    operations = [op.type for op in function.get_concrete_function().graph.get_operations()]
    assert "ExtractImagePatches" not in operations
    for batch in (1, 2):
        np.testing.assert_allclose(
            function(inputs[:batch], kernels[:batch]),
            loop.involve(inputs[:batch], kernels[:batch]),
            atol=1e-4,
        )


def test_layers_of_one_shape_share_their_functions(traced):
    inputs = tf.zeros((2, 6, 6, 8))
    for _ in range(3):
        Involution2D(5, groups=2, implementation="fused")(inputs)
    assert len(traced) == 1


def test_compiled_functions_keep_their_names():
    """A profiler shows them."""
    inputs, kernels = problem(groups=MIN_GROUPS_IN_ORDER)

    @tf.function
    def step(inputs, kernels):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="fused")
        return tape.gradient(outputs, [inputs, kernels])

    graph = step.get_concrete_function(inputs, kernels).graph.as_graph_def()
    names = " ".join(function.signature.name for function in graph.library.function)
    for name in ("by_outputs", "by_inputs", "_columns_last", "_sums_in_order"):
        assert f"inference_{name}_" in names


def test_beyond_a_limit_auto_compiles_no_other_shapes(monkeypatch, traced):
    monkeypatch.setattr(fused, "MAX_COMPILED", 1)
    monkeypatch.setattr(native, "obstacle", lambda _: "none were built")
    for size in (5, 6, 7, 5):
        inputs, kernels = problem(size=size, channels=2, groups=1)
        np.testing.assert_allclose(
            involve(inputs, kernels), loop.involve(inputs, kernels), atol=1e-4
        )
    assert len(traced) == 1


def test_beyond_a_limit_fused_is_obeyed_by_name(monkeypatch, traced):
    monkeypatch.setattr(fused, "MAX_COMPILED", 1)
    for size in (3, 4):
        inputs, kernels = problem(size=size, channels=6, groups=3)
        outputs = involve(inputs, kernels, implementation="fused")
        np.testing.assert_allclose(outputs, loop.involve(inputs, kernels), atol=1e-4)
    assert len(traced) == 2


def test_asking_what_can_run_and_what_is_advisable_notes_nothing():
    asked = Problem(*problem(), WINDOWS)
    for _ in range(2):
        assert fused.obstacle(asked) is None
        assert fused.is_advisable(asked)
    assert fused._compiled == set()
    fused.involve(asked)
    assert len(fused._compiled) == 1


def test_what_has_been_compiled_stays_advisable_at_the_limit(monkeypatch):
    known, other = (Problem(*problem(size=size), WINDOWS) for size in (5, 6))
    fused.involve(known)
    monkeypatch.setattr(fused, "MAX_COMPILED", 1)
    assert fused.is_advisable(known)
    assert not fused.is_advisable(other)


@pytest.mark.parametrize("unknown", [1, 2])
def test_unknown_sizes_are_refused_by_name_with_the_reason(unknown):
    shape = [2, 6, 6, 4]
    shape[unknown] = None
    function = tf.function(
        lambda x, k: involve(x, k, implementation="fused"),
        input_signature=[tf.TensorSpec(shape), tf.TensorSpec((2, None, None, 3, 3, 2))],
    )
    message = "height and width to be known .* Received: implementation='fused', inputs.shape="
    with pytest.raises(ValueError, match=message):
        function(*problem())


def test_a_model_of_any_size_is_built_with_fused_and_runs_where_sizes_are_known():
    image = keras.Input((None, None, 4))
    layer = Involution2D(3, groups=2, implementation="fused")
    model = keras.Model(image, layer(image))
    assert model.output_shape == (None, None, None, 4)
    inputs, _ = problem()
    outputs, kernels = layer(inputs, return_kernels=True)
    np.testing.assert_allclose(model(inputs), outputs, atol=1e-5)
    np.testing.assert_allclose(outputs, loop.involve(inputs, kernels), atol=1e-4)
    any_size = tf.function(model, input_signature=[tf.TensorSpec((None, None, None, 4))])
    with pytest.raises(ValueError, match="height and width to be known"):
        any_size(inputs)


def test_without_xla_fused_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setattr(fused, "is_available", lambda: False)
    with pytest.raises(ValueError, match=r"needs XLA.*Received: implementation='fused'"):
        involve(*problem(), implementation="fused")
    assert fused._compiled == set()


def test_whether_xla_is_available_is_found_out_inside_a_graph(monkeypatch):
    @tf.function
    def unavailable():
        tf.debugging.assert_equal(1, 2)

    monkeypatch.setattr(tf, "function", lambda *args, **kwargs: lambda x: unavailable())
    with tf.Graph().as_default():
        assert not fused.is_available.__wrapped__()


def test_other_strides_and_dilations_are_other_problems():
    inputs, kernels = problem()
    for dilation_rate in (1, 2):
        involve(inputs, kernels, dilation_rate=dilation_rate, implementation="fused")
    assert len(fused._compiled) == 2


def test_without_xla_auto_is_patches(monkeypatch):
    monkeypatch.setattr(fused, "is_available", lambda: False)
    monkeypatch.setattr(fused, "involve", lambda _: pytest.fail("fused was chosen"))
    inputs, kernels = problem()
    expected = loop.involve(inputs, kernels)
    np.testing.assert_allclose(involve(inputs, kernels), expected, atol=1e-4)


def test_it_holds_no_windows():
    """Compiled, the sum takes little more memory than the padded input and its result."""
    inputs, kernels = problem(batch=1, size=32, channels=16, kernel_size=7, groups=1)
    involve(inputs, kernels, implementation="fused")
    tf.config.experimental.reset_memory_stats("CPU:0")
    before = tf.config.experimental.get_memory_info("CPU:0")["current"]
    outputs = involve(inputs, kernels, implementation="fused")
    peak = tf.config.experimental.get_memory_info("CPU:0")["peak"] - before
    windows = 49 * 32 * 32 * 16 * 4
    assert peak < windows / 8
    assert outputs.shape == inputs.shape


def test_a_model_trains_across_replicas():
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        model = keras.Sequential(
            [
                keras.Input((6, 6, 4)),
                Involution2D(3, strides=2, groups=2, implementation="fused"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(1),
            ]
        )
        model.compile("adam", "mse")
    images = np.random.default_rng(0).normal(size=(10, 6, 6, 4))
    history = model.fit(images, images[:, 0, 0, :1], batch_size=4, epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_changing_batch_sizes_bring_no_warning_of_retracing(caplog, monkeypatch):
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    for batch in range(1, 10):
        inputs, kernels = problem(batch, size=4)
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="fused")
        tape.gradient(outputs, [inputs, kernels])
    assert [record.getMessage() for record in caplog.records if "retracing" in record.message] == []
