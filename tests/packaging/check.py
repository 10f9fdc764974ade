"""Checks what was built before it is published: `python tests/packaging/check.py FOLDER`.

It looks into each wheel and source distribution of the folder, and installs each wheel alone. It
needs the standard library alone, so that it runs wherever the package is built.
"""

import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SMOKE = Path(__file__).with_name("smoke.py")
LIBRARY = "involution_native."  # in the library's name on each platform
SOURCES = (".cc", ".h", ".cmake", "CMakeLists.txt")
# Of the folders of a clone, those that a source distribution may have: what is built from.
BUILT_FROM = {"cmake", "involution", "tests"}


def main(folder):
    """Print what is wrong, and return the exit status."""
    built = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    kinds = [path.suffix for path in built]
    faults = [] if {".whl", ".gz"} <= {*kinds} else ["expected a wheel and a source distribution"]
    for path in built:
        found = faults_of(path) or (faults_when_installed(path) if path.suffix == ".whl" else [])
        faults += [f"{path.name}: {fault}" for fault in found]
        print(f"{path.name}: {'refused' if found else 'as it should be'}")
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


def faults_of(path):
    """Return what is wrong with the contents of a wheel or a source distribution."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            return faults_of_wheel(archive.namelist(), is_native=not path.stem.endswith("-any"))
    with tarfile.open(path) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        return faults_of_source([member.name.partition("/")[2] for member in members])


def faults_of_wheel(names, *, is_native):
    """Return what is wrong with the names of the files in a wheel."""
    info = {root for root in map(_root, names) if root.endswith(".dist-info")}
    faults = [f"has {root}" for root in sorted({*map(_root, names)} - info - {"involution"})]
    faults += [f"has a source: {name}" for name in names if name.endswith(SOURCES)]
    needed = {*_modules(), *_weights(), "involution/py.typed"}
    faults += [f"lacks {name}" for name in sorted(needed - {*names})]
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        faults.append("lacks the licence")
    libraries = [name for name in names if LIBRARY in name]
    if len(libraries) != is_native:
        faults.append(f"expected {int(is_native)} native library. Received: {libraries}")
    return faults


def faults_of_source(names):
    """Return what is wrong with the names of the files in a source distribution."""
    folders = {_root(name) for name in names if "/" in name}
    faults = [f"has {root}" for root in sorted(folders - BUILT_FROM)]
    faults += [f"has a library that was built: {name}" for name in names if LIBRARY in name]
    native = ROOT / "involution" / "ops" / "native" / "cpp"
    needed = {
        *_modules(),
        *_weights(),
        *(path.relative_to(ROOT).as_posix() for path in native.iterdir() if path.is_file()),
        *("CHANGELOG.md", "CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml"),
    }
    return faults + [f"lacks {name}" for name in sorted(needed - {*names})]


def faults_when_installed(wheel):
    """Install a wheel alone into a new environment, and return what is wrong with it there."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        paths = sysconfig.get_paths("venv", vars={"base": folder, "platbase": folder})
        python = Path(paths["scripts"], Path(sys.executable).name)
        command = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
        faults = _failed(command)
        if faults or wheel.stem.endswith("-any"):
            return faults
        return _failed([python, "-I", SMOKE])


def _failed(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [(done.stderr or done.stdout).strip()] if done.returncode else []


def _modules():
    return _named("involution/**/*.py")


def _weights():
    return _named("involution/models/weights/*")


def _named(pattern):
    return {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}


def _root(name):
    return name.split("/")[0]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
