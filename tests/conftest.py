WARNINGS = (
    "error",
    # Keras hands TensorFlow variables to NumPy 2, whose __array__ lacks the copy keyword.
    "ignore:__array__ implementation doesn.t accept a copy keyword:DeprecationWarning",
)


def pytest_configure(config):
    """Make warnings errors here, but not in a user's sweep with newer libraries."""
    for line in WARNINGS:
        config.addinivalue_line("filterwarnings", line)
