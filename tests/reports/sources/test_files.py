"""Strings from files: what harms is replaced, what belongs to a spelling stays."""

import pytest

from reports.sources.files import showable_string, shown_path

LOST = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "word",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\u0915\u094d\u200d\u0937",  # Hindi, with a joiner
        "\U0001f469\u200d\U0001f4bb",  # a woman at a computer: two emoji and a joiner
        "\u2764\ufe0f",
        "a\u00adb",  # where a long word may be parted
        "\u200fabc",  # a mark of the direction of the letters next to it
    ],
)
def test_what_belongs_to_a_spelling_stays(word):
    assert showable_string(word) == shown_path(word) == word


@pytest.mark.parametrize(
    "letter", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\ufffe"]
)
def test_what_no_page_can_show_is_replaced(letter):
    shown = showable_string(f"a{letter}b")
    assert shown in (f"a{LOST}b", "a b")
    path = shown_path(f"a{letter}b")
    assert path.isprintable()
    assert path.startswith("a\\")


def test_line_breaks_become_spaces():
    assert showable_string("a\nb\tc\u2028d") == "a b c d"
