"""Files that the suite writes beside its results files: they hold no run of their own."""

import codecs
from collections.abc import Mapping
from pathlib import Path

from reports.sources.archive import is_archive
from reports.sources.files import shown_path
from reports.sweeps import load

# By keys at the top of a JSON file.
CONTENTS = {
    frozenset(("compared", "seconds")): "the state of a comparison, by which --resume goes on",
    frozenset(("revisions", "cases", "operators")): (
        "the verdicts of a comparison, whose runs are in its folder"
    ),
}
# By the ending of a file that has the name of a results file otherwise.
ENDINGS = {".log": "what was said while {} was measured", ".html": "a page of {}"}
JSON = ".json"
# How an object or a list begins, which is all that a JSON file of the suite holds.
BEGINNINGS = (b"{", b"[")
# Bytes of a file that are read to see how it begins.
FIRST = 64


def told_unparsed(path: Path) -> str:
    """Say what is no file of JSON, or one whose name leads to a results file.

    Args:
        path: any file or folder.

    Returns:
        A few words; none for any other file.
    """
    if path.is_dir():
        return "an archive" if is_archive(path) else "a folder, whose files are to be named"
    if load.is_journal(path):
        written = load.results_of_journal(path)
        return f"the journal from which {shown_path(written)} was written" if written else ""
    if path.suffix in ENDINGS and (results := path.with_suffix(JSON)).is_file():
        return ENDINGS[path.suffix].format(shown_path(results))
    return "" if path.suffix == JSON or _begins_as_json(path) else "no JSON, as results are"


def _begins_as_json(path: Path) -> bool:
    """Say whether a file may be JSON; one that cannot be read may be, too."""
    try:
        with path.open("rb") as file:
            first = file.read(FIRST)
    except OSError:  # whoever parses it is told why
        return True
    return first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(BEGINNINGS)


def told_by_content(document: object) -> str:
    """Say what a file is that holds no run.

    Args:
        document: parsed JSON.

    Returns:
        A few words; none for a results file, and for any that is not of the suite.
    """
    keys = document.keys() if isinstance(document, Mapping) else frozenset()
    return next((words for names, words in CONTENTS.items() if names <= keys), "")
