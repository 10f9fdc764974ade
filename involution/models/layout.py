"""Models whose images have channels last, whatever image data format Keras is set to."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import keras

Arguments = ParamSpec("Arguments")
Model = TypeVar("Model", bound=keras.Model)


def channels_last(build: Callable[Arguments, Model]) -> Callable[Arguments, Model]:
    """Decorate a function so that Keras's image data format is "channels_last" while it runs.

    Args:
        build: makes a model of layers that take their data format from Keras.

    Returns:
        The function.
    """

    @wraps(build)
    def built(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Model:
        setting = keras.config.image_data_format()
        keras.config.set_image_data_format("channels_last")
        try:
            return build(*args, **kwargs)
        finally:
            keras.config.set_image_data_format(setting)

    return built
