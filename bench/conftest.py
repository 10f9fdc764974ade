"""How pytest runs the sweeps: the plugins of `bench.session`."""

import bench.startup  # noqa: F401 - before the plugin imports TensorFlow

pytest_plugins = ["bench.session.plugin", "bench.session.children", "bench.session.console"]
