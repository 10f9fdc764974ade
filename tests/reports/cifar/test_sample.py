"""The real study in docs: valid, small, and of the numbers that the pages tell."""

from pathlib import Path

import pytest

from reports.cifar.load import read
from reports.cifar.statistics import differences, is_as_published, summaries
from reports.cifar.view import show

DOCS = Path(__file__).parents[3] / "docs"
PARAMETERS = {
    "tutorial_cnn": 319_178,
    "tutorial_inn": 13_074,
    "tutorial_cnn_involution": 268_868,
    "tutorial_inn_wide": 317_898,
}


@pytest.fixture(scope="module")
def folder():
    return read(DOCS / "cifar")


@pytest.fixture(scope="module")
def found(folder):
    return {summary.model: summary for summary in summaries(folder.content)}


def test_the_sample_is_valid_and_small(folder):
    assert folder.problems == []
    assert {(run.state, run.epochs) for run in folder.content.runs} == {("finished", 20)}
    assert is_as_published(folder.content)
    files = [path for path in (DOCS / "cifar").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1e6
    assert not [path for path in files if path.suffix == ".keras"]


def test_it_has_three_seeds_of_each_model(found):
    assert {name: each.parameters for name, each in found.items()} == PARAMETERS
    assert {len(each.runs) for each in found.values()} == {3}


def test_the_cnn_learns_as_the_tutorials_does(found):
    assert all(0.66 < value < 0.76 for value in found["tutorial_cnn"].accuracy.values)
    assert all(0.80 < value < 0.92 for value in found["tutorial_cnn"].training_accuracy.values)


def test_the_readme_tells_its_numbers(found):
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    for name in ("tutorial_cnn", "tutorial_inn", "tutorial_cnn_involution"):
        accuracy = found[name].accuracy
        assert f"{accuracy.mean:.3f} (" in text, name
        assert f"{accuracy.low:.3f} to {accuracy.high:.3f}" in text, name


def test_the_page_about_training_has_a_line_for_each_model(found):
    text = (DOCS / "training.md").read_text(encoding="utf-8")
    compared = {each.model.model: each for each in differences(list(found.values()))}
    for name, summary in found.items():
        accuracy = summary.accuracy
        cells = [
            f"`{name}`",
            f"{summary.parameters:,}",
            f"{accuracy.mean:.3f} ({accuracy.low:.3f} to {accuracy.high:.3f})",
            f"{summary.training_accuracy.mean:.3f}",
            _difference(compared.get(name)),
        ]
        assert f"| {' | '.join(cells)} |" in text


def _difference(difference):
    if difference is None:
        return ""
    mean, low, high = difference.accuracy
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


def test_the_sample_says_that_its_images_are_a_compressed_copy(folder):
    assert any("blocks of JPEG" in warning for warning in show([folder])[0].warnings)
