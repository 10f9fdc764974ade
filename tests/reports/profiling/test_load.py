"""Folders of traces: what is read, and what is refused with which reason."""

from pathlib import Path

import pytest

from reports.profiling.load import read
from reports.profiling.record import (
    ModelSubject,
    OperationTime,
    OperatorSubject,
    Trace,
    TracesMarker,
)
from reports.sources.files import UnreadableError
from reports.sources.validation import checked, documentation
from tests.reports.profiling.traces import CONVOLUTION, INVOLUTION, write


def without(document, key):
    return {name: value for name, value in document.items() if name != key}


def test_traces_of_a_folder(tmp_path):
    folder = read(write(tmp_path / "profile", INVOLUTION, CONVOLUTION))
    first, second = folder.content
    assert (first.run, second.run) == ("involution-fused-forward", "convolution-forward")
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
        (without(CONVOLUTION, "step_seconds"), "step_seconds: missing, expected a list of"),
        ({**CONVOLUTION, "step_seconds": []}, "step_seconds"),
        ({**CONVOLUTION, "part_seconds": {"core": -1}}, "part_seconds"),
        ({**CONVOLUTION, "generation_share": 1.5}, "generation_share: expected a number from 0"),
        ({**CONVOLUTION, "device": "TPU"}, "device: expected one of CPU, GPU. Received: 'TPU'"),
        ({**CONVOLUTION, "operations": None}, "operations: expected a list"),
        (
            {**CONVOLUTION, "operations": [{"name": "a"}]},
            "operations[0].seconds: missing, expected a number of seconds",
        ),
        (
            {**CONVOLUTION, "subject": {"kind": "operator"}},
            "subject.operator: missing, expected a string",
        ),
        ({**CONVOLUTION, "subject": {}}, "expected an object whose kind is operator or model"),
        (
            {**CONVOLUTION, "subject": {"kind": "model"}},
            "subject.model: missing, expected a string",
        ),
    ],
)
def test_an_invalid_trace_stops_no_other(tmp_path, document, reason):
    folder = read(write(tmp_path / "profile", INVOLUTION, document))
    assert [trace.run for trace in folder.content] == ["involution-fused-forward"]
    ((path, why),) = folder.problems
    assert Path(path).parts[-2:] == ("run-1", "numbers.json")
    assert reason in why


def test_a_folder_without_a_valid_trace(tmp_path):
    with pytest.raises(UnreadableError, match=r"holds no trace with numbers.*bench\.profiling"):
        read(write(tmp_path / "profile", "{}"))


@pytest.mark.parametrize(
    "schema", [Trace, OperationTime, OperatorSubject, ModelSubject, TracesMarker]
)
def test_each_key_is_documented(schema):
    lines = documentation(schema).splitlines()[2:]
    assert len(lines) == len(schema.model_fields)
    for name, line in zip(schema.model_fields, lines, strict=True):
        key, expected, _, meaning = (cell.strip() for cell in line.strip("|").split(" | "))
        assert key == f"`{name}`"
        assert expected
        assert meaning.endswith(".")


def test_what_is_written_is_read(tmp_path):
    trace = checked(Trace, INVOLUTION)
    assert checked(Trace, trace.model_dump(mode="json")) == trace
    assert read(write(tmp_path / "profile", INVOLUTION)).content == [trace]
