"""A user's own Keras model: its convolutions, and copies with others in their place."""
