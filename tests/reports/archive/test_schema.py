"""The columns: declared once, and the page about them made from the declaration."""

from pathlib import Path

import pyarrow as pa
import pytest

from reports.archive.documentation import FILE, page
from reports.archive.schema import COLUMNS, PARTITIONS, SCHEMA
from reports.sweeps.record import Record

ROOT = Path(__file__).parents[3]


def test_the_page_is_what_the_declaration_makes():
    written = (ROOT / FILE).read_text(encoding="utf-8")
    assert written == page(), "`python -m reports.archive.documentation` writes it again"


def test_every_key_of_the_record_is_a_column_and_no_name_is_used_twice():
    names = [column.name for column in COLUMNS]
    assert set(names) >= set(Record.model_fields)
    assert len({*names, *PARTITIONS}) == len(names) + len(PARTITIONS)
    assert all(column.meaning.endswith(".") for column in COLUMNS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("operator", pa.string()),
        ("is_twin", pa.bool_()),
        ("batch", pa.int64()),
        ("published_operations", pa.int64()),
        ("compile_seconds", pa.float64()),
        ("kernel_size", pa.string()),
        ("axis_value", pa.string()),
        ("padding", pa.string()),
        ("baseline_seconds", pa.list_(pa.float64())),
        ("process", pa.list_(pa.int64())),
        ("notes", pa.list_(pa.string())),
    ],
)
def test_types_follow_from_those_of_the_record(name, kind):
    assert SCHEMA.field(name).type == kind
