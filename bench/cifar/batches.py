"""Images to batches: the order and the augmentation are a function of seed and epoch alone.

Training that is resumed at epoch 7 sees the batches that it would have seen without the break.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

# Pixels of zeros around an image before a window of its own size is cut out of it.
SHIFT = 4


@dataclass(frozen=True)
class Batches:
    """Batches of one part of a data set.

    Attributes:
        images: (count, height, width, channels), uint8.
        labels: (count,).
        batch: images in a step, over all replicas.
        seed: sets order and augmentation; None for the order of the file.
        augment: whether to flip and shift the images at random.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    batch: int
    seed: int | None = None
    augment: bool = False

    @property
    def steps(self) -> int:
        """How many batches an epoch has; the last may be smaller."""
        return -(-len(self.images) // self.batch)

    def on(self, strategy: tf.distribute.Strategy, first: int, epochs: int) -> Any:
        """Return the batches of several epochs, each cut into one piece per replica.

        Args:
            strategy: where the model is.
            first: number of the first epoch.
            epochs: number of the epoch to stop before.

        Returns:
            A dataset of (images scaled to 0..1, labels), distributed if the strategy is.

        Raises:
            ValueError: if a replica would be left without an image in some step.
        """
        replicas = strategy.num_replicas_in_sync
        smallest = len(self.images) % self.batch or self.batch
        if smallest < replicas:
            raise ValueError(
                f"a step must have an image for each replica; choose another batch. Received: "
                f"batch={self.batch}, replicas={replicas}, {smallest} images in the last step"
            )

        def pipeline(_: tf.distribute.InputContext) -> tf.data.Dataset:
            return self._pieces(first, epochs, replicas)

        return strategy.distribute_datasets_from_function(pipeline)

    def _pieces(self, first: int, epochs: int, replicas: int) -> tf.data.Dataset:
        images, labels = tf.constant(self.images), tf.constant(self.labels)
        count = len(self.images)

        def order(epoch: tf.Tensor) -> tf.data.Dataset:
            indices = tf.range(count, dtype=tf.int64)
            if self.seed is not None:
                indices = tf.random.experimental.stateless_shuffle(indices, (self.seed, epoch))
            # Slices of the whole order: index by index would cost more than all the rest.
            return tf.data.Dataset.range(self.steps).map(
                lambda step: (epoch, indices[step * self.batch : (step + 1) * self.batch])
            )

        def pieces(epoch: tf.Tensor, batch: tf.Tensor) -> tf.data.Dataset:
            size = tf.shape(batch, out_type=tf.int64)[0]
            ends = [size * replica // replicas for replica in range(replicas + 1)]
            parts = [batch[start:end] for start, end in pairwise(ends)]
            chosen = tf.data.Dataset.from_tensors((epoch, parts[0]))
            for part in parts[1:]:
                chosen = chosen.concatenate(tf.data.Dataset.from_tensors((epoch, part)))
            return chosen

        def load(epoch: tf.Tensor, indices: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            chosen = tf.cast(tf.gather(images, indices), tf.float32) / 255.0
            if self.augment:
                # Drawn for all images and gathered by index: independent of batch and replica.
                key = (self.seed or 0, epoch)
                drawn = tf.random.stateless_uniform((count, 3), key, 0, 2**30, tf.int32)
                chosen = augmented(chosen, tf.gather(drawn, indices))
            return chosen, tf.gather(labels, indices)

        ordered = tf.data.Dataset.range(first, epochs).flat_map(order)
        if replicas > 1:
            ordered = ordered.flat_map(pieces)
        return ordered.map(load, num_parallel_calls=tf.data.AUTOTUNE).prefetch(2)


def augmented(images: tf.Tensor, drawn: tf.Tensor) -> tf.Tensor:
    """Flip and shift images at random, as is usual for CIFAR.

    Args:
        images: (batch, height, width, channels).
        drawn: (batch, 3), whole numbers of at least 0: what happens to each image.

    Returns:
        The images, mirrored or not, and moved by up to `SHIFT` pixels with zeros at the edges.
    """
    height, width = images.shape[1:3]
    padded = tf.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)))
    start = drawn[:, 1:] % (2 * SHIFT + 1)
    rows = start[:, :1] + tf.range(height)
    columns = start[:, 1:] + tf.range(width)
    columns = tf.where(drawn[:, :1] % 2 == 0, columns, columns[:, ::-1])
    return tf.gather(tf.gather(padded, rows, axis=1, batch_dims=1), columns, axis=2, batch_dims=1)
