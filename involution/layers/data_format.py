"""The order of the dimensions of images."""

from typing import Literal, TypeAlias, get_args

import keras

DataFormat: TypeAlias = Literal["channels_last", "channels_first"]


def checked_data_format(data_format: DataFormat | None) -> DataFormat:
    """Return `data_format`, or Keras's setting for None.

    Args:
        data_format: the value to check.

    Returns:
        The data format.

    Raises:
        ValueError: if there is no such data format.
    """
    checked: DataFormat = keras.config.image_data_format() if data_format is None else data_format
    if checked not in get_args(DataFormat):
        raise ValueError(
            f"`data_format` must be {' or '.join(map(repr, get_args(DataFormat)))}. "
            f"Received: data_format={data_format!r}"
        )
    return checked
