"""Files that the suite writes beside its results files: they hold no run of their own."""

from collections.abc import Mapping
from pathlib import Path

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


def told_by_name(path: Path) -> str:
    """Say what a file is whose name leads to a results file.

    Args:
        path: any file.

    Returns:
        A few words; none for any other file.
    """
    if load.is_journal(path):
        written = load.results_of_journal(path)
        return f"the journal from which {shown_path(written)} was written" if written else ""
    if path.suffix in ENDINGS and (results := path.with_suffix(".json")).is_file():
        return ENDINGS[path.suffix].format(shown_path(results))
    return ""


def told_by_content(document: object) -> str:
    """Say what a file is that holds no run.

    Args:
        document: parsed JSON.

    Returns:
        A few words; none for a results file, and for any that is not of the suite.
    """
    keys = document.keys() if isinstance(document, Mapping) else frozenset()
    return next((words for names, words in CONTENTS.items() if names <= keys), "")
