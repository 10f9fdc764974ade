"""Settings of Ray that are read when it is imported: imported before it."""

import os

SETTINGS = {
    # Nothing is sent to anybody.
    "RAY_USAGE_STATS_ENABLED": "0",
    # A node without GPUs keeps the variables of its environment; Ray warns of it otherwise.
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    # What measures has the priority that it has in `pytest bench`; Ray would lower it.
    "RAY_worker_niceness": "0",
    # What becomes of each call is handled, by way of its future.
    "RAY_IGNORE_UNHANDLED_ERRORS": "1",
}

for _name, _value in SETTINGS.items():
    os.environ.setdefault(_name, _value)
