"""No encoding of a terminal, name of a file or reader that is gone ends in a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROCESSOR = "龙芯 3A6000"
FORMS = ("html", "md", "csv")


@pytest.fixture
def results(builder, write):
    document = builder.document(builder.sweep("stride", [1]))
    document["machine_info"]["cpu"]["brand_raw"] = PROCESSOR
    return write(document)


def report(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "reports", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("encoding", "form"), [*(("ascii", form) for form in FORMS), ("cp1252", "md"), ("gbk", "md")]
)
def test_any_terminal_shows_any_format(results, encoding, form):
    process = report(results, "--format", form, "-o", "-", PYTHONIOENCODING=encoding)
    assert (process.returncode, process.stderr) == (0, b"")
    if form == "html":
        assert PROCESSOR in process.stdout.decode("utf-8")
    if form == "md":
        expected = {"ascii": r"\u9f99\u82af", "cp1252": r"\u9f99\u82af"}.get(encoding, "龙芯")
        assert f"{expected} 3A6000" in process.stdout.decode(encoding)


def test_messages_fit_into_any_terminal(results, tmp_path):
    page = tmp_path / "龙芯.html"
    process = report(results, "none-龙.json", "-o", page, PYTHONIOENCODING="ascii:strict")
    assert process.returncode == 1
    assert process.stderr.startswith(rb"none-\u9f99.json: no such file")
    assert rb"\u9f99\u82af.html (" in process.stdout
    assert page.exists()


@pytest.mark.posix
@pytest.mark.parametrize("form", FORMS)
def test_a_name_that_is_not_utf_8(results, tmp_path, form):
    names = [os.fsencode(tmp_path) + name for name in (b"/mess\xfcng.json", b"/mess\xe4ng.json")]
    for name in names:
        Path(os.fsdecode(name)).write_bytes(results.read_bytes())
    page = os.fsencode(tmp_path) + b"/p\xe4ge"
    process = report(*names, tmp_path / "none\udcff", "--format", form, "-o", page)
    assert process.returncode == 1
    assert b"none\\xff: no such file" in process.stderr
    assert b"Traceback" not in process.stderr
    assert b"/p\\xe4ge (" in process.stdout
    text = Path(os.fsdecode(page)).read_text(encoding="utf-8")
    assert text.count("mess\\\\xfcng.json" if form == "md" else "mess\\xfcng.json") >= 1
    if form == "csv":
        assert text.count("mess\\xfcng.json") == text.count("mess\\xe4ng.json") == 8


@pytest.mark.posix
@pytest.mark.parametrize("form", FORMS)
def test_a_reader_that_is_gone(results, form):
    process = subprocess.Popen(
        [sys.executable, "-m", "reports", results, "--format", form, "-o", "-"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == b""
    assert process.wait() == 141


def test_a_reader_that_is_gone_costs_no_page(results, tmp_path):
    page = tmp_path / "page.html"
    process = subprocess.Popen(
        [sys.executable, "-m", "reports", results, "-o", page],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    process.stdout.close()
    process.wait()
    assert page.read_bytes().endswith(b"</html>")
