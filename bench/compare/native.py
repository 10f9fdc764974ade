"""The native kernels of a revision: a library that git ignores, copied or built."""

import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from bench.compare.errors import ComparisonUsageError
from bench.fingerprint import LIBRARIES, NATIVE, library

# What the library is built from.
SOURCES = (NATIVE / "cpp", Path("cmake"), Path("CMakeLists.txt"))
# The end of what a failed build says.
SHOWN_LINES = 20


def provide(tree: Path, worktree: Path, python: Path) -> str:
    """Give a worktree the library that its sources make.

    Args:
        tree: this tree, with the library that was built from its sources.
        worktree: a worktree without one.
        python: the environment for the worktree.

    Returns:
        What was done, as a sentence.

    Raises:
        ComparisonUsageError: if this tree's library is older than its sources, or that of the
            worktree cannot be built.
    """
    if not (worktree / NATIVE / "cpp").is_dir():
        return "The revision has no native kernels."
    built = library(tree)
    if built is None:
        return "The native kernels are not built here: neither side has them."
    _check_current(tree, built)
    if _contents(tree) == _contents(worktree):
        shutil.copy2(built, worktree / NATIVE)
        return "The native kernels of both sides are the same."
    _build(worktree, python)
    return "The native kernels of the revision were built from its sources."


def _files(tree: Path) -> list[Path]:
    named = [tree / source for source in SOURCES]
    inside = [path for folder in named if folder.is_dir() for path in folder.rglob("*")]
    return sorted(path for path in [*named, *inside] if path.is_file())


def _contents(tree: Path) -> dict[Path, bytes]:
    return {path.relative_to(tree): path.read_bytes() for path in _files(tree)}


def _check_current(tree: Path, built: Path) -> None:
    """Refuse a library that was built from older sources: it is not what this tree says."""
    newest = max(_files(tree), key=lambda path: path.stat().st_mtime)
    if newest.stat().st_mtime > built.stat().st_mtime:
        raise ComparisonUsageError(
            f"{built.relative_to(tree)} is older than {newest.relative_to(tree)}: build it first "
            "with `pip install --no-deps -e .`"
        )


def _build(worktree: Path, python: Path) -> None:
    """Build the library into a worktree, by CMake as an installation does.

    The build brings XLA's headers along, which an environment for measuring does not have.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [str(python), "-m", "pip", "wheel", "--no-deps", "-w", folder, str(worktree)],
            env={**os.environ, "INVOLUTION_REQUIRE_NATIVE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            said = "\n".join(done.stdout.splitlines()[-SHOWN_LINES:])
            raise ComparisonUsageError(
                f"the native kernels of the revision cannot be built:\n{said}"
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            for name in wheel.namelist():
                if Path(name).parent == NATIVE and name.endswith(LIBRARIES):
                    (worktree / NATIVE / Path(name).name).write_bytes(wheel.read(name))
    if library(worktree) is None:
        raise ComparisonUsageError("the wheel of the revision has no native kernels")
