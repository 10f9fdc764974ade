"""The rows of a run, without a folder."""

from reports.archive.table import NamedRun, tables
from reports.sweeps.load import from_document


def rows_of(document):
    """What the archive keeps of a results file: one dictionary per record."""
    (found,) = tables([NamedRun(from_document(document, "a run"), "abc", "bench.json")])
    return found.to_pylist()
