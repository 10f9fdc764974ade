from dataclasses import replace

import pytest

from bench.bench_stride import SWEEP
from bench.cases import Case
from bench.measure import measurement
from bench.measure.measurement import measure
from bench.measure.rounds import Limits
from bench.operators import BASELINE, OPERATORS, baseline
from bench.session.record import Record

CASE = Case(batch=1, height=6, width=6, channels=4, kernel_size=3, groups=2)
[FUSED] = [operator for operator in OPERATORS if operator.implementation == "fused"]


class Rounds:
    """Runs rounds as pytest-benchmark does; with a profiler it runs one more."""

    def __init__(self, profiled):
        self.profiled = profiled

    def pedantic(self, call, setup, rounds):
        for _ in range(rounds + self.profiled):
            setup()
            call()


def measured(operator, case, profiled=False):
    case = operator.fit(case)
    record = Record.begin(SWEEP.name, SWEEP.axis, operator, case)
    against = baseline(OPERATORS, case)
    measure(Rounds(profiled), record, operator, case, against, Limits(0.01, 0.01, 6))
    return record


def test_only_the_first_record_of_a_case_has_its_compilation():
    case = replace(CASE, width=7)
    first, again = measured(FUSED, case), measured(FUSED, case)
    assert first.compile_seconds > 0
    assert again.compile_seconds is None
    assert "compiled before, by another record of the same case" in again.notes
    assert measured(BASELINE, case).compile_seconds is None  # ran in turn with the others
    assert measured(FUSED, replace(case, direction="training")).compile_seconds > 0


def test_the_round_of_a_profiler_does_not_count():
    record = measured(FUSED, CASE, profiled=True)
    assert record.rounds == len(record.baseline_seconds)
    assert record.rounds % 2 == 0


@pytest.mark.parametrize(
    ("name", "what"), [("peak_memory", "peak memory"), ("profiler_flops", "FLOPs")]
)
def test_times_are_kept_where_another_number_fails(name, what, monkeypatch):
    def fail(call):
        raise OSError("no space left")

    monkeypatch.setattr(measurement, name, fail)
    record = measured(BASELINE, CASE)
    assert record.baseline_seconds
    assert f"{what} not measured: OSError: no space left" in record.notes


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_what_the_counter_sees_in_part_is_no_count(direction):
    case = replace(CASE, channels=64, kernel_size=7, direction=direction)
    record = measured(FUSED, case)
    assert record.profiler_flops is None
    assert any("XLA" in note for note in record.notes)
    record = measured(BASELINE, case)
    assert record.profiler_flops == record.flops
