"""The library of native kernels: found, loaded and registered with XLA."""

import ctypes
import os
from functools import lru_cache
from pathlib import Path

import tensorflow as tf

from involution.ops.internals import can_call_modules, xla_ffi_api

STEM = "involution_native"

# Names the best instruction set to be used, of these; for measurements and tests.
VARIABLE = "INVOLUTION_INSTRUCTIONS"
INSTRUCTIONS = ("avx512", "avx2", "plain")


@lru_cache
def reason_against() -> str | None:
    """Return why native kernels cannot be used in this process, or None if they can.

    The first call loads the library and registers its kernels.

    Returns:
        The reason, a sentence without a full stop.
    """
    path = _path()
    if path is None:
        return "The native kernels were not built when this package was installed"
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", *INSTRUCTIONS):
        return f"{VARIABLE} must be one of {', '.join(INSTRUCTIONS)}. Received: {wanted!r}"
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        return f"The native kernels cannot be loaded: {error}"
    if getattr(library, "involution_peak_scratch", None) is None:
        return "The native kernels are older than this package; install it again"
    return _refusal(library)


def _refusal(library: ctypes.CDLL) -> str | None:
    """Register the kernels of a library, and return why TensorFlow refuses them, or None."""
    api = xla_ffi_api()
    if not api or not can_call_modules():
        return f"TensorFlow {tf.__version__} takes no kernels by XLA's foreign function interface"
    if library.involution_register(ctypes.c_void_p(api)):
        return f"TensorFlow {tf.__version__} refuses the native kernels' version of the interface"
    return None


def instructions() -> str | None:
    """Return the instruction set in use: "avx512", "avx2" or "plain"; None without kernels."""
    path = _path()
    if path is None or reason_against() is not None:
        return None
    function = ctypes.CDLL(str(path)).involution_instructions
    function.restype = ctypes.c_char_p
    return bytes(function()).decode()


def peak_scratch() -> int:
    """Return the most bytes of scratch memory that kernels held at once since the last call.

    The kernels take this memory from the system: TensorFlow does not count it.
    """
    path = _path()
    if path is None or reason_against() is not None:
        return 0
    function = ctypes.CDLL(str(path)).involution_peak_scratch
    function.restype = ctypes.c_int64
    return int(function())


def _path() -> Path | None:
    found = [
        path
        for suffix in (".so", ".dylib", ".dll")
        for path in Path(__file__).parent.glob(f"*{STEM}{suffix}")
    ]
    return found[0] if found else None
