"""An editable install puts the library into the clone, and the clone at the end of the path."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.clone import copy_clone, has_compiler, headers

# Visual Studio chooses its compiler itself: tests cannot take it away by the variable CXX.
pytestmark = [pytest.mark.posix, pytest.mark.slow]

BUILD = """
import sys
from scikit_build_core.build import build_editable
build_editable(sys.argv[1], {"cmake.define.XLA_FFI_INCLUDE_DIR": sys.argv[2]})
"""
FIND = """
import site, sys
from importlib.util import find_spec
site.addsitedir(sys.argv[1])
print(find_spec("involution").origin)
sys.path.insert(0, sys.argv[2])
sys.path_importer_cache.clear()
print(find_spec("involution").origin)
"""


def install(clone, folder, **environment):
    """Builds the wheel of an editable install of `clone`, and unpacks it into `folder`."""
    command = [sys.executable, "-c", BUILD, folder, headers()]
    environment = {**os.environ, **environment}
    subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def libraries(clone):
    found = clone.joinpath("involution", "ops", "native").glob("*involution_native.*")
    return [path.read_bytes() for path in found]


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "clone"
    folder.mkdir()
    return copy_clone(folder)


@pytest.fixture
def packages(tmp_path):
    folder = tmp_path / "packages"
    folder.mkdir()
    return folder


@pytest.mark.skipif(not has_compiler(), reason="no C++ compiler")
def test_the_library_is_in_the_clone(clone, packages):
    install(clone, packages, INVOLUTION_REQUIRE_NATIVE="1")
    (library,) = libraries(clone)
    assert b"involution_register" in library


def test_without_a_compiler_no_earlier_library_is_left(clone, packages):
    install(clone, packages, INVOLUTION_REQUIRE_NATIVE="0", CXX=str(clone / "missing"))
    assert libraries(clone) == []
    assert (packages / "involution.pth").exists()


def test_another_clone_that_is_first_on_the_path_is_what_is_imported(clone, packages, tmp_path):
    install(clone, packages, INVOLUTION_REQUIRE_NATIVE="0", CXX=str(clone / "missing"))
    other = tmp_path / "other"
    (other / "involution").mkdir(parents=True)
    (other / "involution" / "__init__.py").touch()
    command = [sys.executable, "-I", "-S", "-c", FIND, packages, other]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [Path(line).parents[1] for line in finished.stdout.splitlines()]
    assert found == [clone, other]
