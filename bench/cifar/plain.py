"""Pickles that hold plain data alone: CIFAR is published as pickles, and a pickle is a program."""

import _codecs
import io
import pickle
from typing import Any

import numpy as np

# What the pickle of an array names, in old and new NumPy and in Python 2. Dictionaries,
# lists, strings, bytes and numbers need no name. Nothing here can run code from a file.
_RECONSTRUCT = np.empty(0).__reduce__()[0]
_FROM_BUFFER = np.empty(0).__reduce_ex__(5)[0]
ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _codecs.encode,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _RECONSTRUCT for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _FROM_BUFFER for core in ("core", "_core")},
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"expected plain arrays, lists and bytes. Received: {module}.{name}"
            ) from None


def unpickle(content: bytes) -> object:
    """Read a pickle of plain data.

    Args:
        content: the pickle, of Python 2 or 3.

    Returns:
        What it holds; strings of Python 2 as bytes.

    Raises:
        ValueError: if it is damaged, or names anything but NumPy's arrays.
    """
    try:
        return _Unpickler(io.BytesIO(content), encoding="bytes").load()
    except Exception as error:  # noqa: BLE001 - a damaged pickle can raise nearly anything
        raise ValueError(f"not a valid pickle: {error}") from None
