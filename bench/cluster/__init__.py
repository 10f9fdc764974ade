"""The plan of `pytest bench` on the nodes of a Ray cluster."""
