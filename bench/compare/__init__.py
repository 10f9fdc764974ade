"""This tree against another git revision, in new processes by turns: `python -m bench.compare`."""
