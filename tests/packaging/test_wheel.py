"""The wheel, built and installed into an environment of its own, is all that the layer needs.

Each test runs twice: for the wheel of this platform, and for the one built without a compiler.
"""

import email
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from involution.models import tutorial_inn
from tests.packaging import check
from tests.packaging.clone import ROOT, copy_clone, has_compiler, headers

pytestmark = [pytest.mark.posix, pytest.mark.slow]  # as those of an editable install

LIBRARY = "involution_native."  # in the library's name on each platform
SMOKE = Path(__file__).with_name("smoke.py")
USE = """
import importlib, json, sys
import involution, numpy
for name in sys.argv[1:]:
    importlib.import_module(name)
outputs = involution.Involution2D(kernel_size=3, groups=2)(numpy.ones((1, 5, 6, 8), "float32"))

def refuse(event, arguments):
    if event == "pickle.find_class":
        raise AssertionError(f"unpickled {arguments}")

sys.addaudithook(refuse)
from involution.models import tutorial_inn
logits = tutorial_inn(weights="cifar10")(numpy.ones((1, 32, 32, 3), "float32"))
print(json.dumps([involution.__file__, list(outputs.shape), numpy.asarray(logits).tolist()]))
"""


@pytest.fixture(scope="module", params=[True, False], ids=["native", "pure"])
def native(request):
    if request.param and not has_compiler():
        pytest.skip("no C++ compiler")
    return request.param


@pytest.fixture(scope="module")
def clone(native, tmp_path_factory):
    return copy_clone(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def log(clone, native):
    """What the build of the source distribution, and of the wheel from it, said."""
    # Without isolation: what it builds with is in this environment, and no network is needed.
    define = f"-Ccmake.define.XLA_FFI_INCLUDE_DIR={headers()}"
    command = [sys.executable, "-m", "build", "--no-isolation", "--skip-dependency-check", define]
    required = {"INVOLUTION_REQUIRE_NATIVE": "1"} if native else {"CXX": str(clone / "missing")}
    finished = subprocess.run(
        command,
        cwd=clone,
        env={**os.environ, "INVOLUTION_REQUIRE_NATIVE": "0", **required},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


@pytest.fixture(scope="module")
def distributions(log, clone):
    (wheel,) = clone.glob("dist/*.whl")
    (source,) = clone.glob("dist/*.tar.gz")
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


def test_what_was_built_passes_the_check_of_a_release(distributions):
    assert [check.faults_of(path) for path in distributions] == [[], []]


def test_no_module_is_left_out(contents):
    expected = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("involution/**/*.py")}
    assert {name for name in contents if name.endswith(".py")} == expected


def test_the_wheel_of_a_platform_serves_every_python(distributions, native):
    interpreter, abi, platform = distributions[0].stem.split("-")[2:]
    assert (interpreter, abi) == ("py3", "none")
    assert (platform != "any") == native


def test_the_library_of_this_build_is_in_the_wheel_and_its_sources_are_not(contents, native):
    files = {name for name in contents if name.startswith("involution/")}
    weights = {name for name in files if name.startswith("involution/models/weights/")}
    assert {name for name in files - weights if not name.endswith((".py", "/py.typed"))} == {
        name for name in contents if LIBRARY in name and native
    }
    assert b"of an earlier install" not in contents.values()


def test_the_trained_weights_are_in_the_wheel_and_as_they_were_committed(contents):
    folder = ROOT / "involution" / "models" / "weights"
    committed = {path.name: path.read_bytes() for path in folder.iterdir()}
    packed = {
        name.rpartition("/")[2]: content
        for name, content in contents.items()
        if name.startswith("involution/models/weights/")
    }
    assert packed == committed
    assert "index.json" in packed
    assert sum(name.endswith(".weights.h5") for name in packed) == 3


def test_a_build_without_a_compiler_says_so(log, native):
    assert ("without its native kernels" in log) != native


def test_the_library_loads_and_registers(installed, native):
    finished = subprocess.run([installed, "-I", SMOKE], capture_output=True, text=True, check=False)
    assert (finished.returncode == 0) == native, finished.stderr


def test_the_wheel_is_marked_as_typed(contents):
    assert "involution/py.typed" in contents


def test_the_source_distribution_builds_the_same(distributions, contents):
    with tarfile.open(distributions[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    files = {name for name in contents if name.startswith("involution/")}
    assert {name for name in files if LIBRARY not in name} <= names
    assert not {name for name in names if LIBRARY in name}
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


def test_modules_import_the_layer_computes_and_weights_are_loaded(installed, contents, tmp_path):
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
    file, shape, logits = json.loads(finished.stdout.splitlines()[-1])
    assert Path(file).is_relative_to(installed.parents[1])
    assert shape == [1, 5, 6, 8]
    expected = tutorial_inn(weights="cifar10")(np.ones((1, 32, 32, 3), "float32"))
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)
