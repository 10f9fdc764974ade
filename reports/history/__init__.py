"""The history: what many runs of an archive say of many commits."""
