"""The record: rules between its keys, and documentation that is made from it."""

import json
from pathlib import Path

import pytest

from reports.sources.case import GEOMETRY
from reports.sources.files import UnreadableError
from reports.sources.validation import Count, added_key, checked, documentation
from reports.sweeps import documentation as docs
from reports.sweeps.record import MeasuredRecord, Record
from tests.reports.synthetic import neutral

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture
def record(builder):
    return builder.record("stride", "convolution")["extra_info"]


def test_a_record_is_written_as_it_was_read(record):
    assert checked(Record, record).model_dump() == record


def test_a_key_that_is_not_declared_is_kept(record):
    varied = {**record, "axis": "dilation_rate", "dilation_rate": 2}
    found = checked(Record, varied)
    assert found.on_axis == 2
    assert found.model_dump() == varied


REQUIRED = [name for name, field in Record.model_fields.items() if field.is_required()]


@pytest.mark.parametrize("name", REQUIRED)
def test_every_key_must_be_there_also_where_it_is_null(record, name):
    del record[name]
    with pytest.raises(UnreadableError, match=f"{name}: missing, expected"):
        checked(Record, record)


def test_older_files_may_lack_an_added_key(record):
    class Extended(Record):
        input_bytes: Count | None = added_key("Bytes of the input.", "B")

    assert checked(Extended, record).input_bytes is None
    assert checked(Extended, {**record, "input_bytes": 8}).input_bytes == 8
    with pytest.raises(UnreadableError, match="input_bytes: expected an integer"):
        checked(Extended, {**record, "input_bytes": -8})
    assert "input_bytes" in documentation(Extended)


@pytest.mark.parametrize("value", [True, None, [1], float("nan"), 2**63])
def test_an_axis_holds_a_number_or_a_string(record, value):
    with pytest.raises(UnreadableError, match="axis: expected the name of a key"):
        checked(Record, {**record, "axis": "place", "place": value})


def test_a_measured_record_has_one_baseline_time_for_each_round(record):
    with pytest.raises(UnreadableError, match="Received: 3 seconds, 50 baseline_seconds"):
        checked(MeasuredRecord, {**record, "seconds": [1.0] * 3})


def test_the_geometry_is_made_of_keys():
    assert set(GEOMETRY) < set(Record.model_fields)


def test_every_key_has_a_meaning_and_times_and_bytes_a_unit():
    for name, field in Record.model_fields.items():
        assert field.description.endswith(".")
        unit = (field.json_schema_extra or {}).get("unit")
        assert (unit == "s") == name.endswith("_seconds")
        assert (unit == "B") == name.endswith("_bytes")


def test_the_builder_has_a_value_for_every_key(record):
    assert neutral(Record).keys() == record.keys()


@pytest.mark.parametrize(
    ("name", "text"), [(docs.TABLES, docs.page()), (docs.SCHEMA, docs.json_schema())]
)
def test_the_documentation_is_what_the_declaration_makes(name, text):
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == text, "`python -m reports.sweeps.documentation` writes it again"


def test_the_table_has_a_row_for_each_key():
    rows = documentation(Record).splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(Record.model_fields)
    assert {row.count(" | ") for row in rows} == {3}


def test_the_schema_asks_for_what_the_reader_asks_for():
    schema = json.loads(docs.json_schema())
    assert set(schema["required"]) == set(REQUIRED)
    assert schema["properties"]["direction"]["enum"] == ["forward", "training"]
    assert schema["properties"]["compulsory_bytes"]["unit"] == "B"


def test_the_command_writes_both_files(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert docs.main() == 0
    assert {path.name for path in (tmp_path / "docs").iterdir()} == {docs.TABLES, docs.SCHEMA}
    assert docs.TABLES in capsys.readouterr().out
