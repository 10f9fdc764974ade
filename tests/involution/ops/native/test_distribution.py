"""Training across replicas on two devices."""

import pytest

TRAINED = """
import keras
import numpy as np
import tensorflow as tf
from involution import Involution2D

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

def trained(strategy):
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = keras.Sequential(
            [
                keras.Input((6, 6, 4)),
                Involution2D(3, groups=2, implementation="native"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(1),
            ]
        )
        # The statistics of a replica's batch are its own.
        model.layers[0].kernel_generator.layers[1].trainable = False
        model.compile(keras.optimizers.SGD(0.1), "mse")
    images = np.random.default_rng(0).normal(size=(8, 6, 6, 4)).astype("float32")
    model.fit(images, images[:, 0, 0, :1], batch_size=4, epochs=3, shuffle=False, verbose=0)
    return [variable.numpy() for variable in model.trainable_variables]

strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
for found, expected in zip(trained(strategy), trained(tf.distribute.get_strategy()), strict=True):
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
print("equal")
"""


@pytest.mark.slow
def test_two_replicas_learn_what_one_learns(python):
    assert python(TRAINED).endswith("equal\n")
