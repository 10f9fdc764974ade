import keras
import numpy as np
import pytest
from keras import layers

from bench.own.errors import ModelError
from bench.own.loading import load
from bench.own.named import named


def saved(model, path, name="model.keras"):
    model.save(path / name)
    return str(path / name)


def small(size=(None, None)):
    return keras.Sequential(
        [keras.Input((*size, 3)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()]
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MobileNetV2", "mobilenetv2_1.00_224"),
        ("keras.applications.mobilenetv2", "mobilenetv2_1.00_224"),
        ("ResNet14", "resnet14"),
        ("involution.models.rednet14", "rednet14"),
        ("tutorial_cnn", "tutorial_cnn"),
    ],
)
def test_models_by_name(name, expected):
    model = load(name)
    assert model.name == expected
    size = 32 if name == "tutorial_cnn" else 224
    assert model.input_shape == (None, size, size, 3)


def test_a_name_that_both_have_is_of_keras():
    keras_own, ours = named("keras.applications.resnet50"), named("involution.models.ResNet50")
    assert named("resnet50") is not None
    assert named("resnet50").args == keras_own.args != ours.args


@pytest.mark.parametrize("name", ["mobilenetv2", "rednet14"])
def test_models_by_name_are_built_at_a_size(name):
    assert load(name, image_size=(64, 96)).input_shape == (None, 64, 96, 3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "resnet5",
            r"keras\.applications or involution\.models; close names are resnet50, .*'resnet5'",
        ),
        ("xyz", r"must be a \.keras file, or a name of .*involution\.models\. Received: 'xyz'"),
        ("none.keras", "There is no file none.keras"),
        ("none.h5", "There is no file none.h5"),
    ],
)
def test_what_is_not_there(name, message):
    with pytest.raises(ModelError, match=message):
        load(name)


@pytest.mark.parametrize(
    ("name", "size", "message"),
    [
        (
            "mobilenetv2",
            (10, 10),
            r"MobileNetV2 cannot be built for images of \(10, 10, 3\): .*32x32",
        ),
        ("tutorial_cnn", (64, 64), r"=\(32, 32\). Received: \(64, 64\)"),
    ],
)
def test_sizes_that_a_named_model_cannot_have(name, size, message):
    with pytest.raises(ModelError, match=message):
        load(name, image_size=size)


def test_a_file_is_loaded_with_its_weights_and_without_its_optimizer(tmp_path):
    model = small((8, 9))
    model.compile("sgd", loss=unregistered)
    loaded = load(saved(model, tmp_path))
    images = np.random.default_rng(0).normal(size=(2, 8, 9, 3)).astype("float32")
    np.testing.assert_array_equal(loaded(images), model(images))
    assert not loaded.compiled


@pytest.mark.parametrize("form", ["sequential", "functional", "dictionary"])
def test_an_open_size_is_fixed(tmp_path, form):
    model = small()
    if form == "functional":
        model = keras.Model(model.inputs[0], model.outputs[0])
    elif form == "dictionary":
        images = keras.Input((None, None, 3), name="images")
        model = keras.Model({"images": images}, model(images))
    path = saved(model, tmp_path)
    with pytest.raises(
        ModelError, match="name one with `--image-size 224` or `--image-size 224x320`"
    ):
        load(path)
    fixed = load(path, image_size=(20, 30))
    assert [tuple(tensor.shape) for tensor in fixed.inputs] == [(None, 20, 30, 3)]
    images = np.random.default_rng(0).normal(size=(2, 20, 30, 3)).astype("float32")
    np.testing.assert_array_equal(
        fixed({"images": images} if form == "dictionary" else images),
        model({"images": images} if form == "dictionary" else images),
    )


def test_sizes_that_do_not_fit(tmp_path):
    path = saved(small(), tmp_path)
    with pytest.raises(ModelError, match=r"cannot take images of shape \(2, 2, 3\): "):
        load(path, image_size=(2, 2))
    wide = saved(small((None, 9)), tmp_path, "wide.keras")
    assert load(wide, image_size=(5, 9)).input_shape == (None, 5, 9, 3)
    with pytest.raises(ModelError, match=r"=\(None, 9\). Received: \(5, 8\)"):
        load(wide, image_size=(5, 8))


def test_channels_first(tmp_path):
    model = keras.Sequential(
        [keras.Input((3, None, None)), layers.ZeroPadding2D(data_format="channels_first")]
    )
    path = saved(model, tmp_path)
    assert load(path, image_size=(5, 6)).input_shape == (None, 3, 5, 6)


def test_batches_of_one_length_become_open(tmp_path):
    model = keras.Sequential([keras.Input(batch_shape=(2, 8, 8, 3)), layers.Conv2D(4, 3)])
    assert load(saved(model, tmp_path)).input_shape == (None, 8, 8, 3)


def test_files_that_are_no_model(tmp_path):
    model = small((8, 8))
    whole = (tmp_path / saved(model, tmp_path)).read_bytes()
    (tmp_path / "half.keras").write_bytes(whole[: len(whole) // 2])
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 255
    (tmp_path / "broken.keras").write_bytes(broken)
    (tmp_path / "text.keras").write_text("no archive")
    (tmp_path / "other.zip").write_bytes(whole)
    model.save(tmp_path / "old.h5")
    model.export(tmp_path / "exported", verbose=False)
    (tmp_path / "folder.keras").mkdir()
    for name, message in {
        "half.keras": "half.keras is none, or damaged",
        "broken.keras": "broken.keras (cannot be loaded|is damaged)",
        "text.keras": 'is none, or damaged: save it with model.save."x.keras"',
        "other.zip": 'must end in ".keras"',
        "old.h5": "is an HDF5 file: save it with",
        "exported": "is a SavedModel: save it with",
        "folder.keras": "is a folder: save it with",
    }.items():
        with pytest.raises(ModelError, match=message) as caught:
            load(str(tmp_path / name))
        assert "\n" not in str(caught.value)


class Unregistered(layers.Layer):
    def call(self, inputs):
        return inputs


def unregistered(values):
    return values


def test_custom_objects_that_are_not_there_are_named(tmp_path):
    images = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, activation=unregistered)(images)
    path = saved(keras.Model(images, Unregistered()(x)), tmp_path)
    message = (
        "needs the function unregistered, the class Unregistered, .*"
        r"`@keras.saving.register_keras_serializable\(\)` .*`--import MODULE`"
    )
    with pytest.raises(ModelError, match=message):
        load(path)
    objects = {"Unregistered": Unregistered, "unregistered": unregistered}
    with keras.saving.custom_object_scope(objects):
        assert load(path).count_params() == 3 * 9 * 4 + 4


def test_a_lambda_is_loaded_only_if_the_file_is_trusted(tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Lambda(lambda x: 2 * x)])
    path = saved(model, tmp_path)
    with pytest.raises(ModelError, match=r"a lambda, .* `--trust-model` if you trust the file"):
        load(path)
    np.testing.assert_array_equal(load(path, trusted=True)(np.ones((1, 8, 8, 3))), 2)


@keras.saving.register_keras_serializable("tests.own")
class OwnCall(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.convolution = layers.Conv2D(4, 3)

    def call(self, inputs):
        return self.convolution(inputs)


def test_models_that_cannot_be_followed(tmp_path):
    model = OwnCall()
    model(np.ones((1, 8, 8, 3)))
    with pytest.raises(ModelError, match=r"a `call` of its own .* Received: OwnCall"):
        load(saved(model, tmp_path))


def test_inputs_that_are_no_images(tmp_path):
    one, other = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    for number, model in enumerate(
        (
            keras.Sequential([keras.Input((8,)), layers.Dense(2)]),
            keras.Sequential([keras.Input((8, 8, None)), layers.ReLU()]),
            keras.Model([one, other], layers.Add()([one, other])),
        )
    ):
        with pytest.raises(ModelError, match="must take one batch of images with a known number"):
            load(saved(model, tmp_path, f"{number}.keras"))
