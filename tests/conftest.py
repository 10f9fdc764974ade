import os

from hypothesis import settings

WARNINGS = (
    "error",
    # Keras hands TensorFlow variables to NumPy 2, whose __array__ lacks the copy keyword.
    "ignore:__array__ implementation doesn.t accept a copy keyword:DeprecationWarning",
)
# A deadline would assert a time, which TensorFlow's first call exceeds.
settings.register_profile("untimed", deadline=None)


def pytest_configure(config):
    """Set up what must hold for tests, but not for a user's sweep with newer libraries."""
    for line in WARNINGS:
        config.addinivalue_line("filterwarnings", line)
    settings.load_profile("untimed")
    # A sweep that a test starts is a run of its own, not part of this one's processes.
    os.environ.pop("PYTEST_XDIST_WORKER", None)
