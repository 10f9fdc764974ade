"""Which code measures: hashes of its sources and of the library of native kernels."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What decides what is measured, and how.
MEASURED = ("involution", "bench", "reports")
NATIVE = Path("involution", "ops", "native")
LIBRARIES = (".so", ".dylib", ".dll")
DIGITS = 16  # enough to tell apart, short enough to show


def fingerprint(tree: Path = ROOT) -> dict[str, str | None]:
    """Return hashes of the code as it is, changes included that are not committed.

    Args:
        tree: the top folder of a clone. Default the one that this module is in.

    Returns:
        "sources": of the Python files of `MEASURED`; "native kernels": of the library, which git
        ignores, None if none is built.
    """
    sources = sorted(path for name in MEASURED for path in (tree / name).rglob("*.py"))
    built = library(tree)
    return {
        "sources": _hash(sources, tree),
        "native kernels": _hash([built], tree) if built else None,
    }


def library(tree: Path) -> Path | None:
    """Return the library of native kernels of a tree, None if none is built.

    Args:
        tree: the top folder.
    """
    found = (tree / NATIVE).glob("*involution_native.*")
    return next((path for path in sorted(found) if path.suffix in LIBRARIES), None)


def _hash(paths: Iterable[Path], tree: Path) -> str:
    """Hash names and contents, so that a file that moves changes it, too."""
    whole = hashlib.sha256()
    for path in paths:
        for part in (path.relative_to(tree).as_posix().encode(), path.read_bytes()):
            whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:DIGITS]
