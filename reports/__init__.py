"""Results of the benchmark as statistics, figures and one self-contained page."""
