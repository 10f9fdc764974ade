"""The files of a folder of traces, each key declared once.

profile.json         marks the folder
RUN/numbers.json     the numbers of one trace, next to the trace itself

`bench.profiling` writes them, the report reads them.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from reports.sources.case import Direction, Dtype, Executor, Padding, Sides
from reports.sources.validation import (
    LARGEST_COUNT,
    Count,
    Durations,
    Expected,
    Schema,
    Size,
    Text,
    Texts,
    key,
)

MARKER = "profile.json"
NUMBERS = "numbers.json"
# Version 1: the first. Raise it when a key changes its meaning or disappears.
FORMAT: Final = 1

Device = Literal["CPU", "GPU"]
Seconds = Annotated[
    float, Field(ge=0, lt=LARGEST_COUNT), Expected("a number of seconds of at least 0")
]
PartSeconds = Annotated[
    dict[str, Seconds], Field(min_length=1), Expected("an object of seconds by part")
]
Share = Annotated[float, Field(ge=0, le=1), Expected("a number from 0 to 1")]
Facts = Annotated[dict[str, Any], Expected("an object")]


class OperatorSubject(Schema):
    """An operator on a case, as it was traced."""

    kind: Literal["operator"] = key("Tells an operator from a model.")
    operator: Text = key("As in the records of a sweep.")
    implementation: Text = key("As in the records of a sweep.")
    executor: Executor | None = key("How the operator was run.", default=None)
    direction: Direction = key("`forward` or `training`.")
    batch: Size = key("Images in a step.")
    height: Size = key("Rows of the input.", "px")
    width: Size = key("Columns of the input.", "px")
    channels: Size = key("Channels of the input.")
    kernel_size: Sides = key("Taps of a window, as in the records of a sweep.")
    strides: Sides = key("Pixels from one window to the next, in the same form.", "px")
    dilation_rate: Sides = key("Pixels from one tap to the next.", "px", default=1)
    padding: Padding = key("`same`, `valid`, or that many zeros.", default="same")
    filters: Size | None = key("Channels of the output. Null: those of the input.", default=None)
    groups: Size | None = key("Groups of channels.", default=None)
    dtype: Dtype = key("Data type of inputs and weights.")


class ModelSubject(Schema):
    """A training step of a whole model, as it was traced."""

    kind: Literal["model"] = key("Tells a model from an operator.")
    model: Text = key("The name of the model.")
    direction: Direction = key("`forward` or `training`.")
    batch: Size = key("Images in a step.")
    seed: Count | None = key("The seed of its training on CIFAR; null elsewhere.", default=None)


Subject = Annotated[
    OperatorSubject | ModelSubject,
    Field(discriminator="kind"),
    Expected("an object whose kind is operator or model"),
]


class OperationTime(Schema):
    """The time of one operation."""

    name: Text = key("The operation with its scopes.")
    kind: Text = key("Its type, or the function that XLA compiled; a kernel's name on a GPU.")
    part: Text = key("The part of the step that it belongs to.")
    occurrences: Size = key("How often it ran in all steps.")
    seconds: Seconds = key("Its share of the mean step.", "s")


class TraceNumbers(Schema):
    """What a trace says in numbers."""

    device: Device = key("Whose operations they are.")
    step_seconds: Durations = key("One for each step that TensorBoard's overview counts.", "s")
    part_seconds: PartSeconds = key(
        "Mean per step, by part; `other` is the rest. Their sum is the mean step.", "s"
    )
    generation_share: Share | None = key(
        "Kernel generation's share of involution, of generation and core together with their "
        "gradients; null where there is no involution."
    )
    peak_memory_bytes: Count | None = key("In use at the worst moment of the trace.", "B")
    peak_memory_source: Text | None = key("The allocator that counted it.", default=None)
    operations: Annotated[list[OperationTime], Expected("a list of objects")] = key(
        "All operations, the longest first."
    )
    notes: Texts = key("Why a value is missing, and what else a reader should know.")

    @property
    def seconds(self) -> float:
        """The mean step."""
        return sum(self.step_seconds) / len(self.step_seconds)


class Trace(TraceNumbers):
    """`numbers.json`: the numbers of one trace, and what was traced where."""

    format: Literal[1] = key("The version of these keys.")
    run: Text = key("The name of the run in TensorBoard.")
    datetime: Text = key("When it was traced, in ISO 8601.")
    subject: Subject = key("What was traced.")
    machine_info: Facts = key("The machine and its software, as in a run of the sweeps.")
    commit_info: Facts = key("The commit, as in a run of the sweeps.")


class TracesMarker(Schema):
    """`profile.json`: tells a folder of traces from other results."""

    format: Literal[1] = key("The version of the keys in the folder.")
