"""The wheel, built and installed into an environment of its own, is all that the layer needs."""

import email
import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("involution", "bench", "reports", "tests")
USE = """
import importlib, json, sys
import involution, numpy
for name in sys.argv[1:]:
    importlib.import_module(name)
outputs = involution.Involution2D(kernel_size=3, groups=2)(numpy.ones((1, 5, 6, 8), "float32"))
print(json.dumps([involution.__file__, list(outputs.shape)]))
"""


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """The wheel and the source distribution, built from a copy, which leaves the clone as it is."""
    copy = tmp_path_factory.mktemp("clone")
    for path in ROOT.iterdir():
        if path.name in SOURCES:
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy(path, copy)
    # Without isolation: what it builds with is in this environment, and no network is needed.
    command = [sys.executable, "-m", "build", "--no-isolation"]
    finished = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (wheel,) = copy.glob("dist/*.whl")
    (source,) = copy.glob("dist/*.tar.gz")
    return wheel, source


@pytest.fixture(scope="module")
def contents(distributions):
    """The files in the wheel, by name."""
    with zipfile.ZipFile(distributions[0]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def metadata(contents):
    (name,) = [name for name in contents if name.endswith(".dist-info/METADATA")]
    return email.message_from_bytes(contents[name])


@pytest.fixture(scope="module")
def installed(distributions, tmp_path_factory):
    """The Python of an environment that has the wheel, and TensorFlow from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    paths = sysconfig.get_paths("venv", vars=scheme)
    python = Path(paths["scripts"], Path(sys.executable).name)
    command = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, distributions[0]], check=True)
    # A folder that a .pth file names comes after the environment's own packages, and its own .pth
    # files, one of which may lead to the clone, are not read.
    folders = {
        str(Path(find_spec(name).origin).parents[1]) for name in ("tensorflow", "keras", "numpy")
    }
    Path(paths["purelib"], "outer.pth").write_text("\n".join(sorted(folders)))
    return python


def test_the_wheel_holds_the_operator_alone(contents):
    roots = {name.split("/")[0] for name in contents}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"involution"}


def test_no_module_is_left_out(contents):
    expected = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("involution/**/*.py")}
    assert {name for name in contents if name.endswith(".py")} == expected


def test_the_wheel_is_marked_as_typed(contents):
    assert "involution/py.typed" in contents


def test_the_source_distribution_builds_the_same(distributions, contents):
    with tarfile.open(distributions[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in contents if name.startswith("involution/")} <= names
    assert {"LICENSE", "README.md", "pyproject.toml"} <= names


def test_metadata_names_licence_authors_and_addresses(metadata, contents):
    assert metadata["License-Expression"] == "Apache-2.0"
    licence = (ROOT / "LICENSE").read_bytes()
    assert licence in [text for name, text in contents.items() if name.endswith("/LICENSE")]
    assert metadata["Author"]
    addresses = [line.split(", ")[1] for line in metadata.get_all("Project-URL")]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)


def test_the_wheel_asks_for_tensorflow_and_keras_alone(metadata):
    needed = {line.split(">=")[0] for line in metadata.get_all("Requires-Dist")}
    assert needed == {"tensorflow", "keras"}
    assert metadata.get_all("Provides-Extra") is None


def test_every_module_imports_and_the_layer_computes(installed, contents, tmp_path):
    modules = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in contents
        if name.endswith(".py")
    ]
    assert "involution.layers" in modules
    finished = subprocess.run(
        [installed, "-I", "-c", USE, *modules],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    file, shape = json.loads(finished.stdout.splitlines()[-1])
    assert Path(file).is_relative_to(installed.parents[1])
    assert shape == [1, 5, 6, 8]
