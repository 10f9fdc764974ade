"""Results of `pytest bench`: records, their analysis, figures and words."""
