"""Upgrade of records of format 1 to format 2."""

from collections.abc import Mapping

from reports.sweeps.record import Record

# Format 1 measured whole models in one sweep, by the rule of the RedNet paper alone.
SWEEP_OF_MODELS = "models"
# Format 1 did not say which record is the baseline. It was dense convolution by Keras; grouped
# convolution by TensorFlow's own kernel competed against it, with one group too.
BASELINE_OPERATOR = "convolution"
RIVAL_IMPLEMENTATION = "tensorflow"

WARNING = (
    "Written in format 1: its baseline is taken to be dense convolution by Keras, and of whole "
    "models it has no MACs, only operations by the published rule; measure again for both."
)


def from_format_1(record: Mapping[str, object], *, is_measured: bool) -> dict[str, object]:
    """Turn a record of format 1 into one of format 2.

    Args:
        record: as the file holds it; a wrong value is kept, and found by the check that follows.
        is_measured: false for an entry of `unmeasured`, of which format 1 asked for the case
            and the reason alone.

    Returns:
        A record with the keys of format 2.

    Example:
        >>> old = {"operator": "convolution", "implementation": "keras", "groups": 1}
        >>> from_format_1(old, is_measured=True)["is_baseline"]
        True
    """
    renamed = {
        "counted_flops" if name == "profiler_flops" else name: value
        for name, value in record.items()
    }
    upgraded: dict[str, object] = {
        **({} if is_measured else dict.fromkeys(_optional())),
        "backend": "tensorflow",
        "label": "",
        "published_operations": None,
        **renamed,
        "is_baseline": _is_baseline(record),
    }
    if record.get("sweep") == SWEEP_OF_MODELS and "macs" in record:
        upgraded |= {"published_operations": record["macs"], "macs": None, "flops": None}
    return upgraded


def _is_baseline(record: Mapping[str, object]) -> bool:
    return (
        record.get("operator") == BASELINE_OPERATOR
        and record.get("groups") == 1
        and record.get("implementation") != RIVAL_IMPLEMENTATION
    )


def _optional() -> list[str]:
    """Name the keys that may be null."""
    return [
        name
        for name, field in Record.model_fields.items()
        if type(None) in getattr(field.annotation, "__args__", ())
    ]
