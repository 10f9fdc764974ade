"""Models that are saved, and loaded in a process that has imported nothing but `involution`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.involution.ops.native.tensors import layer_pair

LOADED = """
import pathlib
import sys
import numpy as np
import tensorflow as tf
import involution

folder = pathlib.Path(sys.argv[1])
images, outputs = np.load(folder / "images.npy"), np.load(folder / "outputs.npy")
for path in folder.glob("saved-*"):
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    for batch in (1, 3):
        (found,) = serve(tf.constant(images[:batch])).values()
        np.testing.assert_allclose(found, outputs[:batch], rtol=1e-5, atol=1e-5)
    print(path.name)
"""
IMAGES = np.random.default_rng(0).normal(size=(3, 6, 6, 4)).astype("float32")


def small_model(image_shape=(6, 6, 4)):
    layer, _ = layer_pair((None, 6, 6, 4), kernel_size=3, groups=2, strides=2)
    return keras.Sequential([keras.Input(image_shape), layer])


@pytest.mark.slow
def test_saved_graphs_run_in_a_fresh_process(tmp_path, python):
    models = {"known": small_model(), "open": small_model((None, None, 4))}
    for name, model in models.items():
        model.export(tmp_path / f"saved-{name}-export", verbose=False)
        tf.saved_model.save(model, tmp_path / f"saved-{name}-model")
    folders = sorted(tmp_path.glob("saved-*"))
    for folder in folders:
        graph = tf.saved_model.load(str(folder)).signatures["serving_default"].graph
        functions = graph.as_graph_def().library.function
        assert "XlaCallModule" in [node.op for f in functions for node in f.node_def]
    np.save(tmp_path / "images.npy", IMAGES)
    np.save(tmp_path / "outputs.npy", models["known"](IMAGES))
    names = python(LOADED, tmp_path).split()
    assert sorted(names) == [folder.name for folder in folders]
    assert len(names) == 4


@pytest.mark.parametrize("implementation", ["fused", "patches", "auto"])
def test_a_keras_file_gives_the_same_with_another_implementation(tmp_path, implementation):
    model = small_model()
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    assert loaded.layers[0].implementation == "native"
    np.testing.assert_allclose(loaded(IMAGES), model(IMAGES), rtol=1e-6)
    config = {**model.layers[0].get_config(), "implementation": implementation}
    other = keras.Sequential([keras.Input((6, 6, 4)), type(model.layers[0]).from_config(config)])
    weights = tmp_path / "model.weights.h5"
    model.save_weights(weights)
    other.load_weights(weights)
    np.testing.assert_allclose(other(IMAGES), model(IMAGES), rtol=1e-5, atol=1e-5)
    other.save(path)
    np.testing.assert_allclose(
        keras.models.load_model(path)(IMAGES), model(IMAGES), rtol=1e-5, atol=1e-5
    )
