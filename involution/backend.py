"""The Keras backend that the operator needs."""

import json
import os
import sys
from itertools import pairwise
from pathlib import Path

from involution.quiet import without_noise

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


def _asked_for() -> str:
    """Return the backend that Keras was asked for; Keras cannot say it if its import fails."""
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    folder = os.environ.get("KERAS_HOME", "~/.keras")
    try:
        settings = json.loads(Path(folder, "keras.json").expanduser().read_text(encoding="utf-8"))
        return str(settings.get("backend", SUPPORTED[0]))
    except (OSError, ValueError, AttributeError):
        return SUPPORTED[0]


# Python imports the package before its command, which could only set this too late.
if ("-m", f"{__package__}.costs") in pairwise(sys.orig_argv):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

try:
    with without_noise():
        import keras
except Exception as error:
    # Keras fails where the package of its backend is missing, or where there is no such backend. A
    # missing Keras is another matter.
    if getattr(error, "name", None) != "keras":
        check_backend(_asked_for())
    raise

check_backend(keras.config.backend())
