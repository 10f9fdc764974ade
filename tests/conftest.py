import os

WARNINGS = (
    "error",
    # Keras hands TensorFlow variables to NumPy 2, whose __array__ lacks the copy keyword.
    "ignore:__array__ implementation doesn.t accept a copy keyword:DeprecationWarning",
)


def pytest_configure(config):
    """Set up what must hold for tests, but not for a user's sweep with newer libraries."""
    for line in WARNINGS:
        config.addinivalue_line("filterwarnings", line)
    # A sweep that a test starts is a run of its own, not part of this one's processes.
    os.environ.pop("PYTEST_XDIST_WORKER", None)
