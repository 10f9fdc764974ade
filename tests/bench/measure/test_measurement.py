from dataclasses import FrozenInstanceError, replace
from time import perf_counter, sleep

import pytest

from bench.cases import Case
from bench.measure import measurement as measurement_module
from bench.measure import prepared as prepared_module
from bench.measure.calls import Call
from bench.measure.limit import TimeLimitError
from bench.measure.measurement import Measurement, Plan
from bench.measure.prepared import Preparer
from bench.measure.stopping import Limits
from bench.measure.whole_case import BaselineError, RetracedError, WholeCase, measure
from bench.operators import BASELINE, FUSED
from bench.sweeps import Competitor, competitors

CASE = Case(batch=1, height=6, width=6, channels=4, kernel_size=3, groups=2)
PLAN = Plan(Limits(0.01, 0.01, 6), perf_counter, "warm", time_limit=60)


def failing(case):
    raise MemoryError("no room")


BROKEN = replace(FUSED, name="broken", build=failing)


@pytest.fixture
def begun():
    """The operators whose turn to be prepared it was, None where the rounds began."""
    return []


@pytest.fixture
def measured(begun):
    """A function that measures a case, and returns what became of each operator by its name."""
    preparer = Preparer()

    def measure_one(*operators, case=CASE, plan=PLAN):
        whole = WholeCase("case", competitors((BASELINE, *operators), case), order_seed=1)
        measured = measure([whole], preparer, plan, lambda _, which: begun.append(which))
        assert measured == [whole]
        assert whole.outcomes.keys() == set(whole.competitors)
        return {str(each.operator): whole.outcomes[each] for each in whole.competitors}

    return measure_one


def test_all_operators_of_a_case_are_timed_in_the_same_rounds(measured):
    found = measured(FUSED)
    assert list(found) == ["convolution", "twin", "involution-fused"]
    baseline = found["convolution"]
    assert baseline.seconds == baseline.baseline_seconds
    for each in found.values():
        assert 0 < len(each.seconds) == len(each.baseline_seconds)
        assert each.baseline_seconds == baseline.seconds[: len(each.seconds)]
        assert each.stopped in {"decided", "precise", "time"}
        assert (each.order_seed, each.cache) == (1, "warm")
        assert each.warmup_rounds >= 2


def test_a_measurement_is_a_value(measured):
    measurement = measured()["convolution"]
    assert all(seconds > 0 for seconds in measurement.seconds)
    with pytest.raises(FrozenInstanceError):
        measurement.notes = ()


def test_costs_are_counted_but_for_the_twin(measured):
    found = measured(FUSED)
    assert found["convolution"].peak_memory_bytes > 0
    assert found["convolution"].counted_flops > 0
    twin = found["twin"]
    assert twin.peak_memory_bytes is twin.counted_flops is None
    assert twin.notes[-1] == "memory and FLOPs: those of the baseline"


def test_what_the_next_case_shares_is_not_compiled_again(measured, monkeypatch):
    built = []
    prepare = prepared_module.prepare
    monkeypatch.setattr(
        prepared_module, "prepare", lambda *what: built.append(str(what[0])) or prepare(*what)
    )
    case = replace(CASE, width=7, channels=8)
    first = measured(FUSED, case=case)
    again = measured(FUSED, case=replace(case, groups=4))
    assert built == ["convolution", "twin", "involution-fused", "involution-fused"]
    assert first["convolution"].compile_seconds == again["convolution"].compile_seconds > 0


def test_what_was_compiled_before_is_said(measured):
    case = replace(CASE, width=5)
    assert measured(FUSED, case=case)["involution-fused"].compile_seconds > 0
    measured(case=replace(case, direction="training"))
    again = measured(FUSED, case=case)["involution-fused"]
    assert again.compile_seconds is None
    assert "compiled before, by another record of the same case" in again.notes


def test_where_nothing_is_timed_there_are_no_rounds(measured):
    found = measured(FUSED, plan=replace(PLAN, is_timed=False))
    assert all(each.seconds == each.baseline_seconds == () for each in found.values())


def test_who_is_prepared_is_told_before(measured, begun):
    measured(BROKEN, FUSED)
    names = ["convolution", "twin", "broken-fused", "involution-fused"]
    assert [str(each.operator) for each in begun[:-1]] == names
    assert begun[-1] is None


def test_an_operator_that_fails_leaves_the_others_alone(measured):
    found = measured(BROKEN, FUSED)
    assert isinstance(found["broken-fused"], MemoryError)
    assert isinstance(found["involution-fused"], Measurement)


def test_without_the_baseline_no_operator_has_a_ratio(measured):
    baseline = replace(BASELINE, build=failing)
    whole = WholeCase("case", competitors((baseline, FUSED), CASE), order_seed=1)
    measure([whole], Preparer(), PLAN, begins=lambda *_: None)
    first, *others = [whole.outcomes[each] for each in whole.competitors]
    assert isinstance(first, MemoryError)
    assert isinstance(others[-1], BaselineError)
    assert str(others[-1]) == "its baseline could not be measured: MemoryError: no room"


def test_an_operator_past_its_time_is_given_up(measured):
    slow = replace(FUSED, name="slow", build=lambda case: sleep(10))
    found = measured(slow, plan=replace(PLAN, time_limit=1.5))
    assert isinstance(found["slow-fused"], TimeLimitError)
    assert isinstance(found["convolution"], Measurement)


def test_a_function_that_is_traced_again_has_no_times(measured, monkeypatch):
    traces = iter(range(100))
    monkeypatch.setattr(Call, "traces", property(lambda call: next(traces)))
    found = measured()["convolution"]
    assert isinstance(found, RetracedError)
    assert "convolution was traced again while it was timed, on Case" in str(found)


def test_a_retraced_baseline_is_no_measure_for_the_others(measured, monkeypatch):
    traces = iter(range(100))
    monkeypatch.setattr(Call, "traces", property(lambda call: next(traces)))
    assert isinstance(measured(FUSED)["involution-fused"], BaselineError)


def fail(call):
    raise OSError("no space left")


@pytest.mark.parametrize(
    ("trace", "expected", "note"),
    [
        (lambda call: 0.5, (0.5,) * 5, None),
        (lambda call: None, None, "device time not measured: no event in the trace"),
        (fail, None, "device time not measured: OSError: no space left"),
    ],
)
def test_a_trace_that_fails_on_a_gpu_costs_no_times(trace, expected, note, measured, monkeypatch):
    monkeypatch.setattr(measurement_module, "ACCELERATED", True)
    monkeypatch.setattr(measurement_module, "busy_seconds", trace)
    found = measured()["convolution"]
    assert found.seconds
    assert found.device_seconds == expected
    assert [each for each in found.notes if each.startswith("device")] == ([note] if note else [])


def test_an_error_in_a_round_has_the_notes_that_were_made_before_it(measured, monkeypatch):
    monkeypatch.setattr(prepared_module, "check", lambda *_: "not compared, for a reason")
    calls = iter(range(100))

    def fail_later(call):
        if next(calls) > 9:
            raise ZeroDivisionError("in a round")

    monkeypatch.setattr(Call, "__call__", fail_later)
    found = measured()["convolution"]
    assert isinstance(found, ZeroDivisionError)


@pytest.mark.parametrize(
    ("owner", "name", "what"),
    [
        (measurement_module, "peak_memory", "peak memory"),
        (Call, "counted_flops", "FLOPs"),
    ],
)
@pytest.mark.parametrize("error", [OSError("no space left"), RuntimeError("a bug of the counter")])
def test_times_are_kept_where_another_number_fails(owner, name, what, error, measured, monkeypatch):
    def fail(call):
        raise error

    monkeypatch.setattr(owner, name, fail)
    measurement = measured()["convolution"]
    assert measurement.baseline_seconds
    assert f"{what} not measured: {type(error).__name__}: {error}" in measurement.notes


def test_formulas_that_fail_are_the_operators_own_fault(measured):
    def fail(case):
        raise ZeroDivisionError("no formula")

    costless = replace(BASELINE, name="costless", costs=fail)
    found = measured(costless)
    assert isinstance(found["costless"], ZeroDivisionError)
    assert isinstance(found["convolution"], Measurement)


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_what_the_counter_sees_in_part_is_no_count(direction, measured):
    case = replace(CASE, channels=64, kernel_size=7, direction=direction)
    found = measured(FUSED, case=case)
    assert found["involution-fused"].counted_flops is None
    assert any("XLA" in note for note in found["involution-fused"].notes)
    assert found["convolution"].counted_flops == BASELINE.costs(BASELINE.fit(case)).flops


def test_a_competitor_is_known_by_operator_and_case():
    assert Competitor(BASELINE, CASE) == Competitor(BASELINE, replace(CASE))
    assert Competitor(BASELINE, CASE) != Competitor(replace(BASELINE, is_twin=True), CASE)
