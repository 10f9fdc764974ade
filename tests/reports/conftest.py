"""A builder of synthetic runs with planted truths, and the comparison with golden files."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.kinds import Results
from reports.sweeps import load
from reports.sweeps.record import FORMAT, Record
from reports.sweeps.run import SweepRun
from tests.reports.cifar import studies
from tests.reports.synthetic import (
    AXES,
    AXES_OF_OTHERS,
    BASE,
    BASELINES,
    COMPETITORS,
    GROUPED,
    OWN_SIZES,
    Competitor,
    duration,
    macs,
    neutral,
    parameters,
)


class Builder:
    """Builds pytest-benchmark documents of this suite."""

    def __init__(self, rounds: int = 50, noise: float = 0.02, seed: int = 0) -> None:
        self.rounds, self.noise, self.seed = rounds, noise, seed
        self.random = np.random.default_rng(seed)

    def times(self, center: float) -> list[float]:
        """Rounds around a median, skewed as real ones are."""
        return [float(t) for t in center * np.exp(self.random.normal(0, self.noise, self.rounds))]

    def record(
        self,
        sweep: str,
        operator: str,
        implementation: str = "keras",
        executor: str = "graph",
        direction: str = "forward",
        ratio: float | None = None,
        **changes: Any,
    ) -> dict[str, Any]:
        """One entry of `benchmarks`; `ratio` plants time / time of the baseline."""
        case = {**BASE, "groups": 1 if operator == "convolution" else 4, **changes}
        case["width"] = case["height"]
        if operator == "depthwise convolution":
            case["groups"] = case["channels"]
        dense = duration("convolution", "keras", {**case, "groups": 1}, direction)
        time = dense * ratio if ratio else duration(operator, implementation, case, direction)
        work = macs(operator, case) * (3 if direction == "training" else 1)
        axis = AXES[sweep][0] if sweep in AXES else AXES_OF_OTHERS.get(sweep, sweep)
        label = f"{operator}-{implementation}-{direction}-{case.get(axis)}".replace(" ", "_")
        taps = case["kernel_size"] ** 2 if implementation == "patches" else 1
        extra = {
            **neutral(Record),
            **case,
            "sweep": sweep,
            "axis": axis,
            "operator": operator,
            "implementation": implementation,
            "backend": "tensorflow",
            "executor": executor,
            "direction": direction,
            "is_baseline": (operator, implementation) in BASELINES and case["groups"] == 1,
            "parameters": parameters(operator, case),
            "macs": work,
            "flops": 2 * work,
            "published_operations": 3 * work if sweep == "models" else None,
            "compulsory_bytes": 8 * case["batch"] * case["height"] ** 2 * 64,
            "rounds": self.rounds,
            "warmup_rounds": 3,
            "peak_memory_bytes": 4 * case["batch"] * case["height"] ** 2 * 64 * (taps + 2),
            "peak_memory_source": "allocator",
            "baseline_seconds": self.times(dense),
            "compile_seconds": 0.8,
        }
        return {
            "name": f"bench_{sweep}[{label}]",
            "fullname": f"bench/bench_{sweep}.py::bench_{sweep}[{label}]",
            "stats": {"data": self.times(time)},
            "extra_info": extra,
        }

    def whole_case(
        self,
        sweep: str,
        direction: str = "forward",
        competitors: Iterable[Competitor] = COMPETITORS,
        **changes: Any,
    ) -> list[dict[str, Any]]:
        """The operators of one case, timed in the same rounds; the first is the baseline.

        Its twin follows it. `rounds` of a competitor are a prefix of the baseline's.
        """
        axis = AXES[sweep][0] if sweep in AXES else AXES_OF_OTHERS.get(sweep, sweep)
        baseline, *rivals = competitors
        dense = changes | ({} if sweep in AXES_OF_OTHERS else {"groups": 1})
        entries = [self.record(sweep, *baseline, direction=direction, **dense) for _ in range(2)]
        entries += [
            self.record(
                sweep,
                *rival,
                direction=direction,
                **({"groups": BASE["groups"]} | changes | OWN_SIZES.get(rival[:2], {})),
            )
            for rival in rivals
        ]
        shared = entries[0]["stats"]["data"]
        common = {
            "axis_value": {**BASE, **changes}.get(axis),
            "measurement": f"{sweep}-{direction}-{changes}",
            "is_twin": False,
            "order_seed": self.seed,
            "cache": "warm",
            "stopped": "decided",
        }
        for entry in entries:
            entry["extra_info"].update(common, baseline_seconds=shared)
        twin = entries[1]
        twin["extra_info"].update(is_baseline=False, is_twin=True, stopped="time")
        twin["name"] += "-twin"
        twin["fullname"] = twin["fullname"].replace("]", "-twin]")
        return entries

    def whole_sweep(self, sweep: str, values: Iterable[int] | None = None) -> list[dict[str, Any]]:
        """All competitors in both directions along one axis; whole cases."""
        axis, known = AXES[sweep]
        competitors = (*COMPETITORS, GROUPED) if axis == "groups" else COMPETITORS
        return [
            entry
            for value in (known if values is None else values)
            for direction in ("forward", "training")
            for entry in self.whole_case(sweep, direction, competitors, **{axis: value})
        ]

    def empty_calls(self, seconds: float = 2e-5) -> list[dict[str, Any]]:
        """The sweep of empty calls; eager calls take `seconds`, and each other executor more."""
        baseline, *_ = COMPETITORS
        executors = ("eager", "graph", "xla")
        calls = [("empty call", executor, executor) for executor in executors]
        entries = self.whole_case("overhead", competitors=[baseline, *calls])
        for number, entry in enumerate(entries[2:], start=1):
            entry["stats"]["data"] = self.times(number * seconds)
            entry["extra_info"].update(kernel_size=1, groups=1, macs=0, flops=0, compulsory_bytes=0)
        return entries

    def sweep(self, sweep: str, values: Iterable[int] | None = None) -> list[dict[str, Any]]:
        """The same as older files hold it: each record has rounds of the baseline of its own."""
        axis, known = AXES[sweep]
        return [
            self.record(sweep, *competitor, direction=direction, **{axis: value})
            for value in (known if values is None else values)
            for competitor in COMPETITORS
            for direction in ("forward", "training")
            if axis != "groups" or competitor[0] != "depthwise convolution" or value == 64
        ]

    def document(
        self, benchmarks: list[dict[str, Any]] | None = None, **top: Any
    ) -> dict[str, Any]:
        """A whole run; all four sweeps unless told otherwise."""
        if benchmarks is None:
            benchmarks = [record for sweep in AXES for record in self.sweep(sweep)]
        return {
            "machine_info": {
                "node": "lab-1",
                "system": "Linux",
                "release": "6.1",
                "machine": "x86_64",
                "python_version": "3.11.7",
                "cpu": {"brand_raw": "Example CPU 2.0", "count": 2},
                "cores": 2,
                "threads": {"intra_op": 2, "inter_op": 2},
                "memory_bytes": 8 * 2**30,
                "accelerators": [],
                "tensorflow": "2.21.0",
                "keras": "3.15.1",
                "onednn": True,
            },
            "commit_info": {
                "id": "0123456789abcdef",
                "branch": "main",
                "dirty": False,
                "time": "2026-01-02T03:04:05",
            },
            "benchmarks": benchmarks,
            "datetime": "2026-01-02T03:04:05+00:00",
            "version": "5.3.1",
            "suite": {"format": FORMAT, "sweep_size": "default"},
            "unmeasured": [],
            **top,
        }


def in_format_1(document: dict[str, Any]) -> dict[str, Any]:
    """The same run as the first version of the suite would have written it."""

    def older(record: dict[str, Any]) -> dict[str, Any]:
        added = ("is_baseline", "backend", "published_operations", "counted_flops")
        record = {key: value for key, value in record.items() if key not in added} | {
            "profiler_flops": record["counted_flops"]
        }
        # Of whole models it had the operations by the published rule alone.
        if record["sweep"] == "models":
            record |= {"macs": 3 * record["macs"], "flops": 6 * record["macs"]}
        return record

    return {
        **document,
        "suite": {**document["suite"], "format": 1},
        "benchmarks": [
            {**entry, "extra_info": older(entry["extra_info"])} for entry in document["benchmarks"]
        ],
        "unmeasured": [older(record) for record in document["unmeasured"]],
    }


def results_of(*runs: SweepRun) -> Results:
    """Runs that are already parsed as `kinds.read` returns those that it reads."""
    problems = [problem for run in runs for problem in run.problems]
    return Results([load.source(run) for run in runs], problems)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a string with a file in the folder `golden` next to the test.

    `GOLDEN=update pytest FILE` writes the files instead; look at their difference before you
    commit them.
    """
    folder = request.path.parent / "golden"

    def compare(name: str, text: str) -> None:
        path = folder / name
        if os.environ.get("GOLDEN") == "update":
            folder.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no {path}: `GOLDEN=update pytest {request.path}` writes it"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def builder() -> Builder:
    """A builder with a fixed seed."""
    return Builder()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a document as a file of results."""

    def to_file(document: object, name: str = "bench.json") -> Path:
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return to_file


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder of training results: the tutorial's pair over three seeds."""
    return studies.write(tmp_path / "cifar")
