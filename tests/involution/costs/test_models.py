from math import prod

import keras
import pytest

from involution import Involution2D
from involution.costs.__main__ import main
from involution.costs.models import count
from involution.models import rednet, resnet, tutorial_cnn
from tests.involution.layers.generators import CallAlone, CallOfModel

# Table 1 of the paper: trainable parameters, with the stem's involution of kernel size 7; FLOPs in
# units of 1e9.
PUBLISHED = {
    26: (9_233_886, 1.73),
    38: (12_387_706, 2.22),
    50: (15_541_526, 2.71),
    101: (25_653_670, 4.74),
    152: (33_985_302, 6.79),
}


def trainable(model):
    return sum(prod(weight.shape) for weight in model.trainable_weights)


@pytest.mark.parametrize("depth", PUBLISHED)
def test_published_parameters_and_flops_of_rednet(depth):
    model = rednet(depth)
    costs = count(model)
    parameters, flops = PUBLISHED[depth]
    assert trainable(model) == costs.parameters == parameters
    assert round(costs.published_operations / 1e9, 2) == flops
    assert costs.uncounted == ()


def test_published_parameters_and_macs_of_resnet():
    """ResNet-50's convolutions and dense layer are known to have 4.089 G MACs."""
    model = resnet(50)
    costs = count(model)
    assert trainable(model) == costs.parameters == 25_557_032
    assert round(costs.macs / 1e9, 3) == 4.089
    elements = {
        kind: sum(
            layer.output.shape[1] * layer.output.shape[2] * layer.output.shape[3]
            for layer in model.layers
            if isinstance(layer, kind)
        )
        for kind in (keras.layers.BatchNormalization, keras.layers.ReLU)
    }
    single = 2 * elements[keras.layers.BatchNormalization] + elements[keras.layers.ReLU]
    assert costs.published_operations == costs.macs + single


def test_macs_of_the_tutorials_cnn_by_hand():
    """Convolutions at 32 x 32, 16 x 16 and 8 x 8 pixels, then two dense layers."""
    convolutions = 9 * (32**2 * 3 * 32 + 16**2 * 32 * 64 + 8**2 * 64 * 64)
    dense = 8**2 * 64 * 64 + 64 * 10
    assert count(tutorial_cnn()).macs == convolutions + dense


class Unknown(keras.layers.Layer):
    def call(self, inputs):
        return inputs


def test_layers_and_operations_without_a_rule_are_named():
    images = keras.Input((4, 4, 2))
    product = keras.ops.matmul(Unknown()(images) + 1, keras.ops.transpose(images, (0, 1, 3, 2)))
    costs = count(keras.Model(images, product))
    assert (costs.macs, costs.uncounted) == (0, ("Matmul", "Unknown"))


def test_layers_without_macs_are_free():
    images = keras.Input((4, 4, 2))
    x = keras.layers.LayerNormalization()(keras.layers.Rescaling(2.0)(images))
    x = keras.layers.Multiply()([x, keras.layers.Activation("gelu")(x)])
    model = keras.Model(images, keras.ops.relu(keras.layers.GlobalMaxPooling2D()(x)) * 2)
    assert count(model).uncounted == ()
    assert count(model).published_operations == 0


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_kernel_generator_is_counted_with_its_layer(data_format):
    generator = keras.Sequential([keras.layers.Conv2D(9, 1), Unknown()])
    for chosen, uncounted in ((generator, ("Unknown",)), (generator.layers[0], ())):
        layer = Involution2D(3, kernel_generator=chosen, data_format=data_format)
        shape = (4, 5, 2) if data_format == "channels_last" else (2, 4, 5)
        costs = count(keras.Sequential([keras.Input(shape), layer]))
        assert costs.macs == 4 * 5 * (2 * 9 + 2 * 9)  # generator, sum
        assert costs.published_operations == costs.macs + 4 * 5 * 9  # the generator's bias
        assert costs.uncounted == uncounted


def test_a_generator_that_is_no_chain_of_layers_is_named():
    pooled = keras.Input((4, 5, 2))
    sums = keras.layers.Add()([keras.layers.Conv2D(9, 1)(pooled) for _ in range(2)])
    layer = Involution2D(3, kernel_generator=keras.Model(pooled, sums))
    costs = count(keras.Sequential([keras.Input((4, 5, 2)), layer]))
    assert costs.macs == costs.published_operations == 4 * 5 * 2 * 9
    assert costs.uncounted == ("Functional",)


def test_the_input_must_have_a_size():
    with pytest.raises(ValueError, match="known size"):
        count(rednet(26, input_shape=(None, None, 3)))
    one, other = keras.Input((4,)), keras.Input((None,))
    with pytest.raises(ValueError, match="known size"):
        count(keras.Model([one, other], keras.layers.Dense(3)(one)))
    images = keras.Input((4, 5, 3))
    some_rows = keras.layers.Lambda(lambda x: x, output_shape=(None, 5, 3), name="some")(images)
    with pytest.raises(ValueError, match=r"All sizes .* must be known. Received: unknown at some"):
        count(keras.Model(images, keras.layers.Conv2D(2, 3)(some_rows)))


@pytest.mark.parametrize("make", [CallOfModel, keras.Sequential, dict])
def test_models_whose_layers_cannot_be_followed_are_refused(make):
    with pytest.raises(ValueError, match=r"must be a functional model.*Received: model="):
        count(make())


def test_a_layer_that_is_called_twice_is_counted_twice():
    images, layer = keras.Input((4, 5, 3)), keras.layers.Conv2D(3, 1)
    costs = count(keras.Model(images, layer(layer(images))))
    assert (costs.parameters, costs.macs) == (12, 2 * 4 * 5 * 9)


def test_a_model_inside_is_counted_at_the_size_of_each_call():
    inner = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(3, 3)])
    images = keras.Input((9, 10, 3))
    costs = count(keras.Model(images, keras.layers.Conv2D(2, 1)(inner(inner(images)))))
    assert costs.macs == 81 * (7 * 8 + 5 * 6) + 5 * 6 * 6


@pytest.mark.parametrize(
    ("layer", "macs"),
    [
        (keras.layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2), 2 * 2 * 9 * 6),
        (keras.layers.SeparableConv2D(7, 3, depth_multiplier=2), 3 * 4 * (9 * 6 + 6 * 7)),
        (keras.layers.Conv2D(6, 3, groups=3), 3 * 4 * 9 * 6),
        (keras.layers.Conv2DTranspose(7, 3, strides=2), 5 * 6 * 9 * 3 * 7),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_other_convolutions_by_hand(layer, macs):
    costs = count(keras.Sequential([keras.Input((5, 6, 3)), layer]))
    assert costs.macs == macs
    biases = 1 if layer.use_bias else 0
    sizes = layer.compute_output_shape((1, 5, 6, 3))
    assert costs.published_operations == macs + biases * sizes[1] * sizes[2] * sizes[3]


def test_relu_is_counted_as_a_layer_or_as_an_activation():
    counts = [
        count(keras.Sequential([keras.Input((4, 5, 3)), layer])).published_operations
        for layer in (keras.layers.ReLU(), keras.layers.Activation("relu"))
    ]
    assert counts == [60, 60]


# Parameters as Keras's documentation has them. MACs: MobileNetV2 (Sandler et al., 2018, table 4),
# ResNet-50 with its strides in 1x1 convolutions, 3.86 G (He et al., 2016, table 1: 3.8), ConvNeXt-T
# (Liu et al., 2022, table 1: 4.5 G).
@pytest.mark.parametrize(
    ("name", "parameters", "macs"),
    [
        ("MobileNetV2", 3.5e6, 300e6),
        ("ResNet50", 25.6e6, 3.86e9),
        ("ConvNeXtTiny", 28.6e6, 4.46e9),
    ],
)
def test_published_macs_of_applications(name, parameters, macs):
    costs = count(getattr(keras.applications, name)(weights=None))
    assert costs.parameters == pytest.approx(parameters, rel=0.005)
    assert costs.macs == pytest.approx(macs, rel=0.005)
    assert costs.uncounted == ()


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_convolution_is_counted_in_either_data_format(data_format):
    shape = (5, 6, 3) if data_format == "channels_last" else (3, 5, 6)
    layer = keras.layers.Conv2D(7, 3, strides=2, data_format=data_format)
    costs = count(keras.Sequential([keras.Input(shape), layer]))
    assert costs.macs == 2 * 2 * 9 * 3 * 7
    assert costs.published_operations == costs.macs + 2 * 2 * 7


def test_a_generator_with_a_call_alone_is_named():
    layer = Involution2D(3, kernel_generator=CallAlone())
    costs = count(keras.Sequential([keras.Input((4, 5, 4)), layer]))
    assert (costs.macs, costs.uncounted) == (4 * 5 * 4 * 9, ("CallAlone",))


def test_the_table_is_printed(capsys):
    main(["--depths", "26"])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["model", "parameters", "MACs,", "G", "published", "FLOPs,", "G"]
    assert lines[1] == ["rednet26", "9,233,886", "1.71", "1.73"]
    assert [line[0] for line in lines[2:]] == ["resnet26"]


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [(["--help"], 0, "trainable parameters"), (["--depths", "27"], 2, "invalid choice: 27")],
)
def test_help_and_wrong_usage(capsys, arguments, status, text):
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == status
    assert text in "".join(capsys.readouterr())
