import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D
from involution.layers.pooling import pooled_at_windows
from tests.involution import loop

PADDINGS = ["same", "valid", 0, 1, 3, 5]


def random(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("dilation_rate", [1, 2])
@pytest.mark.parametrize("strides", [1, 2, 3, (1, 2)])
@pytest.mark.parametrize("padding", PADDINGS)
def test_outputs_are_the_loop_over_the_returned_kernels(padding, strides, dilation_rate):
    layer = Involution2D(3, strides=strides, padding=padding, dilation_rate=dilation_rate, groups=2)
    inputs = random(2, 9, 12, 4)
    outputs, kernels = layer(inputs, return_kernels=True)
    expected = loop.involve(
        inputs,
        kernels,
        strides=layer.strides,
        padding=padding,
        dilation_rate=layer.dilation_rate,
    )
    np.testing.assert_allclose(outputs, expected, atol=1e-4)
    assert outputs.shape == layer.compute_output_shape(inputs.shape)


@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("padding", PADDINGS)
def test_kernels_are_made_from_the_pixels_at_their_window(padding, strides):
    """With the average over channels as generator, kernels show which pixels were seen."""
    size, kernel_size = 10, 5
    layer = Involution2D(
        kernel_size,
        strides=strides,
        padding=padding,
        kernel_generator=keras.layers.Conv2D(25, 1),
    )
    layer.build((1, size, size, 1))
    layer.kernel_generator.set_weights([np.ones((1, 1, 1, 25)), np.zeros(25)])
    inputs = random(1, size, size, 1)
    _, kernels = layer(inputs, return_kernels=True)

    if padding == "same":
        before = (-(-size // strides) * strides - size) // 2
        start = -before
    else:
        start = kernel_size // 2 - (0 if padding == "valid" else padding)
    windows = kernels.shape[1]
    seen = np.zeros((windows, windows))
    for h, w in np.ndindex(windows, windows):
        pixels = [
            inputs[0, y, x, 0] if 0 <= y < size and 0 <= x < size else np.nan
            for y in range(start + h * strides, start + (h + 1) * strides)
            for x in range(start + w * strides, start + (w + 1) * strides)
        ]
        # "same" averages the pixels that exist; otherwise those outside count as zero.
        seen[h, w] = np.nanmean(pixels) if padding == "same" else np.nansum(pixels) / strides**2
    np.testing.assert_allclose(kernels[0, :, :, 2, 2, 0], seen, atol=1e-5)


@pytest.mark.parametrize("sizes", [(8, 6), (None, None)], ids=["known", "unknown"])
def test_a_generator_of_the_papers_padding_gets_the_input_itself(sizes):
    """Also in graphs: a copy of all pixels, and one of their gradient, would cost time."""

    @tf.function(input_signature=[tf.TensorSpec((2, *sizes, 4))])
    def is_input(inputs):
        windows = {"kernel_size": (7, 3), "strides": (1, 1), "dilation_rate": (1, 3)}
        return pooled_at_windows(inputs, padding=3, **windows) is inputs

    assert is_input(random(2, 8, 6, 4))


def test_generator_is_the_papers_bottleneck():
    channels, groups, taps, bottleneck = 64, 4, 49, 16
    layer = Involution2D(7, groups=groups, reduction_ratio=4)
    layer.build((None, None, None, channels))
    shapes = [variable.shape for variable in layer.variables]
    assert sorted(map(tuple, shapes)) == sorted(
        [
            (1, 1, channels, bottleneck),
            *([(bottleneck,)] * 4),
            (1, 1, bottleneck, taps * groups),
            (taps * groups,),
        ]
    )
    normalization = layer.kernel_generator.layers[1]
    assert (normalization.momentum, normalization.epsilon) == (0.9, 1e-5)


def test_kernel_channels_are_in_the_documented_order():
    groups, kernel_size = 2, 3
    layer = Involution2D(
        kernel_size, groups=groups, kernel_generator=keras.layers.Conv2D(9 * groups, 1)
    )
    layer.build((1, 4, 4, 2))
    numbers = np.arange(9 * groups)
    layer.kernel_generator.set_weights([np.zeros((1, 1, 2, 9 * groups)), numbers])
    _, kernels = layer(random(1, 4, 4, 2), return_kernels=True)
    for i, j, g in np.ndindex(3, 3, groups):
        assert kernels[0, 0, 0, i, j, g] == (i * 3 + j) * groups + g


def test_channels_first_is_channels_last_transposed():
    last = Involution2D(3, strides=2, groups=2, data_format="channels_last")
    first = Involution2D(3, strides=2, groups=2, data_format="channels_first")
    inputs = random(2, 7, 8, 4)
    outputs, kernels = last(inputs, return_kernels=True)
    first.build((2, 4, 7, 8))
    first.set_weights(last.get_weights())
    transposed, same_kernels = first(inputs.transpose(0, 3, 1, 2), return_kernels=True)
    np.testing.assert_allclose(np.transpose(transposed, (0, 2, 3, 1)), outputs, atol=1e-6)
    np.testing.assert_allclose(same_kernels, kernels, atol=1e-6)
    assert first.compute_output_shape((2, 4, 7, 8)) == transposed.shape


@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("padding", PADDINGS)
def test_one_model_takes_any_size(padding, strides):
    inputs = keras.Input((None, None, 4))
    layer = Involution2D(3, strides=strides, padding=padding)
    model = keras.Model(inputs, layer(inputs, return_kernels=True))
    compiled = tf.function(model, input_signature=[tf.TensorSpec((None, None, None, 4))])
    for shape in ((1, 5, 8, 4), (3, 11, 6, 4)):
        images = random(*shape)
        for result, expected in zip(
            compiled(images), layer(images, return_kernels=True), strict=True
        ):
            np.testing.assert_allclose(result, expected, atol=1e-5)


def test_symbolic_shapes():
    outputs, kernels = Involution2D(3, strides=2, groups=2)(
        keras.Input((None, 9, 4)), return_kernels=True
    )
    assert outputs.shape == (None, None, 5, 4)
    assert kernels.shape == (None, None, 5, 3, 3, 2)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_computes_in_the_compute_dtype(policy):
    layer = Involution2D(3, dtype=policy)
    outputs, kernels = layer(random(1, 5, 5, 4), return_kernels=True)
    assert outputs.dtype == kernels.dtype == layer.compute_dtype
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    full = Involution2D(3)
    full.build((1, 5, 5, 4))
    full.set_weights(layer.get_weights())
    np.testing.assert_allclose(
        tf.cast(outputs, "float32"), full(random(1, 5, 5, 4)), atol=0.05, rtol=0.05
    )


def test_a_generator_in_another_dtype_is_cast():
    layer = Involution2D(3, kernel_generator=keras.layers.Conv2D(9, 1), dtype="float16")
    assert layer(random(1, 4, 4, 2)).dtype == "float16"


def test_initializers_and_regularizers_reach_the_generator():
    layer = Involution2D(
        3,
        kernel_initializer="ones",
        bias_initializer=keras.initializers.Constant(2),
        kernel_regularizer=keras.regularizers.L2(0.5),
        bias_regularizer=keras.regularizers.L1(1.0),
    )
    layer.build((None, 4, 4, 4))
    weights = 4 * 1 + 1 * 9
    assert sum(map(float, layer.losses)) == pytest.approx(0.5 * weights + 2 * 9)


def test_one_initializer_gives_the_two_convolutions_different_numbers():
    for initializer in ("glorot_uniform", lambda shape, dtype: keras.random.normal(shape)):
        layer = Involution2D(3, reduction_ratio=1, groups=4, kernel_initializer=initializer)
        layer.build((None, 8, 8, 36))
        first, *_, last = layer.kernel_generator.layers
        assert abs(np.corrcoef(np.ravel(first.kernel), np.ravel(last.kernel))[0, 1]) < 0.2


def test_constraints_and_activation_are_applied():
    layer = Involution2D(
        3, activation="relu", kernel_constraint="non_neg", bias_constraint="non_neg"
    )
    layer.build((None, 5, 5, 4))
    plain = Involution2D(3)
    plain.build((None, 5, 5, 4))
    plain.set_weights(layer.get_weights())
    inputs = random(1, 5, 5, 4)
    np.testing.assert_array_equal(layer(inputs), np.maximum(plain(inputs), 0))
    constrained = [variable for variable in layer.variables if variable.constraint]
    assert len(constrained) == 3  # two weights, one bias


def test_integer_images_are_taken():
    layer = Involution2D(3)
    images = np.arange(48, dtype="uint8").reshape(1, 4, 4, 3)
    np.testing.assert_array_equal(layer(images), layer(images.astype("float32")))


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fit_learns_and_updates_the_batch_statistics(jit_compile):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 4)),
            Involution2D(3, groups=2),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("adam", "mse", jit_compile=jit_compile)
    images = random(32, 8, 8, 4)
    before = [np.array(weight) for weight in model.get_weights()]
    history = model.fit(images, images.mean(axis=(1, 2, 3)), epochs=5, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    changed = [(a != b).any() for a, b in zip(before, model.get_weights(), strict=True)]
    assert all(changed)


@pytest.mark.parametrize(
    ("groups", "strides", "data_format", "batch"),
    [
        (1, 1, "channels_last", 3),
        (2, 2, "channels_first", None),
        (8, 1, "channels_first", 3),
        (8, 2, "channels_last", None),
    ],
)
def test_a_training_step_compiled_as_a_whole_is_that_of_patches(
    groups, strides, data_format, batch
):
    keras.utils.set_random_seed(0)
    layer = Involution2D(3, strides=strides, groups=groups, data_format=data_format)
    axis = 3 if data_format == "channels_last" else 1
    images = tf.constant(random(3, 8, 8, 8))
    model = keras.Sequential(
        [
            keras.Input(images.shape[1:]),
            keras.layers.BatchNormalization(axis),
            layer,
            keras.layers.BatchNormalization(axis),
        ]
    )

    def step(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            loss = tf.reduce_sum(tf.sin(model(images, training=True)))
        return loss, *tape.gradient(loss, [images, *model.trainable_variables])

    signature = [tf.TensorSpec((batch, *images.shape[1:]))]
    compiled = tf.function(step, signature, jit_compile=True)(images)
    layer.implementation = "patches"
    for found, expected in zip(compiled, step(images), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
