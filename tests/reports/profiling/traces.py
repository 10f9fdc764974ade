"""A folder of traces with planted numbers."""

import json
from pathlib import Path
from typing import Any

from reports.profiling.record import FORMAT, MARKER, NUMBERS, OperationTime, Trace

MACHINE = {"node": "lab-1", "cpu": {"brand_raw": "Example CPU 2.0"}, "cores": 2}
CASE = {
    "batch": 8,
    "height": 32,
    "width": 32,
    "channels": 64,
    "kernel_size": 7,
    "strides": 1,
    "groups": 4,
    "dtype": "float32",
}


def operator(name: str, implementation: str, direction: str = "forward") -> dict[str, Any]:
    """What was traced: an operator on the case."""
    return {
        "kind": "operator",
        "operator": name,
        "implementation": implementation,
        "executor": "graph",
        "direction": direction,
        **CASE,
    }


def model(name: str) -> dict[str, Any]:
    """What was traced: a training step of a model."""
    return {"kind": "model", "model": name, "direction": "training", "batch": 256}


def numbers(run: str, subject: dict[str, Any], parts: dict[str, float], **changes: Any) -> Any:
    """The numbers of a run whose parts take these seconds; `changes` need not be valid."""
    step = sum(parts.values())
    operations = [
        OperationTime(name=f"a/{part}", kind="Mul", part=part, occurrences=2, seconds=seconds)
        for part, seconds in parts.items()
    ]
    trace = Trace(
        format=FORMAT,
        run=run,
        datetime="2026-01-02T03:04:05+00:00",
        machine_info=MACHINE,
        commit_info={"id": "0123456789abcdef"},
        subject=subject,
        device="CPU",
        step_seconds=[0.9 * step, 1.1 * step],
        part_seconds=parts,
        generation_share=None,
        peak_memory_bytes=2**20,
        peak_memory_source="mklcpu",
        operations=operations,
        notes=[],
    )
    return {**trace.model_dump(mode="json"), **changes}


def write(folder: Path, *documents: Any) -> Path:
    """Write a folder of traces."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text('{"format": 1}')
    for number, document in enumerate(documents):
        (folder / f"run-{number}").mkdir()
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / f"run-{number}" / NUMBERS).write_text(text)
    return folder


INVOLUTION = numbers(
    "involution-fused-forward",
    operator("involution", "fused"),
    {"kernel generation": 0.003, "core": 0.001, "dispatch": 0.0005, "other": 0.0001},
    generation_share=0.75,
)
CONVOLUTION = numbers(
    "convolution-forward",
    operator("convolution", "keras"),
    {"convolution": 0.01, "dispatch": 0.0005, "other": 0.0},
)
