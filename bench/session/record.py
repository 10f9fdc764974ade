"""The record of one benchmark, from what was planned, its costs and its measurement."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from bench.measure.measurement import Measurement
from bench.measure.whole_case import reason
from bench.session.plan import PlannedCase
from reports.sweeps.record import MeasuredRecord, Record


def identity(planned: PlannedCase) -> dict[str, Any]:
    """Return the keys of a record that say what is measured.

    Args:
        planned: what is measured.
    """
    operator, case = planned.operator, planned.case
    return {
        "sweep": planned.sweep.name,
        "axis": planned.sweep.axis,
        "axis_value": planned.value,
        "measurement": planned.measurement,
        "operator": operator.name,
        "implementation": operator.implementation,
        "backend": keras.config.backend(),
        "executor": operator.executor,
        "is_baseline": planned.is_baseline,
        "is_twin": operator.is_twin,
        "is_model": operator.is_model,
        **case.keys,
        "label": case.label,
    }


def known(planned: PlannedCase) -> dict[str, Any]:
    """Return the keys of a record that are known before the measurement.

    Args:
        planned: what is measured.

    Returns:
        The case, and the costs by formula.
    """
    costs = planned.operator.costs(planned.case)
    return {
        **identity(planned),
        "parameters": costs.parameters,
        "macs": costs.macs,
        "flops": costs.flops,
        "published_operations": costs.published_operations,
        "compulsory_bytes": costs.compulsory_bytes,
    }


def measured(known: Mapping[str, Any], measurement: Measurement) -> dict[str, Any]:
    """Return the record of a case that was measured, as it is in the results file.

    Args:
        known: what `known` returns for the case.
        measurement: the measurement, with one round or more.

    Returns:
        `extra_info` of the benchmark; the operator's rounds are in pytest-benchmark's own entry.

    Raises:
        ValidationError: if the measurement does not fit the schema.
    """
    plain = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(measurement).items()
        if name != "call"
    }
    values = {**plain, "rounds": len(measurement.seconds)}
    record = MeasuredRecord.model_validate({**known, **values})
    return record.model_dump(include=set(Record.model_fields))


def unmeasured(known: Mapping[str, Any], notes: Sequence[str]) -> dict[str, Any]:
    """Return the record of a case that could not be measured, as it is in the results file.

    Args:
        known: what `known` returns for the case, or `identity` alone.
        notes: the reasons.

    Returns:
        An entry of `unmeasured`; what a measurement would have given is null.
    """
    missing = dict.fromkeys(Record.model_fields)
    return Record.model_validate({**missing, **known, "notes": list(notes)}).model_dump()


def failed(known: Mapping[str, Any], error: BaseException) -> dict[str, Any]:
    """Return the record of a case that an error ended.

    Args:
        known: what `known` returns for the case, or `identity` alone.
        error: the error, with what was noted of the case before it.

    Returns:
        An entry of `unmeasured`.
    """
    before = getattr(error, "__notes__", ())
    return unmeasured(known, [*before, f"not measured: {reason(error)}"])
