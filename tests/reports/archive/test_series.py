"""Series: equal for what was measured in the same way, whoever, whenever and wherever."""

import pytest

from tests.reports.archive.rows import rows_of


def series(document):
    return {row["fullname"]: row["series"] for row in rows_of(document)}


def changed(document, **changes):
    """The same run with some keys of its records changed, of competitors and baseline alike."""
    return {
        **document,
        "benchmarks": [
            {**entry, "extra_info": {**entry["extra_info"], **changes}}
            for entry in document["benchmarks"]
        ],
        "unmeasured": [{**record, **changes} for record in document["unmeasured"]],
    }


def test_a_series_says_in_words_what_is_measured(document):
    (name,) = {each for each in series(document).values() if "depthwise" in each and "forw" in each}
    assert name == (
        "depthwise convolution keras, tensorflow graph, forward, 4x56x56x64 K7 s2 g64 float32, "
        "3200 parameters, against convolution keras graph K7"
    )


def test_series_tell_all_records_of_a_run_apart(document):
    found = series(document)
    assert len(set(found.values())) == len(found) == len(document["benchmarks"]) + 1


def test_machine_commit_moment_and_sweep_are_no_part(document):
    machine = {**document["machine_info"], "cores": 64, "keras": "4.0"}
    commit = {**document["commit_info"], "id": "fedcba9876543210"}
    other = {**document, "machine_info": machine, "commit_info": commit, "datetime": ""}
    assert series(other) == series(document)
    shared = changed(document, sweep="kernel_size", axis="kernel_size", axis_value=7, label="K7")
    assert series(shared) == series(document)
    slower = changed(document, compile_seconds=9.0, peak_memory_bytes=1, notes=["busy"])
    assert series(slower) == series(document)


@pytest.mark.parametrize(
    "change",
    [
        {"batch": 1},
        {"dtype": "float16"},
        {"padding": "valid"},
        {"dilation_rate": 2},
        {"filters": 128},
        {"kernel_size": "3x7"},
        {"cache": "cold"},
        {"backend": "jax"},
        {"parameters": 5},
        {"axis": "temperature", "axis_value": "hot"},
    ],
)
def test_what_is_measured_in_another_way_is_another_series(document, change):
    assert not set(series(changed(document, **change)).values()) & set(series(document).values())


def test_another_baseline_makes_another_series(document):
    before = series(document)
    first, *others = document["benchmarks"]
    xla = {**first, "extra_info": {**first["extra_info"], "executor": "xla"}}
    after = series({**document, "benchmarks": [xla, *others]})
    differs = {name for name in before if before[name] != after[name]}
    assert differs == {name for name in before if "forward" in before[name]}


def test_runs_of_format_1_have_series_too(builder):
    document = builder.document(builder.sweep("groups"))
    assert all("against convolution" in each for each in series(document).values())
