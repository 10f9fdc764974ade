"""The command line: exit statuses, messages, and a page that is whole or absent."""

import csv
import json
import os
import re
import statistics
from pathlib import Path

import pytest

from reports.__main__ import DEFAULTS, main

FIFO, DEVICE, LINK = (
    pytest.param(kind, marks=pytest.mark.posix) for kind in ("FIFO", "device", "link")
)


@pytest.fixture
def good(builder, write):
    return write(builder.document(builder.sweep("stride", [1])), "good.json")


def status(*arguments):
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


def test_a_page_is_written_and_named_with_its_size(good, tmp_path, capsys):
    page = tmp_path / "new" / "page.html"
    assert status(good, "-o", page) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{page} (")
    assert "KiB)" in out
    assert err == ""
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in page.parent.iterdir()] == ["page.html"]
    assert page.stat().st_mode & 0o044


def test_a_bad_file_next_to_a_good_one_gives_a_page_and_status_1(good, write, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert status(good, write("", "bad.json"), "-o", page) == 1
    assert "bad.json: empty" in capsys.readouterr().err
    assert "bad.json" in page.read_text(encoding="utf-8")


def test_nothing_readable_writes_no_page(write, tmp_path, capsys):
    page = tmp_path / "page.html"
    page.write_text("the page of yesterday")
    assert status(write("", "bad.json"), "-o", page) == 1
    assert "Nothing written" in capsys.readouterr().err
    assert page.read_text() == "the page of yesterday"


def test_no_results_at_all_names_each_kind_and_its_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert status() == 1
    error = capsys.readouterr().err
    assert len(DEFAULTS) >= 2
    for path, command in DEFAULTS.items():
        assert str(path) in error
        assert command in error


def test_defaults(good, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    good.rename(tmp_path / "results" / "bench.json")
    assert status() == 0
    assert (tmp_path / "results" / "report.html").exists()


@pytest.mark.parametrize("kind", ["folder", "input", "under a file", FIFO, DEVICE])
def test_an_unwritable_page_is_refused_before_any_work(kind, good, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("reports.__main__.read", lambda _: pytest.fail("worked first"))
    fifo = tmp_path / "fifo"
    if kind == "FIFO":
        os.mkfifo(fifo)
    page = {
        "folder": tmp_path,
        "input": good,
        "under a file": good / "page.html",
        "FIFO": fifo,
        "device": Path(os.devnull),
    }[kind]
    before = page.stat().st_mode if page.exists() else None
    assert status(good, "-o", page) == 2
    assert "cannot write" in capsys.readouterr().err
    assert (page.stat().st_mode if page.exists() else None) == before


@pytest.mark.parametrize("what", ["baseline", "default", "hard link", LINK])
def test_a_page_never_replaces_what_it_is_made_of(what, good, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "results" / "bench.json"
    other.parent.mkdir()
    other.write_bytes(good.read_bytes())
    link = tmp_path / "link.json"
    if what == "hard link":
        link.hardlink_to(other)
    elif what == "link":
        link.symlink_to(other)
    words = {
        "baseline": [good, "--baseline", other, "-o", other],
        "default": ["-o", other],
    }.get(what, [other, "-o", link])
    assert status(*words) == 2
    assert "one of the files to read" in capsys.readouterr().err
    assert other.read_bytes() == good.read_bytes()


def test_two_files_of_one_name_have_headings_that_differ(good, tmp_path):
    for name in ("laptop", "server"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bench.json").write_bytes(good.read_bytes())
    page = tmp_path / "page.html"
    assert status(tmp_path / "laptop/bench.json", tmp_path / "server/bench.json", "-o", page) == 0
    headings = re.findall(r"<h3[^>]*>([^<]*bench.json[^<]*)</h3>", page.read_text())
    assert {text.split(",")[0] for text in headings} == {"laptop/bench.json", "server/bench.json"}


@pytest.mark.parametrize("has_results", [True, False])
def test_a_journal_is_named_with_what_to_do(good, tmp_path, capsys, has_results):
    journal = tmp_path / ("good.json.journal" if has_results else "gone.json.journal")
    journal.write_text('{"journal": 2, "plan": []}\n{"began": "a"}\n')
    assert status(journal, "-o", tmp_path / "page.html") == 1
    error = capsys.readouterr().err
    assert "the journal of a sweep" in error
    assert "with --resume writes it" in error
    assert (f"its results are in {good}" in error) == has_results


def test_figures_go_into_a_folder(good, capsys):
    assert status(good, "--format", "svg", "-o", "-") == 2
    assert "folder" in capsys.readouterr().err
    assert status(good, "--format", "svg", "-o", good) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["-o"]])
def test_wrong_usage_is_status_2(arguments):
    assert status(*arguments) == 2


def test_help_says_how_to_make_a_run(capsys):
    assert status("--help") == 0
    assert "pytest bench --benchmark-only" in capsys.readouterr().out


def test_a_table_of_all_records(good, tmp_path):
    target = tmp_path / "records.csv"
    assert status(good, "--format", "csv", "-o", target) == 0
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    entries = json.loads(good.read_text())["benchmarks"]
    assert [row["fullname"] for row in rows] == [entry["fullname"] for entry in entries]
    for row, entry in zip(rows, entries, strict=True):
        assert float(row["median_seconds"]) == statistics.median(entry["stats"]["data"])
        assert int(row["macs"].removesuffix(".0")) == entry["extra_info"]["macs"]
    assert {"ratio", "ratio_low", "ratio_high", "verdict", "roofline_share"} <= rows[0].keys()
    assert rows[0].keys().isdisjoint({"seconds", "baseline_seconds"})


def test_a_summary_on_the_terminal(good, capsys):
    assert status(good, "--format", "md", "-o", "-") == 0
    out, err = capsys.readouterr()
    assert out.startswith("# Involution (fused) takes ")
    assert "| involution (fused) | training |" in out
    assert "Noise floor: forward" in out
    assert err == ""
