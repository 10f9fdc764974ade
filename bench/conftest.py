"""How pytest runs the sweeps: the plugin `bench.session.plugin`."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before the plugin imports TensorFlow

pytest_plugins = ["bench.session.plugin"]
