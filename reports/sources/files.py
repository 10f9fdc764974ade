"""Files to checked content: every way in which reading can fail becomes a reason."""

import json
import os
import unicodedata
from pathlib import Path

# They change the order in which all that follows is shown: a name could look like another.
BIDI_CONTROLS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


class UnreadableError(ValueError):
    """A file or folder that holds no results of this project; the message says why."""


def read_json(path: Path, hint: str) -> object:
    """Parse a JSON file.

    Args:
        path: the file.
        hint: how such a file is made, for the reader who has none.

    Returns:
        Its content.

    Raises:
        UnreadableError: if it cannot be read or is no JSON.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableError(f"no such file; {hint}") from None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"not JSON: not UTF-8 text at byte {error.start}") from None
    except OSError as error:
        # Windows tells of a folder as of a lack of permission.
        if os.path.isdir(path):  # noqa: PTH112 - it never raises
            raise UnreadableError("a folder; expected a JSON file of results") from None
        raise UnreadableError(f"cannot be read: {error.strerror}") from None
    if not text.strip():
        raise UnreadableError("empty; the run that wrote it may have been stopped")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        end = ", the end of the file: it is cut short" if error.pos >= len(text.rstrip()) else ""
        raise UnreadableError(f"not JSON: {error.msg} at {where}{end}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON that can be read: {error}") from None


def showable(value: object) -> object:
    """Replace what no page, figure or terminal can show: control characters, surrogates.

    Args:
        value: parsed JSON.

    Raises:
        UnreadableError: if it is nested too deeply.
    """
    try:
        return _plain(value)
    except RecursionError:
        raise UnreadableError("nested too deeply for results of this project") from None


def showable_string(text: str) -> str:
    """Replace the characters of a string that no page, figure or terminal can show.

    Args:
        text: any string.

    Returns:
        The string with a space for each line break or tab, and a replacement character for
        each control character or surrogate. Joiners, which spell words and emoji, stay.

    Example:
        >>> showable_string("red" + chr(27) + chr(10) + "line")
        'red\N{REPLACEMENT CHARACTER} line'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return showable_string(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return value


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    if unicodedata.category(letter) == "Cf":
        is_harmless = unicodedata.bidirectional(letter) not in BIDI_CONTROLS
        return letter if is_harmless else "\N{REPLACEMENT CHARACTER}"
    return " " if letter.isspace() else "\N{REPLACEMENT CHARACTER}"


def shown_path(path: str | Path) -> str:
    r"""Write a path as any page, file and terminal can hold it; two paths stay two.

    Args:
        path: any path. Its name may have bytes that are not UTF-8, which Python has as surrogates.

    Returns:
        The path with an escape for each such byte and each control character.

    Example:
        >>> shown_path("a b"), shown_path("mess" + chr(0xDCFC) + "ng" + chr(10))
        ('a b', 'mess\\xfcng\\n')
    """
    return "".join(map(_escaped, str(path)))


def _escaped(letter: str) -> str:
    if 0xDC80 <= ord(letter) <= 0xDCFF:  # a byte, as os.fsdecode writes it
        return f"\\x{ord(letter) - 0xDC00:02x}"
    if letter == " " or _shown(letter) == letter:
        return letter
    return letter.encode("unicode_escape").decode("ascii")
