"""The table of all records: one unit per column, and data that no browser takes for markup."""

import json

from reports.drawing import palette
from reports.sweeps import listing
from reports.sweeps.load import from_document

ENDING = "</script><!--\u2028&"


def laid_out(builder, entries):
    judged = from_document(builder.document(entries), "x").judged
    return listing.all_records(palette.prepared(judged))


def test_every_cell_of_a_column_has_the_unit_in_its_head(builder):
    builder.noise = 0.0
    table = laid_out(builder, builder.sweep("stride", [1, 2])).table
    heads = [head for head in table.head if head.startswith("Time, ")]
    assert len(heads) == 1
    place = table.head.index(heads[0])
    assert all(float(row[place]) > 0 for row in table.rows)
    assert len({len(row) for row in table.rows}) == 1


def test_what_is_unknown_is_left_empty(builder):
    entry = builder.record("stride", "involution")
    entry["extra_info"].update(macs=None, parameters=None, peak_memory_bytes=None)
    row = dict(zip(*_first(laid_out(builder, [entry])), strict=True))
    assert row["MACs"] == row["Parameters"] == ""


def test_twins_are_listed_and_notes_say_what_is_short_or_cached(builder):
    entries = [*builder.whole_case("stride"), *builder.empty_calls(seconds=1.0)]
    conditions = {"peak_flops": 1e15, "peak_bandwidth": 1e10, "last_cache_bytes": 1e12}
    document = builder.document(entries, conditions=conditions)
    judged = palette.prepared(from_document(document, "x").judged)
    table = listing.all_records(judged).table
    rows = [dict(zip(table.head, row, strict=True)) for row in table.rows]
    assert [row["Operator"] for row in rows[:2]] == ["convolution", "convolution, twin"]
    assert rows[2]["Notes"] == (
        "shorter than 10 empty calls; fits into the last cache, so that memory is not its limit"
    )
    assert rows[3]["Best rival"] == rows[4]["Best rival"] == "depthwise convolution"
    assert float(rows[4]["To it from"]) <= float(rows[4]["Ratio to it"])
    assert rows[2]["Best rival"] == rows[2]["Ratio to it"] == ""
    assert {row["Ended"] for row in rows} == {"decided", "time"}


def _first(found):
    return found.table.head, found.table.rows[0]


def test_rows_beyond_those_that_are_markup_are_kept(builder, monkeypatch):
    monkeypatch.setattr(listing, "WRITTEN_OUT", 3)
    found = laid_out(builder, builder.sweep("stride", [1, 2]))
    assert len(found.table.rows) == 3
    assert found.total == 16
    assert found.rest


def test_embedded_data_ends_no_script():
    written = listing.embedded([ENDING])
    assert json.loads(written) == [ENDING]
    assert not set("<>&\u2028") & set(written)
