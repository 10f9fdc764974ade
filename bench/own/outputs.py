"""A model with several outputs as one with a single output, as whole models are timed."""

import keras
from keras import layers


def with_one_output(model: keras.Model) -> keras.Model:
    """Return a model with a single output of all numbers that a model returns.

    A training step takes one gradient of the outputs. To join them costs one copy of each, the same
    in all models that are compared.

    Args:
        model: a functional or sequential model. Each of its outputs is of floats, if there are
            several.

    Returns:
        The model itself if it has a single output, else one of the same layers whose output
        (batch, numbers) is all outputs, flattened, in their order.

    Example:
        >>> images = keras.Input((4, 4, 3))
        >>> model = keras.Model(images, {"a": images, "b": layers.Conv2D(2, 3)(images)})
        >>> with_one_output(model).output_shape
        (None, 56)
    """
    if isinstance(model, keras.Sequential) or isinstance(model.output, keras.KerasTensor):
        return model
    flat = [
        layers.Flatten(dtype="float32", name=f"flat_output_{number}")(output)
        for number, output in enumerate(model.outputs)
    ]
    join = layers.Concatenate(dtype="float32", name="joined_outputs")
    joined = join(flat) if len(flat) > 1 else flat[0]
    return keras.Model(model.input, joined, name=model.name)
