"""The archive of many runs: how fast they are added, what they take, and how fast one is found.

The runs are made from real ones, with planted changes: `--runs` says how many, `--file` of which.
"""

import hashlib
import json
import time
from datetime import timedelta
from itertools import islice

import duckdb
import pyarrow as pa
import pytest

from reports.archive import folder as folders
from reports.archive import parts
from reports.archive.reading import read
from reports.archive.schema import SCHEMA
from reports.archive.writing import TOGETHER, add
from tests.acceptance import made
from tests.reports.archive.test_kills import kill

RECORDS = 274
RUNS_A_SECOND, MOST_BYTES = 5, 40_000
MANY, MOST_SECONDS = 1_000_000, 1
QUERY = """
    SELECT commit_time, commit, ratio, ratio_low, ratio_high
    FROM read_parquet('{}/**/*.parquet', hive_partitioning = true)
    WHERE series = ? ORDER BY commit_time
"""


@pytest.fixture(scope="module")
def sources(request):
    file = request.config.getoption("--file")
    if not file.is_file():
        pytest.fail(f"no such file: {file}; run `pytest bench --benchmark-only` first")
    return [json.loads(file.read_text(encoding="utf-8"))]


def test_runs_are_added_fast_and_take_little(option, say, sources, tmp_path):
    number, seconds, count = option("--runs"), 0.0, 0
    documents = made.runs(sources, number, RECORDS, option("--seed"))
    for _ in range(0, number, TOGETHER):
        files = _written(tmp_path, islice(documents, TOGETHER))
        began = time.perf_counter()
        added = list(add(tmp_path / "archive", files))
        seconds += time.perf_counter() - began
        assert [each.problems for each in added] == [()] * len(files)
        count += sum(each.is_new for each in added)
    size = sum(file.stat().st_size for file in folders.files(tmp_path / "archive"))
    frame = read(tmp_path / "archive", ["run"])
    assert count == number == frame["run"].nunique()
    assert len(frame) == number * RECORDS
    rate = number / seconds
    say(f"{number} runs: {rate:.1f} runs/s, {size / number / 1000:.1f} KB a run")
    assert rate >= RUNS_A_SECOND
    assert size / number <= MOST_BYTES


def test_one_series_of_many_records_is_found_fast(say, sources, option, tmp_path):
    archive = _copied(sources, tmp_path, option("--seed"))
    series = read(archive, ["series"])["series"]
    say(f"{len(series):,} records in {len(folders.files(archive))} files")
    assert len(series) >= MANY
    wanted, expected = series.iloc[0], int((series == series.iloc[0]).sum())
    began = time.perf_counter()
    found = read(archive, ["commit_time", "commit", "ratio", "round_seconds"], series=wanted)
    own = time.perf_counter() - began
    with duckdb.connect() as database:
        began = time.perf_counter()
        rows = database.execute(QUERY.format(archive), [wanted]).fetchall()
        seconds = time.perf_counter() - began
    say(f"one series: {own:.2f} s by `reports.archive.reading.read`, {seconds:.2f} s by DuckDB")
    assert len(found) == len(rows) == expected
    assert own <= MOST_SECONDS
    assert seconds <= MOST_SECONDS


def test_killed_writers_lose_nothing(sources, option, say, tmp_path):
    files = _written(tmp_path, made.runs(sources, 4, RECORDS, option("--seed")))
    killed = kill(files, tmp_path, option("--kills"))
    say(f"{killed} writers killed, two at once: every run there whole or not at all")
    assert killed >= option("--kills")


def _written(folder, documents):
    """Files of the documents."""
    files = []
    for place, document in enumerate(documents):
        files.append(folder / f"{place}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    return files


def _copied(sources, tmp_path, seed):
    """An archive of enough runs, which are copies of a few at other commits and moments."""
    few, archive = tmp_path / "few", tmp_path / "many"
    files = _written(tmp_path, made.runs(sources, TOGETHER, RECORDS, seed))
    assert all(each.is_new for each in add(few, files))
    rows = parts.read(folders.files(few)[0])
    runs = [rows.filter(pa.compute.equal(rows["run"], run)) for run in set(rows["run"].to_pylist())]
    folders.prepare(archive)
    number = -(-MANY // RECORDS)
    for start in range(0, number, parts.MOST_RUNS):
        some = range(start, min(start + parts.MOST_RUNS, number))
        copies = dict(_copy(runs[place % len(runs)], place) for place in some)
        month = f"{made.FIRST + start * made.BETWEEN:%Y-%m}"
        parts.insert(folders.place(archive, "example", month), copies, {})
    return archive


def _copy(rows, place):
    name = hashlib.sha256(str(place).encode()).hexdigest()[:32]
    moment = made.FIRST + place * timedelta(hours=3)
    values = {"run": name, "commit": name, "commit_time": moment, "measured_at": moment}
    for column, value in values.items():
        scalar = pa.scalar(value, SCHEMA.field(column).type)
        place = rows.schema.get_field_index(column)
        rows = rows.set_column(place, column, pa.repeat(scalar, len(rows)))
    return name, rows
