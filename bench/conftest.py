"""How pytest runs the sweeps: the plugin `bench.session.plugin`."""

import bench.startup  # noqa: F401 - before the plugin imports TensorFlow

pytest_plugins = ["bench.session.plugin"]
