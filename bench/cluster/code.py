"""The code that travels to the nodes: a copy of what measures, as it is now."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Git ignores the compiled kernels, and Ray would leave out what git ignores.
PARTS = ("bench", "involution", "reports", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "cpp", ".*_cache")


@contextmanager
def copied(root: Path, files: Sequence[Path] = ()) -> Iterator[Path]:
    """Copy the packages of a clone, and files that the nodes need as well.

    Args:
        root: the top folder of the clone.
        files: each of them is in the top folder of the copy.

    Yields:
        The folder of the copy, which is gone after the block.
    """
    with tempfile.TemporaryDirectory(prefix="bench-cluster-") as name:
        folder = Path(name)
        for part in PARTS:
            source, target = root / part, folder / part
            if source.is_dir():
                shutil.copytree(source, target, ignore=LEFT_OUT)
            else:
                shutil.copyfile(source, target)
        for file in files:
            shutil.copyfile(file, folder / file.name)
        yield folder
