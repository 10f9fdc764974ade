"""The parts of a plan, joined to one results file, as if one machine had measured all."""

from collections.abc import Sequence
from typing import Any

from reports.merging.parts import OF_A_SHARD, PlanPart
from reports.sweeps.document import spent_together


def joined(parts: Sequence[PlanPart]) -> dict[str, Any]:
    """Join the parts of a plan.

    Args:
        parts: of `parts.read`.

    Returns:
        The content of a results file with all cases in the order of the plan. The machine goes by
        the names of all; its peaks are those of the first part, its load before the run is the
        largest, and what the time was spent on is summed.
    """
    first, contents = parts[0], [part.content for part in parts]
    places = {fullname: place for place, fullname in enumerate(first.shard.plan)}
    benchmarks = [entry for content in contents for entry in content.benchmarks]
    suite = {key: value for key, value in first.document["suite"].items() if key != OF_A_SHARD}
    return {
        **first.document,
        "suite": suite,
        "shard": None,
        "machine_info": {**first.content.machine_info, **_names(parts)},
        "benchmarks": sorted(benchmarks, key=lambda entry: places[entry["fullname"]]),
        "unmeasured": [record for content in contents for record in content.unmeasured],
        "conditions": _conditions(parts),
        "spent": spent_together([part.content.spent for part in parts]),
        "datetime": max(content.datetime for content in contents),
    }


def _names(parts: Sequence[PlanPart]) -> dict[str, str]:
    """The names of all machines, each once."""
    names = [part.content.machine_info.get("node") for part in parts]
    known = dict.fromkeys(name for name in names if isinstance(name, str))
    return {"node": ", ".join(known)} if known else {}


def _conditions(parts: Sequence[PlanPart]) -> dict[str, float]:
    conditions = [part.content.conditions for part in parts]
    loads = [each["load"] for each in conditions if "load" in each]
    return {**conditions[0], **({"load": max(loads)} if loads else {})}
