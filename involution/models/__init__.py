"""Whole models that use involution, and the convolutional models they stand against."""

from involution.models.tutorial import tutorial_cnn, tutorial_inn

__all__ = ["tutorial_cnn", "tutorial_inn"]
