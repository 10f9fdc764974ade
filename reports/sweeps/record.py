"""The record: all that one benchmark leaves behind, each key declared once.

The benchmark writes it, the report reads it, and the documentation lists it from this declaration.
"""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reports.sources.case import Direction, Dtype, Executor, Padding, Sides
from reports.sources.validation import (
    LARGEST_COUNT,
    Count,
    Duration,
    Durations,
    Expected,
    Flag,
    Schema,
    Size,
    Text,
    Texts,
    added_key,
    excerpt,
    key,
)

# Raise it when a key changes its meaning or disappears; `upgrade.py` reads the older ones. A key
# that is new is an `added_key` instead, since files of the same format lack it.
FORMAT = 2

Stopped = Literal["decided", "precise", "time"]
AxisValue = Annotated[int | float | str, Expected("a number or a string")]
Processes = Annotated[
    list[Annotated[int, Field(ge=1)]],
    Field(min_length=1),
    Expected("a list of integers of at least 1"),
]


class Record(Schema):
    """`extra_info` of one benchmark, or an entry of `unmeasured` with the reason in `notes`.

    Seconds, bytes and counts are plain numbers. A value that could not be measured is null. The
    case is the one that the operator ran: `groups` is 1 for a dense convolution. A key that is
    not declared is kept, so that a sweep can vary it.
    """

    model_config = ConfigDict(extra="allow")

    sweep: Text = key("Which sweep it belongs to.")
    axis: Text = key("The key that varies in the sweep.")
    axis_value: AxisValue | None = added_key(
        "Where on the axis is the case that it competes in, which may differ from its own value of "
        "that key: a dense convolution has one group wherever it competes. Null: its own value."
    )
    measurement: Text | None = added_key(
        "Which measurement its rounds are of: records with the same value were timed in the same "
        "rounds, and a record that several sweeps share holds the same rounds in each."
    )
    operator: Text = key(
        "Convolution, depthwise convolution, separable convolution, attention, local attention, "
        "involution; `rest of the model` for a model without the layers that were measured."
    )
    implementation: Text = key(
        "How the operator is computed: `native`, by kernels in C++ (`native-stored`: with "
        "involution's kernels written to memory), `fused`, by XLA, or `patches`, the "
        "formulation of the Keras tutorial; `keras` for Keras's own layers, and for local "
        "attention, which is written with its operations; `tensorflow` for a grouped convolution "
        "by TensorFlow's own kernel; a model's name for a whole model."
    )
    backend: Text = key("What Keras ran on.")
    executor: Executor = key(
        "How it was run: `eager`, `graph` (tf.function) or `xla` (compiled by XLA)."
    )
    direction: Direction = key(
        "`forward`, or `training`: forward plus gradients for inputs and weights."
    )
    is_baseline: Flag = key("Whether the other operators of the case are compared with this one.")
    is_twin: Flag | None = added_key(
        "Whether it is a second instance of the baseline, whose ratio shows the noise."
    )
    batch: Size = key("Images in a call.")
    height: Size = key("Rows of the input.", "px")
    width: Size = key("Columns of the input.", "px")
    channels: Size = key("Channels of the input.")
    kernel_size: Sides = key(
        "Taps of a window: the same number in either dimension, or rows and columns as `3x7`."
    )
    strides: Sides = key("Pixels from one window to the next, in the same form.", "px")
    dilation_rate: Sides | None = added_key(
        "Pixels from one tap to the next, in the same form. Null: 1.", "px"
    )
    padding: Padding | None = added_key(
        "`same`, `valid`, or that many zeros on every side. Null: `same`."
    )
    filters: Size | None = added_key("Channels of the output. Null: those of the input.")
    groups: Size = key("Groups of channels.")
    dtype: Dtype = key("Data type of inputs and weights.")
    is_model: Flag | None = added_key(
        "Whether it is a whole model, which no operator competes with. Null: it is one if it has "
        "`published_operations`."
    )
    label: Text = key("The case in a few words, for sweeps in which several sizes vary.")
    parameters: Count | None = key("Trainable parameters, by formula.")
    macs: Count | None = key("Multiply-accumulates, by formula.")
    flops: Count | None = key("Floating-point operations, by formula: two for each MAC.")
    published_operations: Count | None = key(
        "Operations of a whole model by the rule of the RedNet paper: MACs, and single operations "
        "of bias, ReLU and batch normalisation."
    )
    compulsory_bytes: Count | None = key(
        "Bytes that no implementation can avoid moving, by formula.", "B"
    )
    counted_flops: Count | None = key(
        "FLOPs as TensorFlow's own counter sees them; null where it misses part of the operator."
    )
    peak_memory_bytes: Count | None = key(
        "Memory at the worst moment of a call, with inputs and weights.", "B"
    )
    peak_memory_source: Text | None = key(
        "Who counted the memory: requests to the allocator, from a trace, or its chunks, which are "
        "up to 1.9 times as large."
    )
    rounds: Size | None = key("Rounds that were timed.")
    process: Processes | None = added_key(
        "The process that ran each round, numbered from 1; null where one process ran all."
    )
    calls: Size | None = added_key(
        "Calls of the operator in each round, of which the median is the round's time: a short "
        "call scatters most."
    )
    order_seed: Count | None = added_key("The seed of the order of operators in the rounds.")
    cache: Literal["warm", "cold"] | None = added_key(
        "What ran before each timed call: `warm`, the same operator, untimed; `cold`, a write over "
        "more memory than the caches hold."
    )
    stopped: Stopped | None = added_key(
        "Why its rounds ended: the verdict was `decided`, the ratio `precise` enough, or the "
        "`time` (or the largest number of rounds) was out."
    )
    warmup_rounds: Count | None = key("Calls before the first round.")
    baseline_seconds: Durations | None = key(
        "The baseline's time in each round of `stats.data`.", "s"
    )
    device_seconds: Durations | None = added_key(
        "On a GPU: how long it was busy in each of a few calls after the rounds.", "s"
    )
    compile_seconds: Duration | None = key(
        "The first call, tracing and compilation included; null where an earlier record of the "
        "run had compiled the same case.",
        "s",
    )
    notes: Texts = key("Why a value is missing, and what else a reader should know.")

    @property
    def on_axis(self) -> object:
        """The value on the axis of the sweep; None if there is no such key."""
        if self.axis_value is not None:
            return self.axis_value
        values = {**(self.model_extra or {}), **self.__dict__}
        return values.get(self.axis)

    @model_validator(mode="after")
    def _axis_holds_a_value(self) -> Self:
        value = self.on_axis
        if isinstance(value, str) or _is_number(value):
            return self
        raise ValueError(
            "axis: expected the name of a key that holds a number or a string. "
            f"Received: {excerpt(self.axis)}, which holds {excerpt(value)}"
        )


class MeasuredRecord(Record):
    """A record with its rounds: `seconds` is `stats.data` of the benchmark's entry."""

    rounds: Size = key("Rounds that were timed.")
    warmup_rounds: Count = key("Calls before the first round.")
    baseline_seconds: Durations = key("The baseline's time in each round.", "s")
    seconds: Durations = key("The operator's time in each round.", "s")

    @model_validator(mode="after")
    def _rounds_are_paired(self) -> Self:
        for name in ("baseline_seconds", "process"):
            values = getattr(self, name)
            if values is not None and len(values) != len(self.seconds):
                raise ValueError(
                    f"{name}: expected one for each round of stats.data. Received: "
                    f"{len(self.seconds)} seconds, {len(values)} {name}"
                )
        return self


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST_COUNT  # NaN is never
