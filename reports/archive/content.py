"""What one file brings to an archive: a run, or why there is none."""

from dataclasses import dataclass
from pathlib import Path

from reports.archive import beside
from reports.archive.table import NamedRun, digest
from reports.sources.files import UnreadableError, shown_path
from reports.sweeps import load
from reports.sweeps.document import checked_document

PART_OF_A_PLAN = (
    "expected a whole run. Received: a part of a plan; `python -m reports merge` joins the parts"
)


@dataclass(frozen=True)
class Content:
    """What is in a file.

    Attributes:
        named: its run, None where it has none that an archive keeps.
        problems: why it, or a record of it, is left out.
        skipped: why nothing of it belongs into an archive; empty for a run.
    """

    named: NamedRun | None = None
    problems: tuple[str, ...] = ()
    skipped: str = ""


def read(path: Path) -> Content:
    """Read a results file: its run, if it has a valid record, and what was left out of it.

    Args:
        path: any file; one that cannot be read has a problem.
    """
    try:
        document = load.document_of(path)
        if skipped := beside.told_by_content(document):
            return Content(skipped=skipped)
        run = load.from_document(document, shown_path(path))
        problems = tuple(reason for _, reason in run.problems)
        if checked_document(document).shard is not None:
            # Its rounds would be there twice once the run that it is a part of is added.
            return Content(problems=(PART_OF_A_PLAN, *problems))
        if run.records.empty and run.unmeasured.empty:
            return Content(problems=problems)
        return Content(NamedRun(run, digest(document), shown_path(path.name)), problems)
    except UnreadableError as error:
        return Content(problems=(str(error),))
