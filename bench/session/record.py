"""What a record holds: all that one benchmark leaves behind."""

from dataclasses import asdict, dataclass, field
from typing import Any

from bench.cases import Case
from bench.operators import Operator

# 1: the keys of `Record`, beside pytest-benchmark's own; `unmeasured` at the top of the file.
FORMAT = 1


@dataclass
class Record:
    """One entry of the results, in seconds, bytes and counts.

    A value that could not be measured is None, with the reason in `notes`. The case is the one
    that the operator ran: `groups` is 1 for a dense and the channels for a depthwise convolution.
    """

    sweep: str
    axis: str
    operator: str
    implementation: str
    executor: str
    direction: str
    batch: int
    height: int
    width: int
    channels: int
    kernel_size: int
    strides: int
    groups: int
    dtype: str
    label: str
    parameters: int
    macs: int
    flops: int
    compulsory_bytes: int
    profiler_flops: int | None = None
    peak_memory_bytes: int | None = None
    peak_memory_source: str | None = None
    rounds: int | None = None
    warmup_rounds: int | None = None
    baseline_seconds: list[float] | None = None
    compile_seconds: float | None = None
    notes: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, sweep: str, axis: str, operator: Operator, case: Case) -> "Record":
        """Return the record of a case that has not been measured yet.

        Args:
            sweep: name of the sweep.
            axis: key of the record that varies in the sweep.
            operator: what will be measured.
            case: the case as the operator runs it.

        Returns:
            A record with the case and the costs by formula.
        """
        costs = operator.costs(case)
        return cls(
            sweep=sweep,
            axis=axis,
            operator=operator.name,
            implementation=operator.implementation,
            executor=operator.executor,
            parameters=costs.parameters,
            macs=costs.macs,
            flops=costs.flops,
            compulsory_bytes=costs.compulsory_bytes,
            label=case.label,
            **asdict(case),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the record as it stands in the results file."""
        return asdict(self)
