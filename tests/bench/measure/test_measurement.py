from dataclasses import FrozenInstanceError, replace

import pytest

from bench.cases import Case
from bench.measure import measurement as measurement_module
from bench.measure.measurement import RetracedError, measure
from bench.measure.rounds import Limits, timed
from bench.operators import BASELINE, OPERATORS, baseline

CASE = Case(batch=1, height=6, width=6, channels=4, kernel_size=3, groups=2)
[FUSED] = [operator for operator in OPERATORS if operator.implementation == "fused"]


def timer(profiled=False):
    """Time rounds as pytest-benchmark does; with a profiler it runs one more call, untimed."""

    def time_rounds(call, *, setup, rounds):
        seconds = []
        for _ in range(rounds + profiled):
            setup()
            seconds.append(timed(call))
        return seconds[:rounds]

    return time_rounds


def measured(operator, case, time_rounds=None):
    case = operator.fit(case)
    return measure(
        operator,
        case,
        baseline(OPERATORS, case),
        limits=Limits(0.01, 0.01, 6),
        time_rounds=time_rounds or timer(),
    )


def test_only_the_first_record_of_a_case_has_its_compilation():
    case = replace(CASE, width=7)
    first, again = measured(FUSED, case), measured(FUSED, case)
    assert first.compile_seconds > 0
    assert again.compile_seconds is None
    assert "compiled before, by another record of the same case" in again.notes
    assert measured(BASELINE, case).compile_seconds is None  # was in the rounds of the others
    assert measured(FUSED, replace(case, direction="training")).compile_seconds > 0


def test_the_round_of_a_profiler_does_not_count():
    measurement = measured(FUSED, CASE, timer(profiled=True))
    assert len(measurement.seconds) == len(measurement.baseline_seconds)
    assert len(measurement.seconds) % 2 == 0


def test_a_measurement_is_a_value():
    measurement = measured(BASELINE, CASE)
    assert measurement.warmup_rounds > 2
    assert all(seconds > 0 for seconds in measurement.seconds + measurement.baseline_seconds)
    assert hash(measurement) == hash(replace(measurement))
    with pytest.raises(FrozenInstanceError):
        measurement.notes = ()


def test_where_nothing_is_timed_there_are_no_rounds():
    def run_once(call, *, setup, rounds):
        setup()
        call()
        return ()

    measurement = measured(BASELINE, CASE, run_once)
    assert measurement.seconds == measurement.baseline_seconds == ()


def test_a_function_that_is_traced_again_has_no_times(monkeypatch):
    counts = iter(range(100))
    monkeypatch.setattr(measurement_module.Call, "traces", property(lambda call: next(counts)))
    with pytest.raises(RetracedError, match=r"involution-fused was traced again .* Case"):
        measured(FUSED, CASE)


@pytest.mark.parametrize("error", [ZeroDivisionError, pytest.fail.Exception])
def test_an_error_has_the_notes_that_were_made_before_it(error, monkeypatch):
    monkeypatch.setattr(measurement_module, "check", lambda *_: "not compared, for a reason")

    def fail(call, *, setup, rounds):
        raise error("in a round")

    with pytest.raises(error) as caught:
        measured(FUSED, CASE, fail)
    assert caught.value.__notes__ == ["not compared, for a reason"]


@pytest.mark.parametrize(
    ("owner", "name", "what"),
    [
        (measurement_module, "peak_memory", "peak memory"),
        (measurement_module.Call, "counted_flops", "FLOPs"),
    ],
)
def test_times_are_kept_where_another_number_fails(owner, name, what, monkeypatch):
    def fail(call):
        raise OSError("no space left")

    monkeypatch.setattr(owner, name, fail)
    measurement = measured(BASELINE, CASE)
    assert measurement.baseline_seconds
    assert f"{what} not measured: OSError: no space left" in measurement.notes


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_what_the_counter_sees_in_part_is_no_count(direction):
    case = replace(CASE, channels=64, kernel_size=7, direction=direction)
    measurement = measured(FUSED, case)
    assert measurement.counted_flops is None
    assert any("XLA" in note for note in measurement.notes)
    assert measured(BASELINE, case).counted_flops == BASELINE.costs(BASELINE.fit(case)).flops
