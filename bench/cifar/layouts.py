"""How CIFAR is published: folders, files, their checksums and sizes."""

from collections.abc import Mapping
from dataclasses import dataclass

# Of an image: pixels along a side, and colours.
SIDE, CHANNELS = 32, 3
PIXELS = SIDE * SIDE * CHANNELS
NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


@dataclass(frozen=True)
class Layout:
    """How a data set is published.

    Attributes:
        folder: the name of its folder.
        train: each file of training images with their number and the file's MD5.
        test: the same for the test images.
        label_key: the key of the labels in a file.
        meta: the file with the names of the classes.
        names_key: the key of the names in it.
        classes: how many there are.
    """

    folder: str
    train: Mapping[str, tuple[int, str]]
    test: Mapping[str, tuple[int, str]]
    label_key: bytes
    meta: str
    names_key: bytes
    classes: int

    @property
    def counts(self) -> tuple[int, int]:
        """How many training and test images are published."""
        train, test = (sum(count for count, _ in part.values()) for part in (self.train, self.test))
        return train, test

    @property
    def default_names(self) -> tuple[str, ...]:
        """Names of the classes for a file without names: those of CIFAR-10, or numbers."""
        return NAMES if self.classes == len(NAMES) else tuple(map(str, range(self.classes)))


LAYOUTS = {
    "cifar10": Layout(
        folder="cifar-10-batches-py",
        train={
            "data_batch_1": (10_000, "c99cafc152244af753f735de768cd75f"),
            "data_batch_2": (10_000, "d4bba439e000b95fd0a9bffe97cbabec"),
            "data_batch_3": (10_000, "54ebc095f3ab1f0389bbae665268c751"),
            "data_batch_4": (10_000, "634d18415352ddfa80567beed471001a"),
            "data_batch_5": (10_000, "482c414d41f54cd18b22e5b47cb7c3cb"),
        },
        test={"test_batch": (10_000, "40351d587109b95175f43aff81a1287e")},
        label_key=b"labels",
        meta="batches.meta",
        names_key=b"label_names",
        classes=10,
    ),
    "cifar100": Layout(
        folder="cifar-100-python",
        train={"train": (50_000, "16019d7e3df5f24257cddd939b257f8d")},
        test={"test": (10_000, "f0ef6b0ae62326f3e7ffdfab6717acfc")},
        label_key=b"fine_labels",
        meta="meta",
        names_key=b"fine_label_names",
        classes=100,
    ),
}
