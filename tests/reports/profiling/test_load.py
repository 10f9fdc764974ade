"""Folders of traces: what is read, and what is refused with which reason."""

from pathlib import Path

import pytest

from reports.profiling.load import read
from reports.sources.files import UnreadableError
from tests.reports.profiling.traces import CONVOLUTION, INVOLUTION, write


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


def test_runs_of_a_folder(tmp_path):
    folder = read(write(tmp_path / "profile", INVOLUTION, CONVOLUTION))
    first, second = folder.content
    assert (first.name, second.name) == ("involution-fused-forward", "convolution-forward")
    assert first.seconds == pytest.approx(0.0046)
    assert first.generation_share == 0.75
    assert second.operations[0].part == "convolution"
    assert folder.problems == []
    assert folder.label == "profile, Example CPU 2.0, 2 cores, 2026-01-02"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object"),
        ({**CONVOLUTION, "format": 2}, "expected format=1. Received: 2"),
        (without(CONVOLUTION, "step_seconds"), "step_seconds: expected a list of numbers"),
        ({**CONVOLUTION, "step_seconds": []}, "step_seconds"),
        ({**CONVOLUTION, "part_seconds": {"core": -1}}, "part_seconds"),
        ({**CONVOLUTION, "generation_share": 1.5}, "generation_share: expected a number from 0"),
        ({**CONVOLUTION, "operations": None}, "operations: expected a list"),
        ({**CONVOLUTION, "operations": [{"name": "a"}]}, "seconds: expected a number of seconds"),
        ({**CONVOLUTION, "subject": {"kind": "operator"}}, "operator: expected a text"),
        ({**CONVOLUTION, "subject": {"kind": "model"}}, "model: expected a text"),
    ],
)
def test_a_run_that_is_none_stops_no_other(tmp_path, document, reason):
    folder = read(write(tmp_path / "profile", INVOLUTION, document))
    assert [run.name for run in folder.content] == ["involution-fused-forward"]
    ((path, why),) = folder.problems
    assert Path(path).parts[-2:] == ("run-1", "numbers.json")
    assert reason in why


def test_a_folder_without_a_sound_run(tmp_path):
    with pytest.raises(UnreadableError, match=r"holds no trace with numbers.*bench\.profiling"):
        read(write(tmp_path / "profile", "{}"))
