"""Trace operators and models for TensorBoard: `python -m bench.profiling`."""
