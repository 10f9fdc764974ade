"""The archive: many runs of the sweeps, from many machines and commits, as a Parquet dataset."""
