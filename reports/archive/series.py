"""The series of a record: what makes records of several runs comparable, in one string."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from reports.sweeps.competition import of_case, whole_cases
from reports.sweeps.model.description import WHOLE, ModelDescription
from reports.sweeps.record import Record

# What says which operator the baseline of a case is.
BASELINE = ("operator", "implementation", "executor", "kernel_size")
# Letters of a model's digest.
TELLING = 12


def series(records: pd.DataFrame, models: Mapping[str, ModelDescription | None]) -> list[str]:
    """Name the series of each record.

    The number of parameters is part of it: sweeps of their own may call an operator as the others
    do that computes a part of it alone.

    Args:
        records: all records of some runs, measured or not, with the keys of a record and `file`.
        models: by `file`, the model whose layers were measured; None in a run of other cases.

    Returns:
        One string per record; equal in two runs for what was measured in the same way.
    """
    cases = whole_cases(records, pools_groups=True)
    baselines = of_case(records, cases, records["is_baseline"], BASELINE)
    rows = zip(_rows(records), _rows(baselines), strict=True)
    return [
        ", ".join(_parts(record, baseline, models[record["file"]])) for record, baseline in rows
    ]


def _rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = [str(name) for name in table]
    for values in zip(*(table[name].tolist() for name in table), strict=True):
        yield dict(zip(names, values, strict=True))


def _parts(
    record: Mapping[str, Any], baseline: Mapping[str, Any], model: ModelDescription | None
) -> Iterator[str]:
    yield f"{record['operator']} {record['implementation']}"
    if record["is_twin"]:
        yield "twin"
    yield f"{record['backend']} {record['executor']}"
    yield record["direction"]
    yield _case(record)
    if not pd.isna(record["parameters"]):
        yield f"{record['parameters']:.0f} parameters"
    if record["axis"] not in Record.model_fields:  # a sweep over a key of its own
        yield f"{record['axis']} {record['axis_value']}"
    if record["sweep"] == WHOLE and model is not None:
        yield f"model {model.name} {(model.digest or '')[:TELLING]}".rstrip()
    if record["cache"] == "cold":
        yield "cold caches"
    if not pd.isna(baseline["operator"]):
        yield (
            f"against {baseline['operator']} {baseline['implementation']} {baseline['executor']} "
            f"K{baseline['kernel_size']}"
        )


def _case(record: Mapping[str, Any]) -> str:
    """Write a geometry: sizes of the input, filters where they differ, and the window."""
    size = "x".join(str(record[name]) for name in ("batch", "height", "width", "channels"))
    filters = f"-{record['filters']}" if record["filters"] != record["channels"] else ""
    dilation = f" d{record['dilation_rate']}" if record["dilation_rate"] != 1 else ""
    padding = f" {record['padding']}" if record["padding"] != "same" else ""
    return (
        f"{size}{filters} K{record['kernel_size']} s{record['strides']}{dilation}{padding} "
        f"g{record['groups']} {record['dtype']}"
    )
