import os
import sys

import pytest
from hypothesis import settings

WARNINGS = (
    "error",
    # Keras hands TensorFlow variables to NumPy 2, whose __array__ lacks the copy keyword.
    "ignore:__array__ implementation doesn.t accept a copy keyword:DeprecationWarning",
)
# Before TensorFlow is imported. On Linux the processor decides otherwise, and without oneDNN
# TensorFlow counts no memory of a CPU and has no gradients of grouped convolutions.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# What a test with the marker `posix` needs. docs/ci.md says what this leaves unchecked.
POSIX = "needs signals, forks, FIFOs, links, permissions or names of a POSIX system"
# A deadline would assert a time, which TensorFlow's first call exceeds.
settings.register_profile("untimed", deadline=None)


def pytest_configure(config):
    """Set up what must hold for tests, but not for a user's sweep with newer libraries."""
    for line in WARNINGS:
        config.addinivalue_line("filterwarnings", line)
    config.addinivalue_line("markers", f"posix: {POSIX}; skipped on Windows")
    settings.load_profile("untimed")
    # A sweep that a test starts is a run of its own, not part of this one's processes.
    os.environ.pop("PYTEST_XDIST_WORKER", None)


def pytest_collection_modifyitems(items):
    """Skip on Windows what it cannot run."""
    if sys.platform == "win32":
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason=POSIX))
