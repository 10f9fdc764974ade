"""Trained weights for the package: files, an index with their hashes, and a model card."""
