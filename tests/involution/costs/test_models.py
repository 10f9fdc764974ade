import keras
import pytest

from involution import Involution2D
from involution.costs.__main__ import main
from involution.costs.models import count
from involution.models import rednet, resnet, tutorial_cnn
from tests.involution.layers.generators import CallAlone, CallOfModel

# Table 1 of the paper, in units of 1e9.
PUBLISHED_FLOPS = {26: 1.73, 38: 2.22, 50: 2.71, 101: 4.74, 152: 6.79}


@pytest.mark.parametrize("depth", PUBLISHED_FLOPS)
def test_published_flops_of_rednet(depth):
    costs = count(rednet(depth))
    assert round(costs.published_operations / 1e9, 2) == PUBLISHED_FLOPS[depth]
    assert costs.uncounted == ()


def test_published_macs_of_resnet():
    """ResNet-50's convolutions and dense layer are known to have 4.089 G MACs."""
    model = resnet(50)
    costs = count(model)
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


def test_layers_without_a_rule_are_named():
    model = keras.Sequential([keras.Input((4, 4, 2)), keras.layers.Softmax()])
    assert count(model).uncounted == ("Softmax",)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_kernel_generator_is_counted_with_its_layer(data_format):
    generator = keras.Sequential([keras.layers.Conv2D(9, 1), keras.layers.Softmax()])
    for chosen, uncounted in ((generator, ("Softmax",)), (generator.layers[0], ())):
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


@pytest.mark.parametrize("make", [CallOfModel, keras.Sequential, dict])
def test_models_whose_layers_cannot_be_followed_are_refused(make):
    with pytest.raises(ValueError, match=r"must be a functional model.*Received: model="):
        count(make())


def test_a_layer_that_is_called_twice_is_refused():
    """It would be counted once."""
    images, layer = keras.Input((4, 4, 3)), keras.layers.Conv2D(3, 1, name="shared")
    with pytest.raises(ValueError, match="Received: layer='shared'"):
        count(keras.Model(images, layer(layer(images))))


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
