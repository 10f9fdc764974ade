from dataclasses import replace

import pytest

from bench import bench_models
from bench.bench_models import EXECUTORS, OPERATORS, SWEEP
from bench.measure.calls import prepare
from bench.sweeps import competitors, plan


def of(name, direction):
    case = replace(SWEEP.base, direction=direction)
    return next(op for op in OPERATORS if op.name == name and op.fit(case))


@pytest.mark.parametrize("direction", EXECUTORS)
def test_each_direction_has_its_executor_and_resnet_as_its_baseline(direction):
    chosen = [pair for pair in plan(SWEEP, "default", OPERATORS) if pair[1].direction == direction]
    assert {operator.executor for operator, _ in chosen} == {EXECUTORS[direction]}
    for _, case in chosen:
        baseline = competitors(OPERATORS, case)[0]
        assert (baseline.operator.implementation, baseline.case) == ("resnet50", case)


def test_nobody_trains_with_one_image():
    chosen = {(case.batch, case.direction) for _, case in plan(SWEEP, "default", OPERATORS)}
    assert chosen == {(1, "forward"), (8, "forward"), (8, "training")}


def test_published_parameters_and_flops():
    """Table 1 of the paper: 15.54 M parameters and 2.71 G of what it calls FLOPs."""
    costs = of("involution", "forward").costs(replace(SWEEP.base, batch=1))
    assert costs.parameters == 15_541_526
    assert round(costs.published_operations / 1e9, 2) == 2.71


def test_macs_are_those_of_convolutions_and_dense_layer_alone():
    """ResNet-50 is known to have 4.089 G MACs per image; training has three times as many."""
    costs = of("convolution", "forward").costs(replace(SWEEP.base, batch=2))
    assert round(costs.macs / 2e9, 3) == 4.089
    training = replace(SWEEP.base, batch=2, direction="training")
    training_costs = of("convolution", "training").costs(training)
    assert training_costs.macs == 3 * costs.macs
    assert training_costs.published_operations is None


def test_training_differentiates_by_the_weights_alone(monkeypatch):
    monkeypatch.setattr(bench_models, "DEPTH", 26)
    case = replace(SWEEP.base, batch=2, height=32, width=32, direction="training")
    call = prepare(of("convolution", "training"), case)
    outputs, gradients = call()
    assert outputs.shape == (2, 1000)
    assert [g.shape for g in gradients] == [w.shape for w in call.layer.trainable_variables]
