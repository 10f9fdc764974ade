"""The page about the files is what their declaration makes."""

from pathlib import Path

from reports.profiling.documentation import FILE, page

ROOT = Path(__file__).parents[3]


def test_the_page_is_what_the_declaration_makes():
    written = (ROOT / FILE).read_text(encoding="utf-8")
    assert written == page(), "`python -m reports.profiling.documentation` writes it again"
