"""The tutorial: its source runs, and the notebook that the site shows is made from it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import numpy as np
import pytest

from tests.bench.cifar import published

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SOURCE, NOTEBOOK = DOCS / "tutorial.py", DOCS / "tutorial.ipynb"
# Bytes. The site's largest page is to stay one that a phone loads.
MOST = 400_000


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook after an execution that takes single steps, with random images."""
    folder = tmp_path_factory.mktemp("tutorial")
    np.savez(folder / "cifar.npz", **published.arrays())
    done = subprocess.run(
        [sys.executable, DOCS / "execute.py", "--output", folder / "tutorial.ipynb"],
        cwd=folder,
        env={**os.environ, "TRAIN": "step", "CIFAR": str(folder / "cifar.npz")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return jupytext.read(folder / "tutorial.ipynb")


def cells(notebook):
    return [(cell.cell_type, cell.source, cell.metadata.get("tags")) for cell in notebook.cells]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def texts(notebook, kind="text/plain"):
    """What the cells print, and what they return as text of a kind."""
    return "\n".join(
        output["text"] if output.output_type == "stream" else output["data"].get(kind, "")
        for output in outputs(notebook)
    )


@pytest.mark.slow
def test_each_cell_runs_and_warns_of_nothing(executed):
    assert cells(executed) == cells(jupytext.read(SOURCE))
    assert all(cell.outputs is not None for cell in executed.cells if cell.cell_type == "code")
    assert [output for output in outputs(executed) if output.get("name") == "stderr"] == []


@pytest.mark.slow
def test_shapes_of_the_demonstrations(executed):
    shapes = re.findall(r"outputs \((.*)\) kernels \((.*)\)", texts(executed))
    assert shapes == [
        ("32, 256, 256, 3", "32, 256, 256, 5, 5, 1"),
        ("32, 128, 128, 3", "32, 128, 128, 5, 5, 1"),
        ("32, 256, 256, 3", "32, 256, 256, 5, 5, 1"),
        ("32, 128, 128, 16", "32, 128, 128, 5, 5, 4"),
    ]


@pytest.mark.slow
def test_parameters_are_those_of_the_example(executed):
    found = re.findall(r"(?m)^together +([\d,]+)$", texts(executed))
    assert found == ["319,178", "13,080", "268,948"]


@pytest.mark.slow
def test_generators_reach_as_far_as_they_say(executed):
    reach = dict(re.findall(r"(?m)^(a pixel|3x3 pixels|the image) +(\d+)$", texts(executed)))
    assert reach == {"a pixel": "1", "3x3 pixels": "9", "the image": "1024"}


def test_the_notebook_has_the_cells_of_its_source():
    assert cells(jupytext.read(NOTEBOOK)) == cells(jupytext.read(SOURCE)), (
        "`tox run -e tutorial` makes the notebook from its source"
    )


def test_the_notebook_is_executed_whole_and_small():
    code = [cell for cell in jupytext.read(NOTEBOOK).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, 1 + len(code)))
    assert NOTEBOOK.stat().st_size < MOST


def test_the_notebook_names_no_folder_of_the_machine_that_executed_it():
    shown = texts(jupytext.read(NOTEBOOK)) + texts(jupytext.read(NOTEBOOK), "text/markdown")
    assert re.findall(r"/(?:home|root|tmp|usr|work|Users)/\S*", shown) == []


def test_pictures_say_what_they_show():
    pictures = texts(jupytext.read(NOTEBOOK), "image/svg+xml")
    assert pictures.count("<svg") >= 10
    assert pictures.count("<svg") == pictures.count("<title") == pictures.count("<desc")
