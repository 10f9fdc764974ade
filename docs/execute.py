"""Execute the tutorial: `python docs/execute.py` writes `docs/tutorial.ipynb` from its source.

The source is `docs/tutorial.py`, a notebook in the percent format of Jupytext. The notebook is that
source with its outputs, which the site shows.
"""

import argparse
import os
from pathlib import Path

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode

DOCS = Path(__file__).parent
SOURCE = DOCS / "tutorial.py"
NOTEBOOK = DOCS / "tutorial.ipynb"


def executed(source: Path) -> NotebookNode:
    """Execute a notebook in the folder of the documentation, in a process of its own.

    Args:
        source: in any format that Jupytext reads.

    Returns:
        The notebook with its outputs, and nothing that differs between two executions but these.
    """
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # otherwise random
    # The clone comes before what is installed: the tutorial is about this tree.
    folders = [str(DOCS.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    client = NotebookClient(
        notebook,
        timeout=None,
        record_timing=False,
        resources={"metadata": {"path": str(DOCS)}},
        extra_arguments=["--log-level=ERROR"],  # not how the kernel is connected
    )
    client.execute(env=environment)
    # What the kernel says of itself is the machine's, not the notebook's.
    notebook.metadata.pop("language_info", None)
    return notebook


def main() -> None:
    """Execute the tutorial and write the notebook."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "-o", "--output", type=Path, default=NOTEBOOK, help="default: docs/tutorial.ipynb"
    )
    output: Path = parser.parse_args().output
    jupytext.write(executed(SOURCE), output)
    print(f"{output} ({output.stat().st_size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
