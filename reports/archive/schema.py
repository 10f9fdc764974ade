"""The columns of the archive, each declared once: name, type, unit and meaning.

One row per record of a run. The record's own keys come from its schema. `python -m
reports.archive.documentation` writes the table of all columns into the documentation.
"""

from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import pyarrow as pa

from reports.sources.validation import unit_of
from reports.sweeps.record import Record

# Raise it when a column changes its meaning or disappears. A column that is new is null in the
# files that were written before.
FORMAT = 1

# Folders of the dataset: `hardware=NAME/month=YEAR-MONTH`.
PARTITIONS = ("hardware", "month")

TEXT, FLAG, INTEGER, NUMBER = pa.string(), pa.bool_(), pa.int64(), pa.float64()
TIME = pa.timestamp("us", tz="UTC")
TYPES = {int: INTEGER, float: NUMBER, bool: FLAG, str: TEXT}

# Of a number with a fraction this many binary digits are kept after the first: a step is 61
# millionths of the number. Noise is a hundred times as large, and its digits would be most of a
# file.
DIGITS = 14


@dataclass(frozen=True)
class Column:
    """A column of the archive.

    Attributes:
        name: its name.
        type: its type in Arrow; every column may be null.
        meaning: one sentence for the documentation.
        unit: its SI unit, empty for strings and plain counts.
    """

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""


def _type(annotation: Any) -> pa.DataType:
    """Find the type of the column that holds a key of the record."""
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return TYPES[type(get_args(annotation)[0])]
    if get_origin(annotation) is list:
        return pa.list_(_type(get_args(annotation)[0]))
    if not get_args(annotation):
        return TYPES[annotation]
    found = {_type(choice) for choice in get_args(annotation) if choice is not NoneType}
    # Such as a size that is either 7 or "3x7": numbers are written as strings, too.
    return found.pop() if len(found) == 1 else TEXT


# What is known of the run, the same in all of its rows.
OF_THE_RUN = (
    Column("run", TEXT, "The run: a digest of the content of its results file."),
    Column("measured_at", TIME, "When the run ended."),
    Column("commit", TEXT, "The hash of the commit that was measured; null where it is unknown."),
    Column("commit_time", TIME, "When the commit was made."),
    Column("branch", TEXT, "The branch of the commit."),
    Column("dirty", FLAG, "Whether there were changes that were not committed."),
    Column("project", TEXT, "The name of the repository, as its folder or its remote has it."),
    Column("sweep_size", TEXT, "`quick`, `default` or `full`."),
    Column("source", TEXT, "The name of the results file that the run was added from."),
    Column("machine", TEXT, "The machine in words: processor, cores, memory, accelerators."),
    Column("python", TEXT, "The version of Python."),
    Column("tensorflow", TEXT, "The version of TensorFlow."),
    Column("keras", TEXT, "The version of Keras."),
    Column("software", TEXT, "All of the software and its settings that a time depends on."),
    Column("machine_info", TEXT, "`machine_info` of the results file, as JSON."),
    Column("conditions", TEXT, "`conditions` of the results file, as JSON."),
)

# What identifies a record, besides its own keys.
OF_THE_PLACE = (
    Column("record", INTEGER, "The record's number in its run, from 0."),
    Column("fullname", TEXT, "The test id of its benchmark; empty for what was not measured."),
    Column("is_measured", FLAG, "Whether it has rounds; otherwise `notes` says why not."),
    Column(
        "series",
        TEXT,
        "What makes records of several runs comparable, in one string: operator, implementation, "
        "executor, direction, case, parameters, state of the caches, and baseline; neither machine "
        "nor commit. A run can have it several times: in sweeps that share a record, whose "
        "`measurement` is the same, and where one operator competes in several cases.",
    ),
)

OF_THE_RECORD = tuple(
    Column(
        name,
        _type(field.annotation),
        field.description or "",
        unit_of(field.json_schema_extra),
    )
    for name, field in Record.model_fields.items()
)

ROUNDS = Column("round_seconds", pa.list_(NUMBER), "The operator's time in each round.", "s")

# What the report's analysis says of the record, judged when the run was added.
OF_THE_ANALYSIS = (
    Column("seconds", NUMBER, "The operator's time: the median of its rounds.", "s"),
    Column("seconds_low", NUMBER, "The lower end of its 95 % interval.", "s"),
    Column("seconds_high", NUMBER, "The upper end.", "s"),
    Column("ratio", NUMBER, "The median ratio to the baseline in the same round."),
    Column("ratio_low", NUMBER, "The lower end of its 95 % interval."),
    Column("ratio_high", NUMBER, "The upper end."),
    Column("floor_low", NUMBER, "The lower end of the noise floor of its case."),
    Column("floor_high", NUMBER, "The upper end."),
    Column("verdict", TEXT, "`faster`, `slower`, `equivalent` or `undecided`."),
    Column("best_ratio", NUMBER, "The median ratio to the best rival of its case."),
    Column("best_low", NUMBER, "The lower end of its 95 % interval."),
    Column("best_high", NUMBER, "The upper end."),
    Column("best_rival", TEXT, "The best rival."),
    Column("best_verdict", TEXT, "The verdict of the ratio to the best rival."),
    Column("processes", INTEGER, "How many processes ran its rounds."),
    Column("is_short", FLAG, "Whether it takes hardly longer than an empty call."),
)

COLUMNS = (*OF_THE_RUN, *OF_THE_PLACE, *OF_THE_RECORD, *OF_THE_ANALYSIS, ROUNDS)
SCHEMA = pa.schema([(column.name, column.type) for column in COLUMNS])
