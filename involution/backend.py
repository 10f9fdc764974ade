"""The Keras backend that the operator needs."""

import os

SUPPORTED = ("tensorflow",)


def check_backend(backend: str) -> None:
    """Refuse a Keras backend for which the operator has no implementation.

    Args:
        backend: name of the backend, as `keras.config.backend()` returns it.

    Raises:
        ImportError: if the backend is not supported.
    """
    if backend not in SUPPORTED:
        raise ImportError(
            f"involution needs the Keras backend {' or '.join(map(repr, SUPPORTED))}: set the "
            f"environment variable KERAS_BACKEND={SUPPORTED[0]} before the first import of keras. "
            f"Received: {backend!r}"
        )


try:
    import keras
except ImportError as error:
    # Keras fails where the package of its backend is missing. A missing Keras is another matter.
    if error.name != "keras":
        check_backend(os.environ.get("KERAS_BACKEND", SUPPORTED[0]))
    raise

check_backend(keras.config.backend())
