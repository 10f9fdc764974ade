"""The figures of the sweeps, one file per figure."""
