"""Stages: columns that follow from the schema, and a border that lets nothing else pass."""

import pandas as pd
import pytest

from reports.drawing import palette
from reports.sources.validation import Count, Duration, Flag, Schema, Size, Text, Texts, key
from reports.sweeps.load import from_document
from reports.sweeps.stages import JUDGED, LOADED, PREPARED, UNMEASURED, Stage, columns_of


class Example(Schema):
    many: Size = key("One.")
    maybe: Count | None = key("Two.")
    long: Duration = key("Three.")
    late: Duration | None = key("Four.")
    name: Text = key("Five.")
    names: Texts = key("Six.")
    known: Flag = key("Seven.")
    unsure: Flag | None = key("Eight.")


def test_columns_follow_from_the_types_of_keys():
    assert columns_of(Example) == {
        "many": "int64",
        "maybe": "float64",
        "long": "float64",
        "late": "float64",
        "name": "object",
        "names": "object",
        "known": "bool",
        "unsure": "object",
    }


STAGE = Stage("example", {"size": "int64", "name": "object"})


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"size": [1]}, "name: expected object. Received: no such column"),
        ({"size": [1.5], "name": ["a"]}, "size: expected int64. Received: float64"),
        ({"size": [1], "name": [2]}, "name: expected object. Received: int64"),
        ({"size": []}, "name: expected object. Received: no such column"),
    ],
)
def test_a_table_of_another_stage_is_refused(frame, reason):
    with pytest.raises(TypeError) as error:
        STAGE.checked(pd.DataFrame(frame))
    assert str(error.value) == f"not a table of example records: {reason}"


@pytest.mark.parametrize("kind", [object, "string"])
def test_more_columns_and_any_type_of_strings_pass(kind):
    frame = pd.DataFrame({"size": [1], "name": pd.Series(["a"], dtype=kind), "more": [0.5]})
    assert STAGE.checked(frame) is frame


def test_tables_are_joined_in_order_and_without_rows_have_their_columns():
    frames = [pd.DataFrame({"size": [n], "name": [str(n)]}) for n in (1, 2)]
    joined = STAGE.joined([frames[0], STAGE.joined([]), frames[1]])
    assert joined["size"].tolist() == [1, 2]
    assert joined.index.tolist() == [0, 1]
    assert {name: str(kind) for name, kind in STAGE.joined([]).dtypes.items()} == STAGE.columns


def test_each_stage_holds_the_columns_of_the_one_before(builder):
    missing = builder.record("stride", "involution", strides=9)["extra_info"]
    run = from_document(builder.document(builder.sweep("stride"), unmeasured=[missing]), "x")
    assert set(run.records.columns) == set(LOADED.columns)
    assert set(run.unmeasured.columns) == set(UNMEASURED.columns)
    assert set(run.judged.columns) == set(JUDGED.columns)
    assert set(palette.prepared(run.judged).columns) == set(PREPARED.columns)
    assert set(LOADED.columns) < set(JUDGED.columns) < set(PREPARED.columns)
