"""Models for converters, which know neither native kernels nor functions that XLA compiles."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_portable: ContextVar[bool] = ContextVar("portable", default=False)


@contextmanager
def portable() -> Iterator[None]:
    """Trace involution as plain operations of TensorFlow, for conversion to LiteRT or ONNX.

    What is traced in this context, such as an exported model, computes the same, but slower in
    TensorFlow itself. Layers must be set to "auto" or "fused", and height and width must be known.

    Example:
        >>> import keras
        >>> from involution import Involution2D, portable
        >>> model = keras.Sequential([keras.Input((8, 8, 4)), Involution2D(3)])
        >>> with portable():
        ...     model.export("model.onnx", format="onnx")  # doctest: +SKIP
    """
    token = _portable.set(True)
    try:
        yield
    finally:
        _portable.reset(token)


def is_portable() -> bool:
    """Return whether what is traced now is for converters."""
    return _portable.get()
