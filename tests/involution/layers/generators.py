"""Kernel generators as people write them; each returns nine channels for four."""

import keras
from keras import layers


@keras.saving.register_keras_serializable("tests")
class Inner(layers.Layer):
    """Makes its sublayers when it is built."""

    def build(self, input_shape):
        self.normalization = layers.BatchNormalization(momentum=0.5)
        self.normalization.build(input_shape)

    def call(self, inputs, training=None):
        return self.normalization(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape


@keras.saving.register_keras_serializable("tests")
class CallAlone(layers.Layer):
    """A subclassed layer with a `call` alone, and a sublayer that has sublayers of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner()
        self.convolution = layers.Conv2D(9, 1)

    def call(self, inputs):
        return self.convolution(self.inner(inputs))


@keras.saving.register_keras_serializable("tests")
class CallOfModel(keras.Model):
    """A subclassed model with a `call` alone."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [layers.BatchNormalization(momentum=0.5), layers.Conv2D(9, 1)]

    def call(self, inputs, training=None):
        return self.parts[1](self.parts[0](inputs, training=training))


def functional():
    inputs = keras.Input((None, None, 4))
    normalized = layers.BatchNormalization(momentum=0.5)(inputs)
    return keras.Model(inputs, layers.Conv2D(9, 1)(normalized))


def sequential():
    return keras.Sequential([layers.BatchNormalization(momentum=0.5), layers.Conv2D(9, 1)])


def chain_of_calls():
    """A model of the kind that is built late, around a layer with a `call` alone."""
    return keras.Sequential([CallAlone()])


def built_before():
    generator = sequential()
    generator.build((None, None, None, 4))
    return generator


# The layer makes its own for None.
NORMALIZED = {
    "own": lambda: None,
    "layer": CallAlone,
    "model": CallOfModel,
    "functional": functional,
    "sequential": sequential,
    "chain": chain_of_calls,
    "built": built_before,
}
