"""A real study of the first format stays readable, and says what its parameters are."""

from pathlib import Path

from reports.cifar.load import read
from reports.cifar.statistics import summaries
from reports.cifar.view import show

STUDY = Path(__file__).parent / "golden" / "format-1"


def test_it_is_read_without_a_problem():
    folder = read(STUDY)
    assert folder.problems == []
    assert folder.content.record.format == 1
    assert [(each.model, each.parameters) for each in summaries(folder.content)] == [
        ("tutorial_cnn", 319_178),
        ("tutorial_inn", 13_080),
    ]


def test_it_says_what_its_parameters_are():
    words = (
        "Written in format 1: parameters include non-trainable ones. "
        "Train into another folder to count trainable ones alone."
    )
    assert show([read(STUDY)])[0].warnings.count(words) == 1
