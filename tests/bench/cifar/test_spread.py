"""The runs of a study on nodes that come, go and fail: each is trained once, and none is lost."""

import io
import json

import pytest

from bench.cifar import progress
from bench.cifar.models import candidate
from bench.cifar.runs import planned
from bench.cifar.settings import Settings
from bench.cifar.spread import ClusterStudy
from bench.session.display import Display
from reports.cifar.record import FORMAT, METRICS, TrainingRun
from tests.bench.cluster.simulated import SimulatedPlaces, raises, returns

EPOCHS = 3
MACHINE = {"cores": 2, "tensorflow": "2.20.0"}


class Nodes:
    """Nodes whose agents train one epoch in a second: what is kept of it is all that is real."""

    def __init__(self, epochs=EPOCHS):
        self.places = SimulatedPlaces(self._rule)
        self.epochs = []  # (run, number of the epoch, place), in the order of their ends
        self.hanging, self.broken, self.machines = set(), set(), {}
        self._epochs = epochs
        self._runs = {}  # by place

    def _rule(self, place, work):
        if work["asked"] == "machine":
            machine = self.machines.get(place, MACHINE)
            return returns(5.0, {"machine": machine, "is_done": True})
        if work["asked"] == "train":
            found = work["contents"].get("run.json")
            run = TrainingRun.model_validate_json(found) if found else _begun(work)
            self._runs[place] = progress.noted(run, work["notes"])
        run = self._runs[place]
        name = (run.model, run.seed)
        if (place, name) in self.hanging:
            return None
        if name in self.broken:
            return raises(1.0, "ValueError: no memory")
        if run.epochs == self._epochs:
            return returns(1.0, _answer(progress.changed(run, state="finished")))
        self._runs[place] = progress.after_epoch(run, 1.0, dict.fromkeys(METRICS, 0.5))
        self.epochs.append((*name, run.epochs, place))
        return returns(1.0, _answer(self._runs[place]))


def _begun(work):
    return TrainingRun(
        format=FORMAT,
        model=work["model"],
        seed=work["seed"],
        operator="convolution",
        baseline=None,
        comparison="",
        parameters=10,
        state="stopped",
        history={name: [] for name in METRICS},
        epoch_seconds=[],
        compiled_epochs=[],
        input_seconds=None,
        notes=[],
    )


def _answer(run):
    is_done = run.state == "finished"
    model = "model.keras" if is_done else f"epoch-{run.epochs}.keras"
    contents = {"run.json": run.model_dump_json().encode(), model: b"weights"}
    return {"contents": contents, "curves": {"train/events": b"x"}, "is_done": is_done}


@pytest.fixture
def train(tmp_path):
    """Train a study on nodes; return the owner, and what was said."""

    def run(nodes, *, models=("tutorial_cnn", "tutorial_inn"), seeds=2, limit=None, why_not=None):
        said = io.StringIO()
        study = ClusterStudy(
            nodes.places,
            planned([candidate(name) for name in models], seeds, tmp_path / "study"),
            Settings(epochs=EPOCHS),
            lambda machine: machine,
            why_not or (lambda _: None),
            display=Display(said),
            limit=limit,
            clock=nodes.places.clock,
        )
        study.scheduler.run([nodes.places.next(0.0).place])
        return study, said.getvalue()

    return run


def stored(tmp_path, model="tutorial_cnn", seed=0):
    return json.loads((tmp_path / "study" / model / f"seed-{seed}" / "run.json").read_text())


def test_each_run_is_trained_once_and_kept(train, tmp_path):
    nodes = Nodes()
    nodes.places.join("a", "b")
    study, said = train(nodes)
    assert study.trained == 4
    assert len(nodes.epochs) == len({epoch[:3] for epoch in nodes.epochs}) == 4 * EPOCHS
    assert {place for *_, place in nodes.epochs} == {"a", "b"}
    assert stored(tmp_path)["state"] == "finished"
    files = sorted(path.name for path in (tmp_path / "study" / "tutorial_cnn" / "seed-1").iterdir())
    assert files == ["model.keras", "run.json"]
    curves = tmp_path / "tensorboard" / "study" / "tutorial_inn" / "seed-1" / "train" / "events"
    assert curves.read_bytes() == b"x"
    assert said.count("finished after 3 epochs, test accuracy 0.5000, on ") == 4


def test_what_is_trained_already_is_not_trained_again(train):
    first, second = Nodes(), Nodes()
    first.places.join("a")
    train(first, seeds=1)
    second.places.join("b")
    study, said = train(second)
    assert study.trained == 4
    assert {epoch[1] for epoch in second.epochs} == {1}
    assert "2/4 runs are trained already" in said


def test_a_run_goes_on_elsewhere_after_its_last_full_epoch(train):
    nodes = Nodes()
    nodes.places.join("a")
    nodes.places.leave("a", at=7.5)  # in the third epoch
    nodes.places.join("b", at=8.0)
    study, said = train(nodes, models=["tutorial_cnn"], seeds=1)
    assert study.trained == 1
    assert [epoch[2:] for epoch in nodes.epochs] == [(0, "a"), (1, "a"), (2, "a"), (2, "b")]
    assert "a left: the node is gone" in said


def test_a_failure_is_tried_elsewhere_and_then_recorded_and_the_others_go_on(train, tmp_path):
    whole, nodes = Nodes(epochs=1), Nodes()
    whole.places.join("a")
    train(whole, models=["tutorial_cnn"], seeds=1)
    nodes.broken = {("tutorial_cnn", 0)}
    nodes.places.join("a", "b")
    study, said = train(nodes)
    assert study.trained == 3
    assert "tutorial_cnn, seed 0: failed on a: ValueError: no memory; on b: ValueError" in said
    note = "Training failed on a: ValueError: no memory; on b: ValueError: no memory."
    assert stored(tmp_path)["notes"] == [note]


def test_an_epoch_that_hangs_is_trained_elsewhere(train):
    nodes = Nodes()
    nodes.hanging = {("a", ("tutorial_cnn", 0))}
    nodes.places.join("a", "b")
    study, said = train(nodes, models=["tutorial_cnn"], seeds=1, limit=60)
    assert study.trained == 1
    assert nodes.places.stopped == ["a"]
    assert "a left: an epoch took longer than the limit of 60 s" in said


def test_the_limit_of_an_epoch_is_none_for_the_description_of_a_machine(train):
    nodes = Nodes()
    nodes.places.join("a")
    study, _ = train(nodes, models=["tutorial_cnn"], seeds=1, limit=2)
    assert study.trained == 1
    assert nodes.places.stopped == []


def test_the_only_node_may_come_back(train):
    nodes = Nodes()
    nodes.places.join("a")
    nodes.places.leave("a", at=1.0)  # while it describes its machine
    nodes.places.join("a", at=99.0)
    study, _ = train(nodes, models=["tutorial_cnn"], seeds=1)
    assert study.trained == 1


def test_another_machine_is_noted_and_an_unfit_one_is_not_used(train, tmp_path):
    nodes = Nodes()
    nodes.machines["b"] = {**MACHINE, "tensorflow": "2.21.0"}
    nodes.places.join("a", "b", "c")
    _, said = train(
        nodes, models=["tutorial_cnn"], why_not=lambda place: "too old" * (place.name == "c")
    )
    notes = [stored(tmp_path, seed=seed)["notes"] for seed in (0, 1)]
    assert notes == [[], ["Trained in part with other tensorflow than the study began"]]
    assert "c does not train: too old" in said
