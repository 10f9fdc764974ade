"""One run of the sweeps: where and when it was measured, and its records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from reports.sweeps import analysis
from reports.sweeps.model.description import ModelDescription
from reports.text import machine, units


@dataclass(frozen=True, eq=False)
class SweepRun:
    """One results file.

    Attributes:
        path: where it was read, as a page can show it.
        datetime: when the run ended, in ISO 8601.
        machine_info: what the file says of its machine and software.
        commit_info: what it says of the commit.
        sweep_size: "quick", "default" or "full".
        benchmark_version: that of pytest-benchmark.
        records: the table `stages.LOADED`.
        unmeasured: the table `stages.UNMEASURED`.
        warnings: reasons to doubt the run; each says what to do about it.
        conditions: the machine's load before the run, and its peaks in FLOPs/s and B/s.
        problems: (path, reason) for each record that was left out.
        model: the model whose layers were measured, None in a run of other cases.
        comparison: what it shares with the run whose processes alternated with its own; empty if
            there is none.
    """

    path: str
    datetime: str
    machine_info: Mapping[str, Any]
    commit_info: Mapping[str, Any]
    sweep_size: str
    benchmark_version: str
    records: pd.DataFrame
    unmeasured: pd.DataFrame
    warnings: tuple[str, ...] = ()
    conditions: Mapping[str, float] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    model: ModelDescription | None = None
    comparison: str = ""

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The table `stages.JUDGED`; computed once, for the page and a comparison alike."""
        return analysis.judged(self.records, self.conditions)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and value of what is known of data, machine, software and commit."""
        return [
            ("File", self.path),
            ("Measured", machine.text(self.datetime)),
            ("Sweep size", machine.text(self.sweep_size)),
            ("Records", self._counted()),
            *machine.computer(self.machine_info, self.commit_info),
            ("Peak compute", self._peak_compute()),
            ("Copy bandwidth", self._bandwidth()),
            ("Last cache", self._quantity("last_cache_bytes", units.BYTES)),
            ("Load before", machine.text(self.conditions.get("load"))),
            ("pytest-benchmark", machine.text(self.benchmark_version)),
        ]

    def _counted(self) -> str:
        twins = int(self.records["is_twin"].sum())
        return f"{len(self.records)}" + (f", of which {twins} of twins" if twins else "")

    def _peak_compute(self) -> str:
        rate = self._quantity("peak_flops", units.COUNTS, "FLOPs/s")
        size = self.conditions.get("peak_product_size")
        return f"{rate}, by a product of size {size:g}" if size else rate

    def _bandwidth(self) -> str:
        rate = self._quantity("peak_bandwidth", units.BYTES, "/s")
        size = self.conditions.get("peak_copy_bytes")
        return f"{rate}, by a copy of {units.quantity(size, units.BYTES)}" if size else rate

    def _quantity(self, name: str, among: tuple[units.Unit, ...], what: str = "") -> str:
        value = self.conditions.get(name)
        return machine.NOT_STATED if value is None else f"{units.quantity(value, among)}{what}"
