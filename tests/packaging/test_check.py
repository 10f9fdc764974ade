"""The check of what is published finds what must not be there, and what must."""

import io
import tarfile
import zipfile

import pytest

from tests.packaging import check

CODE = sorted(check._modules())
WEIGHTS = sorted(check._weights())
INFO = "involution-1.0.dist-info"
WHEEL = [*CODE, *WEIGHTS, "involution/py.typed", f"{INFO}/METADATA", f"{INFO}/licenses/LICENSE"]
LIBRARY = "involution/ops/native/libinvolution_native.so"
SOURCE = [
    *CODE,
    *WEIGHTS,
    *(path.relative_to(check.ROOT).as_posix() for path in check.ROOT.glob("involution/**/cpp/*")),
    *("CHANGELOG.md", "CMakeLists.txt", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO"),
    *("cmake/compiler.cmake", "tests/native/shapes.cc"),
]


def test_a_wheel_of_the_operator_alone_is_as_it_should_be():
    assert check.faults_of_wheel(WHEEL, is_native=False) == []
    assert check.faults_of_wheel([*WHEEL, LIBRARY], is_native=True) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("bench/__init__.py", "has bench"),
        ("tests/test_x.py", "has tests"),
        ("results/bench.json", "has results"),
        ("involution/ops/native/cpp/kernels.cc", "has a source: involution/ops/native/cpp/"),
        (LIBRARY, "expected 0 native library"),
    ],
)
def test_what_a_wheel_must_not_have_is_named(name, fault):
    [found] = check.faults_of_wheel([*WHEEL, name], is_native=False)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    "name", [CODE[-1], WEIGHTS[0], "involution/py.typed", f"{INFO}/licenses/LICENSE"]
)
def test_what_a_wheel_lacks_is_named(name):
    [found] = check.faults_of_wheel([each for each in WHEEL if each != name], is_native=False)
    assert found == ("lacks the licence" if "LICENSE" in name else f"lacks {name}")


def test_a_source_distribution_of_what_is_built_is_as_it_should_be():
    assert check.faults_of_source(SOURCE) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [("docs/ci.md", "has docs"), ("bench/cases.py", "has bench"), (LIBRARY, "has a library")],
)
def test_what_a_source_distribution_must_not_have_is_named(name, fault):
    [found] = check.faults_of_source([*SOURCE, name])
    assert found.startswith(fault)


@pytest.mark.parametrize("name", ["involution/ops/native/cpp/kernels.cc", WEIGHTS[0]])
def test_what_a_source_distribution_lacks_is_named(name):
    assert check.faults_of_source([each for each in SOURCE if each != name]) == [f"lacks {name}"]


def test_the_command_says_what_is_wrong_with_which_file(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "involution-1.0-py3-none-any.whl", "w") as archive:
        for name in [*WHEEL, "bench/cases.py"]:
            archive.writestr(name, "")
    with tarfile.open(tmp_path / "involution-1.0.tar.gz", "w:gz") as archive:
        for name in SOURCE[1:]:
            archive.addfile(tarfile.TarInfo(f"involution-1.0/{name}"), io.BytesIO())
    assert check.main(tmp_path) == 1
    assert capsys.readouterr().err.splitlines() == [
        "involution-1.0-py3-none-any.whl: has bench",
        f"involution-1.0.tar.gz: lacks {SOURCE[0]}",
    ]


def test_a_folder_without_both_is_refused(tmp_path, capsys):
    assert check.main(tmp_path) == 1
    assert "expected a wheel and a source distribution" in capsys.readouterr().err
