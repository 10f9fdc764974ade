"""What `fused` promises beyond being right: any order of gradient, anywhere, compiled once."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D, involve
from involution.ops import fused
from involution.ops.fused import inputs as of_inputs
from involution.ops.fused import kernels as of_kernels
from involution.ops.fused import outputs as of_outputs
from involution.ops.fused.kernels import MAX_CHANNELS, MIN_GROUPS_IN_PLACE
from involution.ops.fused.problem import MAX_TAPS
from involution.ops.once import compiled_with_others, computed_once
from tests.involution import loop


def problem(batch=2, size=6, channels=4, kernel_size=3, groups=2, dtype="float32"):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(batch, size, size, channels))
    kernels = random.normal(size=(batch, size, size, kernel_size, kernel_size, groups))
    return tf.cast(inputs, dtype), tf.cast(kernels, dtype)


@pytest.mark.parametrize("strides", [1, 2])
def test_second_derivatives_equal_those_of_patches(strides):
    inputs, kernels = problem(dtype="float64")
    kernels = kernels[:, ::strides, ::strides]

    def second(implementation):
        with tf.GradientTape() as outer:
            outer.watch([inputs, kernels])
            with tf.GradientTape() as inner:
                inner.watch([inputs, kernels])
                outputs = involve(inputs, kernels, strides, implementation=implementation)
                loss = tf.reduce_sum(outputs**3)
            first = inner.gradient(loss, [inputs, kernels])
            loss = tf.add_n([tf.reduce_sum(tf.sin(gradient)) for gradient in first])
        return outer.gradient(loss, [inputs, kernels])

    for gradient, expected in zip(second("fused"), second("patches"), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("function", [lambda f: f, tf.function], ids=["eager", "graph"])
def test_a_tape_records_no_gradient_of_what_computes_the_outputs(monkeypatch, function):
    """It would be compiled and run beside them, for nothing."""
    compute, tapes, recorded = fused._DERIVATIVES["outputs"], [], []

    def outputs(geometry, **known):
        result = compute(geometry, **known)
        with tapes[-1].stop_recording():
            recorded.extend(tapes[-1].gradient(result, list(known.values())))
        return result

    @function
    def forward(inputs, kernels):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch([inputs, kernels])
            tapes.append(tape)
            return involve(inputs, kernels, implementation="fused")

    monkeypatch.setitem(fused._DERIVATIVES, "outputs", outputs)
    forward(*problem())
    assert recorded == [None, None]


def test_an_upstream_gradient_of_unknown_shape_is_taken():
    inputs, kernels = problem()

    @tf.function(input_signature=[tf.TensorSpec(None)])
    def gradients(upstream):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, implementation="fused")
        return tape.gradient(outputs, [inputs, kernels], upstream)

    upstream = np.random.default_rng(1).normal(size=inputs.shape)
    expected = loop.involve(inputs, kernels, (1, 1), (1, 1), "same", upstream)
    for gradient, truth in zip(gradients(upstream), expected, strict=True):
        np.testing.assert_allclose(gradient, truth, atol=1e-4)


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize(("size", "kernel_size"), [(6, 3), (6, 5), (24, 3)])
def test_nothing_is_seen_of_the_images_beside(size, kernel_size, strides):
    inputs, kernels = problem(batch=3, size=size, kernel_size=kernel_size)
    kernels = kernels[:, ::strides, ::strides]

    def outputs_and_gradients(inputs, kernels, implementation):
        with tf.GradientTape() as tape:
            tape.watch([inputs, kernels])
            outputs = involve(inputs, kernels, strides, implementation=implementation)
        return outputs, *tape.gradient(outputs, [inputs, kernels], tf.cos(outputs))

    alone = outputs_and_gradients(inputs[1:2], kernels[1:2], "patches")
    beside = tf.constant([np.nan, 1, np.inf], tf.float32)
    among = outputs_and_gradients(
        inputs * tf.reshape(beside, (3, 1, 1, 1)),
        kernels * tf.reshape(beside, (3, 1, 1, 1, 1, 1)),
        "fused",
    )
    for result, expected in zip(among, alone, strict=True):
        np.testing.assert_allclose(result[1:2], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("fewer", [0, 1])  # windows than there is room for
@pytest.mark.parametrize("sizes", [(1, 1), (2, 9), (7, 4)])
@pytest.mark.parametrize("strides", [(1, 1), (2, 1), (2, 3)])
@pytest.mark.parametrize(("kernel_size", "dilation_rate"), [((3, 3), 1), ((5, 2), 1), ((2, 3), 2)])
def test_tensors_read_in_place_give_the_same_as_copies(
    sizes, strides, kernel_size, dilation_rate, fewer, monkeypatch
):
    random = np.random.default_rng(0)
    sizes = [size * stride for size, stride in zip(sizes, strides, strict=True)]
    windows = [max(size // stride - fewer, 1) for size, stride in zip(sizes, strides, strict=True)]
    geometry = fused.Geometry(
        tuple(sizes), kernel_size, strides, (dilation_rate,) * 2, borders=((2, 3), (1, 5)), groups=2
    )
    inputs = tf.constant(random.normal(size=(3, *sizes, 4)))
    upstream = tf.constant(random.normal(size=(3, *windows, 4)))
    kernels = tf.constant(random.normal(size=(3, *windows, *kernel_size, 2)))
    rows = (0, kernel_size[0])

    def results(in_place: bool):
        monkeypatch.setattr(of_outputs, "MAX_TAPS_IN_PLACE", 99 if in_place else 0)
        monkeypatch.setattr(of_inputs, "MIN_PIXELS_IN_PLACE", 0 if in_place else 99)
        return (
            of_outputs.by_outputs.python_function(geometry, rows, inputs, kernels),
            of_inputs.by_inputs.python_function(geometry, rows, kernels, upstream),
        )

    for result, expected in zip(results(in_place=True), results(in_place=False), strict=True):
        np.testing.assert_allclose(result, expected, atol=1e-12)


def test_large_kernels_are_summed_in_parts():
    kernel_size, strides = 13, 2
    inputs, kernels = problem(batch=1, size=5, kernel_size=kernel_size, dtype="float64")
    kernels = kernels[:, ::strides, ::strides]
    geometry = ((strides, strides), (1, 1), "same")
    assert kernel_size**2 > MAX_TAPS
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, strides, implementation="fused")
    np.testing.assert_allclose(outputs, loop.involve(inputs, kernels, *geometry), atol=1e-10)
    weights = tf.cos(outputs)
    gradients = tape.gradient(outputs, [inputs, kernels], weights)
    for gradient, expected in zip(
        gradients, loop.involve(inputs, kernels, *geometry, weights), strict=True
    ):
        np.testing.assert_allclose(gradient, expected, atol=1e-10)


@pytest.mark.parametrize(
    ("channels", "groups", "strides", "dilation_rate"),
    [
        (MAX_CHANNELS + 1, 1, (1, 2), (2, 1)),
        (4 * MAX_CHANNELS, 2, (1, 1), (1, 1)),
        (2 * MIN_GROUPS_IN_PLACE, MIN_GROUPS_IN_PLACE, (3, 2), (1, 3)),
    ],
)
def test_kernels_gradient_by_any_way(channels, groups, strides, dilation_rate):
    inputs, kernels = problem(
        size=9, channels=channels, kernel_size=5, groups=groups, dtype="float64"
    )
    kernels = kernels[:, :: strides[0], :: strides[1]]
    geometry = (strides, dilation_rate, "same")
    with tf.GradientTape() as tape:
        tape.watch(kernels)
        outputs = involve(inputs, kernels, *geometry, implementation="fused")
    weights = tf.cos(outputs)
    gradient = tape.gradient(outputs, kernels, weights)
    _, expected = loop.involve(inputs, kernels, *geometry, weights)
    np.testing.assert_allclose(gradient, expected, atol=1e-10)


@pytest.mark.parametrize("batch", [0, 1, 3, 4])
@pytest.mark.parametrize("known", [True, False])
def test_kernels_gradient_in_halves_of_any_batch(monkeypatch, batch, known):
    monkeypatch.setattr(of_kernels, "MIN_INPUTS_IN_HALVES", 0)
    inputs, kernels = problem(batch=batch, channels=16, groups=1, dtype="float64")
    assert tf.size(kernels[:1]) <= tf.size(inputs[:1])

    def gradient(inputs, kernels):
        with tf.GradientTape() as tape:
            tape.watch(kernels)
            outputs = involve(inputs, kernels, implementation="fused")
        weights = tf.cos(outputs)
        return weights, tape.gradient(outputs, kernels, weights)

    if not known:
        shapes = [tf.TensorSpec((None, *of.shape[1:]), of.dtype) for of in (inputs, kernels)]
        gradient = tf.function(gradient, input_signature=shapes)
    weights, result = gradient(inputs, kernels)
    _, expected = loop.involve(inputs, kernels, (1, 1), (1, 1), "same", weights)
    assert result.shape == kernels.shape
    np.testing.assert_allclose(result, expected, atol=1e-10)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_it_runs_inside_any_function(jit_compile):
    inputs, kernels = problem()
    function = tf.function(
        lambda x, k: involve(x, k, implementation="fused"), jit_compile=jit_compile
    )
    expected = loop.involve(inputs, kernels, (1, 1), (1, 1), "same")
    np.testing.assert_allclose(function(inputs, kernels), expected, atol=1e-4)


@pytest.mark.parametrize("batch", [0, 2])
@pytest.mark.parametrize("groups", [1, MIN_GROUPS_IN_PLACE])
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


def test_readers_of_outputs_and_gradients_do_not_compute_the_taps_anew():
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


@pytest.mark.parametrize("first", [0.0, -3.5, 1e38, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_tensor_computed_once_keeps_its_numbers(first, dtype):
    tensor = tf.cast([[first, 1.0], [np.nan, -0.0]], dtype)
    held = tf.function(computed_once, jit_compile=True)(tensor)
    assert held.dtype == tensor.dtype
    np.testing.assert_array_equal(tf.cast(held, "float64"), tf.cast(tensor, "float64"))


def test_what_is_compiled_with_others_is_known():
    def known():
        return tf.constant(compiled_with_others())

    assert not compiled_with_others()
    assert not tf.function(known)()
    assert tf.function(known, jit_compile=True)()
    assert tf.function(lambda: tf.function(known)(), jit_compile=True)()


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
            loop.involve(inputs[:batch], kernels[:batch], (1, 1), (1, 1), "same"),
            atol=1e-4,
        )


def test_layers_of_one_shape_share_their_functions():
    inputs = tf.zeros((2, 6, 6, 8))
    before = fused.by_outputs.traces
    for _ in range(3):
        Involution2D(5, groups=2, implementation="fused")(inputs)
    assert fused.by_outputs.traces == before + 1


def test_beyond_a_limit_other_shapes_are_not_compiled(monkeypatch):
    monkeypatch.setattr(fused, "_seen", set())
    monkeypatch.setattr(fused, "MAX_COMPILED", 1)
    before = fused.by_outputs.traces
    for size in (5, 6, 7, 5):
        inputs, kernels = problem(size=size, channels=2, groups=1)
        expected = loop.involve(inputs, kernels, (1, 1), (1, 1), "same")
        np.testing.assert_allclose(involve(inputs, kernels), expected, atol=1e-4)
    assert fused.by_outputs.traces == before + 1


def test_whether_xla_is_at_hand_is_found_out_inside_a_graph(monkeypatch):
    @tf.function
    def unavailable():
        tf.debugging.assert_equal(1, 2)

    monkeypatch.setattr(tf, "function", lambda *args, **kwargs: lambda x: unavailable())
    with tf.Graph().as_default():
        assert not fused.is_available.__wrapped__()


def test_other_strides_and_dilations_are_other_problems(monkeypatch):
    monkeypatch.setattr(fused, "_seen", set())
    inputs, kernels = problem()
    for dilation_rate in (1, 2):
        involve(inputs, kernels, dilation_rate=dilation_rate, implementation="fused")
    assert len(fused._seen) == 2


def test_without_xla_auto_is_patches(monkeypatch):
    monkeypatch.setattr(fused, "is_available", lambda: False)
    monkeypatch.setattr(fused, "takes", lambda *tensors: pytest.fail("fused was chosen"))
    inputs, kernels = problem()
    expected = loop.involve(inputs, kernels, (1, 1), (1, 1), "same")
    np.testing.assert_allclose(involve(inputs, kernels), expected, atol=1e-4)


def test_sixteen_bit_sums_are_taken_in_32_bits():
    """A sum of 121 ones in bfloat16, whose precision ends at 256, would not come out."""
    inputs, kernels = tf.ones((1, 11, 11, 1), "bfloat16"), tf.ones((1, 1, 1, 11, 11, 1), "bfloat16")
    outputs = involve(inputs * 3, kernels, padding="valid", implementation="fused")
    assert float(outputs[0, 0, 0, 0]) == float(tf.cast(363.0, "bfloat16"))


def test_parts_of_sixteen_bit_sums_are_added_in_32_bits():
    """The parts of the rows, 512 + 1 and -512, lose the one where they are rounded first."""
    kernels = np.zeros((1, 1, 1, 13, 13, 1), "float32")
    kernels[0, 0, 0, 0, :2, 0] = 512, 1
    kernels[0, 0, 0, -1, 0, 0] = -512
    assert MAX_TAPS < 13**2
    outputs = involve(
        tf.ones((1, 13, 13, 1), "bfloat16"),
        tf.cast(kernels, "bfloat16"),
        padding="valid",
        implementation="fused",
    )
    assert float(outputs[0, 0, 0, 0]) == 1


def test_it_holds_no_windows():
    """Compiled, the sum takes little more than the padded input beside its result."""
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
                Involution2D(3, 2, groups=2, implementation="fused"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(1),
            ]
        )
        model.compile("adam", "mse")
    images = np.random.default_rng(0).normal(size=(10, 6, 6, 4))
    history = model.fit(images, images[:, 0, 0, :1], batch_size=4, epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
