"""Small data sets in the published layout, random but for their form."""

import io
import pickle
import tarfile
from dataclasses import replace

import numpy as np

from bench.cifar.layouts import LAYOUTS

COUNT = 12
SMALL = replace(
    LAYOUTS["cifar10"],
    train=dict.fromkeys(LAYOUTS["cifar10"].train, (COUNT, "")),
    test={"test_batch": (COUNT, "")},
)
NAMES = [b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine", b"ten"]


def batch(seed=0, **changes):
    """The dictionary of one file."""
    random = np.random.default_rng(seed)
    data = random.integers(0, 256, (COUNT, 3072), dtype=np.uint8)
    return {b"data": data, b"labels": [i % 10 for i in range(COUNT)], **changes}


def files(**changes):
    """The content of each file, by name; `changes` replace some."""
    found = {name: pickle.dumps(batch(seed), 2) for seed, name in enumerate(SMALL.train)}
    found["test_batch"] = pickle.dumps(batch(99), 2)
    found["batches.meta"] = pickle.dumps({b"label_names": NAMES}, 2)
    return found | changes


def write_folder(folder, content):
    """Write files as the published folder and return its parent."""
    inner = folder / SMALL.folder
    inner.mkdir(parents=True)
    for name, text in content.items():
        (inner / name).write_bytes(text)
    return folder


def write_archive(path, content, prefix=SMALL.folder, compression="gz"):
    """Write files as the published archive."""
    with tarfile.open(path, f"w:{compression}") as archive:
        for name, text in content.items():
            member = tarfile.TarInfo(f"{prefix}/{name}" if prefix else name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def arrays(train=96, test=32, seed=0):
    """The arrays of an .npz."""
    random = np.random.default_rng(seed)
    return {
        "x_train": random.integers(0, 256, (train, 32, 32, 3), dtype=np.uint8),
        "y_train": random.integers(0, 10, (train, 1)),
        "x_test": random.integers(0, 256, (test, 32, 32, 3), dtype=np.uint8),
        "y_test": random.integers(0, 10, (test, 1)),
    }
