"""The sources of the documentation site; `tox run -e docs` builds it and follows its links."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    path
    for pattern in ("*.md", "*.rst", "*.ipynb", "api/*", "commands/*")
    for path in DOCS.glob(pattern)
]
# The packages with a command line.
PROGRAMS = sorted(
    ".".join(path.parent.relative_to(ROOT).parts)
    for package in ("bench", "demo", "involution", "reports")
    for path in (ROOT / package).rglob("__main__.py")
)


@pytest.fixture
def tables(monkeypatch):
    monkeypatch.syspath_prepend(DOCS / "_extensions")
    return importlib.import_module("page_tables")


@pytest.fixture
def opening(monkeypatch):
    monkeypatch.syspath_prepend(DOCS / "_extensions")
    return importlib.import_module("report_opening").opening


@pytest.fixture
def described(monkeypatch):
    monkeypatch.syspath_prepend(DOCS / "_extensions")
    return importlib.import_module("svg_words").words


def entries(page):
    """The pages that the tables of contents of a page name."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        blocks = re.findall(r"(?s)```\{toctree\}\n(.*?)```", text)
    else:
        blocks = re.findall(r"(?m)^\.\. toctree::\n((?: +.*\n|\n)+)", text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith(":")]


def test_each_page_is_in_one_table_of_contents():
    pages = {page.relative_to(DOCS).with_suffix("").as_posix() for page in PAGES}
    named = [entry for page in PAGES for entry in entries(page)]
    assert sorted(name for name in named if name in pages) == sorted(pages - {"index"})


def test_each_program_has_a_page():
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("commands/*.rst"))
    assert PROGRAMS
    named = set(re.findall(r"(?m):prog: python -m ([\w.]+)$", pages))
    assert set(PROGRAMS) <= named


def test_examples_of_the_first_steps_run():
    text = (DOCS / "first-steps.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?s)```python\n(.*?)```", text)
    assert blocks
    for block in blocks:
        exec(compile(block, "first-steps.md", "exec"), {})


def test_bars_have_tables(tables):
    found = [
        options
        for page in DOCS.glob("*.md")
        for options in re.findall(r"(?s)```\{bars\} (\S+)\n(.*?)\n\n", page.read_text("utf-8"))
    ]
    assert found
    for source, text in found:
        options = dict(re.findall(r"(?m)^:(\w+): (.*)$", text))
        page = (DOCS / source).read_text(encoding="utf-8")
        table = tables.table(page, options["heading"], int(options.get("table", 1)))
        assert tables.drawn(table, [int(column) for column in options["columns"].split()])


def test_bars(tables):
    assert doctest.testmod(tables).failed == 0
    table = tables.PageTable(["case", "a", "b"], [["x & y", "1.2 to 2", "1"], ["z", "", "0.5"]])
    html = tables.drawn(table, [2, 3], reference=2.5)
    assert re.findall(r"--share:([\d.]+)%", html) == ["64.00", "32.00", "16.00"]
    assert "--line:80.00%" in html
    assert "x &amp; y" in html


@pytest.mark.parametrize(
    ("heading", "number", "columns", "message"),
    [
        ("Other", 1, [2], "expected a table 1 under the heading 'Other'. Received: 0 there"),
        ("Times", 2, [2], "expected a table 2 under the heading 'Times'. Received: 1 there"),
        ("Times", 1, [3], "expected columns from 2 to 2. Received: 3"),
        ("Words", 1, [2], "expected a number in each cell. Received: 'few'"),
    ],
)
def test_bars_refuse_what_is_not_there(tables, heading, number, columns, message):
    head = "| a | s |\n| - | - |\n"
    page = f"## Times\n\n{head}| b | 1 |\n\n## Words\n\n{head}| b | few |\n"
    with pytest.raises(ValueError, match=re.escape(message)):
        tables.drawn(tables.table(page, heading, number), columns)


def test_the_sample_has_an_opening(opening):
    parts = opening((DOCS / "sample" / "report.html").read_text(encoding="utf-8"))
    assert parts["title"].startswith('<p class="verdict">')
    assert parts["figure"].count("<svg") >= 2
    assert parts["lines"].count("<li>") == 3
    assert "<a" not in "".join(parts.values()).replace("<article", "")


def test_a_page_without_an_opening_is_refused(opening):
    with pytest.raises(ValueError, match=r"expected a report with .* Received: no title"):
        opening("<header><p>empty</p></header>")


def test_a_picture_is_described_by_its_own_words(described):
    namespace = 'xmlns="http://www.w3.org/2000/svg"'
    assert described(f"<svg {namespace}><title>A</title><desc>B &amp; c.</desc></svg>") == (
        "A. B & c."
    )
    assert described(f"<svg {namespace}><title>A</title></svg>") == "A."
