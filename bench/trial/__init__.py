"""Involution tried in a user's own model: `python -m bench.trial MODEL`."""
