"""This tree against another revision, in processes that alternate: `python -m bench.compare`."""
