"""Batches: every image once per epoch, order and augmentation by seed and epoch alone."""

import numpy as np
import pytest
import tensorflow as tf

from bench.cifar.batches import SHIFT, Batches, augmented

IMAGES = np.arange(10, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 3), np.uint8)
LABELS = np.arange(10)


def epochs(first, last, batch=4, seed=7, augment=False):
    """The batches of some epochs, as lists of (images, labels)."""
    batches = Batches(IMAGES, LABELS, batch, seed, augment)
    found = list(batches.on(tf.distribute.get_strategy(), first, last).as_numpy_iterator())
    return [found[i : i + batches.steps] for i in range(0, len(found), batches.steps)]


def order(epoch):
    return [int(label) for _, labels in epoch for label in labels]


def test_every_image_comes_once_an_epoch_with_its_label():
    for epoch in epochs(0, 3):
        assert [len(labels) for _, labels in epoch] == [4, 4, 2]
        assert sorted(order(epoch)) == list(range(10))
        for images, labels in epoch:
            np.testing.assert_allclose(images[:, 0, 0, 0], labels / 255, rtol=1e-6)


def test_the_order_is_a_function_of_seed_and_epoch():
    whole = [order(epoch) for epoch in epochs(0, 4)]
    assert [order(epoch) for epoch in epochs(2, 4)] == whole[2:]
    assert len({tuple(one) for one in whole}) == 4
    assert order(epochs(0, 1, seed=8)[0]) != whole[0]
    assert order(epochs(0, 1, seed=None)[0]) == list(range(10))


def test_augmentation_goes_with_the_image_and_not_with_its_batch():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (10, 8, 8, 3), dtype=np.uint8)

    def by_label(batch, epoch):
        batches = Batches(images, LABELS, batch, 7, True)
        dataset = batches.on(tf.distribute.get_strategy(), epoch, epoch + 1)
        pairs = (zip(xs, ys, strict=True) for xs, ys in dataset.as_numpy_iterator())
        return {int(label): image for pair in pairs for image, label in pair}

    small, large, later = by_label(3, 1), by_label(10, 1), by_label(10, 2)
    for label in range(10):
        np.testing.assert_array_equal(small[label], large[label])
    assert any((large[label] != later[label]).any() for label in range(10))


def test_augmentation_against_plain_slices():
    random = np.random.default_rng(1)
    images = random.random((20, 8, 6, 3), dtype=np.float32)
    drawn = random.integers(0, 2**30, (20, 3), dtype=np.int32)
    found = augmented(tf.constant(images), tf.constant(drawn)).numpy()
    for image, (flip, *shifts), result in zip(images, drawn, found, strict=True):
        padded = np.pad(image, ((SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)))
        top, left = (shift % (2 * SHIFT + 1) for shift in shifts)
        window = padded[top : top + 8, left : left + 6]
        np.testing.assert_array_equal(result, window[:, ::-1] if flip % 2 else window)


def test_a_replica_without_an_image_is_refused():
    class Many:
        num_replicas_in_sync = 3

    with pytest.raises(ValueError, match=r"Received: batch=4, replicas=3, 2 images in the last"):
        Batches(IMAGES, LABELS, 4).on(Many(), 0, 1)


@pytest.mark.parametrize("replicas", [2, 3])
def test_pieces_of_a_batch(replicas):
    batches = Batches(IMAGES, LABELS, 4)
    found = batches._pieces(0, 1, replicas).as_numpy_iterator()
    labels = [[int(label) for label in labels] for _, labels in found]
    expected = []
    for batch in ([0, 1, 2, 3], [4, 5, 6, 7], [8, 9]):
        ends = [len(batch) * piece // replicas for piece in range(replicas + 1)]
        expected += [batch[ends[piece] : ends[piece + 1]] for piece in range(replicas)]
    assert labels == expected
