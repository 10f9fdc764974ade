"""Measure involution against convolution: `pytest bench --benchmark-only`."""
