"""All records as CSV: every digit, and nothing that a spreadsheet would run."""

import base64
import gzip
from urllib.parse import unquote

import pytest

from reports.output import csv as export
from reports.sweeps.load import from_document


@pytest.fixture
def judged(builder):
    entries = [builder.record("stride", "convolution"), builder.record("stride", "involution")]
    entries[1]["extra_info"].update(notes=["one", "two, three"], operator="=1+1")
    entries[1]["extra_info"]["peak_memory_bytes"] = None
    return from_document(builder.document(entries), "@file").judged


def test_one_row_per_record_without_raw_rounds(judged):
    flat = export.frame(judged)
    assert len(flat) == 2
    assert set(judged.columns) - set(flat.columns) == set(export.LEFT_OUT)
    assert flat["notes"].tolist() == ["", "one; two, three"]
    assert not flat.map(lambda value: isinstance(value, list)).any(axis=None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\ufeff", "\u200b"])
def test_a_formula_becomes_text(judged, start, before):
    flat = export.frame(judged.assign(operator=f"{before}{start}1"))
    assert flat["operator"].tolist() == [f"'{before}{start}1"] * 2


def test_a_formula_after_a_semicolon_becomes_text(judged):
    """Where the decimal sign is a comma, a spreadsheet parts cells at semicolons."""
    flat = export.frame(judged.assign(operator="a; =1+1;b - c"))
    assert flat["operator"].tolist() == ["a;' =1+1;b - c"] * 2


def test_other_text_stays(judged):
    for text in ("involution", "a = b", "1-2", "kernel-size", "'quoted'", ""):
        assert export.frame(judged.assign(operator=text))["operator"].tolist() == [text] * 2


def test_numbers_below_zero_stay_numbers(judged):
    assert export.frame(judged.assign(macs=-1.5))["macs"].tolist() == [-1.5, -1.5]


def test_a_link_holds_the_text_itself_compressed_if_long(monkeypatch):
    text = 'a,"b, %41 #"\n1,\N{GREEK SMALL LETTER MU}\n'
    name, address = export.link(text)
    assert name == "records.csv"
    assert unquote(address.partition(",")[2]) == text
    monkeypatch.setattr(export, "LONGEST_LINK", 10)
    name, address = export.link(text)
    assert name == "records.csv.gz"
    assert gzip.decompress(base64.b64decode(address.partition(",")[2])).decode() == text
