"""Trained weights that come with the package: found, checked by their hash, then loaded.

`weights/index.json` names each file with its hash, `weights/README.md` is the model card. Both are
written by `python -m bench.cifar.weights`. The files hold arrays alone: loading runs no code.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import keras

Weights: TypeAlias = Literal["cifar10"]

FOLDER = Path(__file__).with_name("weights")
INDEX = "index.json"
# Of each word: how many classes the weights tell apart.
CLASSES = {"cifar10": 10}


def file_name(model: str, weights: str) -> str:
    """Return the name of the file with the weights of a model.

    Example:
        >>> file_name("tutorial_cnn", "cifar10")
        'tutorial_cnn-cifar10.weights.h5'
    """
    return f"{model}-{weights}.weights.h5"


def check(model: str, weights: Any, classes: int) -> None:
    """Check that the package has the weights that are asked for.

    Args:
        model: the name of the model.
        weights: None for random ones, or a word of `Weights`.
        classes: how many the model tells apart.

    Raises:
        ValueError: if there are no such weights, or they are for another number of classes.
    """
    if weights is None:
        return
    if not isinstance(weights, str) or weights not in get_args(Weights):
        words = " or ".join(map(repr, (None, *get_args(Weights))))
        raise ValueError(f"`weights` must be {words}. Received: weights={weights!r}")
    files = _index()["files"]
    if file_name(model, weights) not in files:
        others = [each["model"] for each in files.values() if each["weights"] == weights]
        raise ValueError(
            f"`weights` must be None for {model}: the package has weights={weights!r} of "
            f"{', '.join(others)} alone. Received: weights={weights!r}"
        )
    if classes != CLASSES[weights]:
        raise ValueError(
            f"`classes` must be {CLASSES[weights]} with weights={weights!r}. "
            f"Received: classes={classes}"
        )


def load(model: keras.Model, weights: Weights) -> None:
    """Fill a model with its trained weights.

    Args:
        model: a model that `check` has been asked about by its name.
        weights: which.

    Raises:
        ValueError: if the file is missing or differs from the one that was trained.
    """
    name = file_name(model.name, weights)
    fill(model, FOLDER / name, _index()["files"][name]["sha256"])


def fill(model: keras.Model, path: Path, sha256: str) -> None:
    """Fill a model with the weights of a file, once its content is known to be the expected one.

    Args:
        model: a model that has been built.
        path: a file of `model.save_weights`.
        sha256: the hash of its content, in hexadecimal digits.

    Raises:
        ValueError: if the file is missing or its hash is another.
    """
    if not path.is_file():
        raise ValueError(f"{path.name}: expected a file next to {INDEX}. Received: none")
    found = sha256_of(path)
    if found != sha256:
        raise ValueError(
            f"{path.name}: expected a file of SHA-256 {sha256}. Received: {found}; install the "
            "package again"
        )
    model.load_weights(path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _index() -> dict[str, Any]:
    index: dict[str, Any] = json.loads((FOLDER / INDEX).read_text(encoding="utf-8"))
    return index
