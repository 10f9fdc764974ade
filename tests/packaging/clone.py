"""A copy of the clone to build in, which leaves the clone as it is."""

import shutil
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("involution", "bench", "reports", "tests", "cmake")
COMPILERS = ("c++", "g++", "clang++")


def copy_clone(folder):
    """Copies the clone to `folder`, with a library as of an earlier editable install."""
    for path in ROOT.iterdir():
        if path.name in FOLDERS:
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy(path, folder)
    older = folder / "involution" / "ops" / "native" / "libinvolution_native.so"
    older.write_text("of an earlier install", encoding="utf-8")
    return folder


def has_compiler():
    return any(map(shutil.which, COMPILERS))


def headers():
    """XLA's headers of TensorFlow; those of jaxlib are for binaries that are published."""
    return Path(find_spec("tensorflow").origin).with_name("include").as_posix()
