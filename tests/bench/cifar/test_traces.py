"""Which runs of a study are traced, and what is said of it."""

from bench.cifar.models import candidate
from bench.cifar.traces import Traces

CNN, INN = candidate("tutorial_cnn"), candidate("tutorial_inn")


def test_the_first_run_that_is_trained_of_each_model(tmp_path):
    traces = Traces(tmp_path / "cifar", batch=256)
    (finished_before,) = traces.callbacks(CNN, seed=0)
    assert finished_before.run is None
    (traced,) = traces.callbacks(CNN, seed=1)
    traced.run = tmp_path / "profile" / "tutorial_cnn-cifar-seed1"
    assert traces.callbacks(CNN, seed=2) == []
    assert len(traces.callbacks(INN, seed=0)) == 1


def test_the_summary_tells_what_has_no_trace(tmp_path):
    traces = Traces(tmp_path / "cifar", batch=256)
    (callback,) = traces.callbacks(CNN, seed=0)
    assert traces.summary() == "Not traced, since nothing of them was trained: tutorial_cnn"
    traces.callbacks(INN, seed=0)
    callback.run = tmp_path / "profile" / "tutorial_cnn-cifar-seed0"
    command, missing = traces.summary().splitlines()
    assert command.endswith(f"--logdir {(tmp_path / 'profile').as_posix()}")
    assert missing == "Not traced, since nothing of them was trained: tutorial_inn"
