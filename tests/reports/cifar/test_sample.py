"""The real study in docs: valid, small, and of the numbers that the README tells."""

from pathlib import Path

import pytest

from reports.cifar.load import read
from reports.cifar.statistics import differences, is_as_published, summaries
from reports.cifar.view import show

SAMPLE = Path(__file__).parents[3] / "docs" / "cifar"
README = SAMPLE.parents[1] / "README.md"


@pytest.fixture(scope="module")
def folder():
    return read(SAMPLE)


def test_the_sample_is_valid_and_small(folder):
    assert folder.problems == []
    assert {(run.state, run.epochs) for run in folder.content.runs} == {("finished", 20)}
    assert len(folder.content.runs) == 6
    assert is_as_published(folder.content)
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < 1e6
    assert not [path for path in files if path.suffix == ".keras"]


def test_the_cnn_learns_as_the_tutorials_does(folder):
    cnn, inn = summaries(folder.content)
    assert (cnn.parameters, inn.parameters) == (319_178, 13_080)
    assert all(0.66 < value < 0.76 for value in cnn.accuracy.values)
    assert all(0.80 < value < 0.92 for value in cnn.training_accuracy.values)


def test_the_readme_tells_its_numbers(folder):
    (found,) = differences(summaries(folder.content))
    text = README.read_text(encoding="utf-8")
    for summary in (found.baseline, found.model):
        low, high = min(summary.accuracy.values), max(summary.accuracy.values)
        assert f"{low:.3f} to {high:.3f}" in text


def test_the_sample_says_that_its_images_are_a_compressed_copy(folder):
    assert any("blocks of JPEG" in warning for warning in show([folder])[0].warnings)


def test_a_study_of_format_1_says_what_its_parameters_are(folder):
    assert folder.content.record.format == 1
    assert (
        show([folder])[0].warnings.count(
            "Written in format 1: parameters include non-trainable ones. "
            "Train into another folder to count trainable ones alone."
        )
        == 1
    )
