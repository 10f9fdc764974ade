"""Results of `python -m bench.profiling`: traces, their analysis, figures and words."""
