"""What every run of a study has in common."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        epochs: passes over the training images.
        batch: images in a step, over all replicas.
        learning_rate: of Adam.
        augment: whether to flip and shift the training images at random.
    """

    epochs: int = 20
    batch: int = 256
    learning_rate: float = 1e-3
    augment: bool = False
