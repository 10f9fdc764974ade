"""What cannot be done is refused before anything is measured or written."""

import json
import platform

import keras
import pytest
from keras import layers

from bench.own.subject import described, own_model
from bench.trial import __main__ as command_line
from bench.trial import command
from bench.trial.choice import Wish
from reports.sources.case import DIRECTIONS
from tests.reports.conftest import Builder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A saved model with two layers that involution can replace, and one that it cannot."""
    images = keras.Input((8, 8, 16))
    x = layers.Conv2D(16, 3, padding="same", name="first")(images)
    x = layers.Conv2D(16, 3, name="bare")(x)
    x = layers.Conv2D(8, 3, name="last")(x)
    path = tmp_path_factory.mktemp("model") / "small.keras"
    keras.Model(images, x, name="small").save(path)
    return path


@pytest.fixture
def main(model, monkeypatch, tmp_path):
    """Run the command line up to the point where work would begin; return the checked trial."""
    found = []
    monkeypatch.setattr(command, "run", lambda trial: found.append(trial) or 0)
    # The tests' own process may not change how it is ended, nor what it may use.
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    monkeypatch.setattr(command_line.tf.config, "set_visible_devices", lambda *_: None)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    monkeypatch.chdir(model.parent)

    def run(*words):
        assert command_line.main([str(word) for word in ("small.keras", *words)]) == 0
        return found[-1]

    return run


def results(path, model, **changes):
    """A results file with a record of the layers of a model."""
    own = own_model(str(model))
    builder = Builder(rounds=6)
    record = builder.record("layers", "convolution", height=8)
    record["extra_info"] |= {"axis": "label", "axis_value": "8x8x16, 3x3", "label": "8x8x16, 3x3"}
    content = {**builder.document([record]), "model": {**described(own), **changes}}
    content["machine_info"]["node"] = platform.node()
    path.write_text(json.dumps(content))
    return path


def test_without_options_the_measurement_chooses(main, model, tmp_path):
    trial = main()
    assert trial.wish == Wish(None, None, DIRECTIONS)
    assert trial.words == (
        f"--layers-of={model}",
        *("--batch=8", "--sweep-size=default", "--processes=1"),
    )
    assert trial.output == tmp_path / "results" / "trial" / "small.json"
    assert trial.page.name == "small.html"
    assert not trial.output.parent.exists()


def test_options_reach_the_runs_and_the_choice(main, model):
    trial = main(
        *("--replace", "f*", "--replace", "bare", "--kernel-size", "7x7", "--favour", "forward"),
        *("--batch", "2", "--image-size", "8", "--sweep-size", "quick", "--processes", "3"),
        *("-o", "out/a.json", "--save", "out/b.keras", "--resume", "--", "--precision=5"),
    )
    assert trial.wish == Wish(["first", "bare"], 7, ("forward",))
    assert trial.words[1:] == (
        *("--batch=2", "--image-size=8x8", "--sweep-size=quick", "--processes=3", "--precision=5"),
    )
    assert trial.output == model.parent / "out" / "a.json"
    assert trial.part("whole") == model.parent / "out" / "a.whole.json"
    assert trial.save == model.parent / "out" / "b.keras"
    assert trial.resumes


BAD = [
    (("--replace", "none"), "must match a layer that involution can replace: first, bare"),
    (("--replace", "last"), "Received: 'last'"),
    (("--kernel-size", "4"), "must be odd"),
    (("--kernel-size", "seven"), "must be an integer, or two of them as 3x7"),
    (("--kernel-size", "5"), "expected one that is measured, 3x3, 7x7. Received: 5"),
    (("--replace", "bare", "--kernel-size", "3x5"), "kernel_size=(3, 5) in the place of (3, 3)"),
    (("--save", "new.h5"), 'expected a name that ends in ".keras". Received: new.h5'),
    (("--save", "small.keras"), "expected another file than that of the model"),
    (("-o", "results"), 'expected a name that ends in ".json". Received: results'),
    (("-o", "small.keras/a.json"), "small.keras is a file; expected a folder"),
    (("--layers", "none.json"), "none.json: no such file"),
    (("--layers", "small.keras"), "small.keras: not JSON"),
    (("--import", "no_such_module"), "expected a module that can be imported"),
    (("--image-size", "9"), "The image size must be that of the model"),
    (("--batch", "0"), "expected an integer of at least 1"),
    (("--", "--resume"), "behind --: a trial takes no --resume"),
    (("--", "--benchmark-json=x"), "behind --: a trial takes no --benchmark-json"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=lambda value: " ".join(value)[:40])
def test_what_cannot_be_done_is_refused_in_one_sentence(main, capsys, words, message):
    with pytest.raises(SystemExit) as error:
        main(*words)
    assert error.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def test_a_file_that_is_no_model_is_refused(main, capsys, tmp_path):
    (tmp_path / "none.keras").write_text("nothing")
    with pytest.raises(SystemExit) as error:
        command_line.main([str(tmp_path / "none.keras")])
    assert error.value.code == 2
    assert "A model must be a .keras file" in capsys.readouterr().err


def test_results_of_the_same_layers_are_used(main, model, tmp_path):
    path = results(tmp_path / "layers.json", model)
    assert main("--layers", path).layers == path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": 4}, "with batch=8. Received: small with batch=4"),
        ({"digest": "0" * 64}, "Received: small with digest=000"),
        ({"width": 9}, "with width=8. Received: small with width=9"),
    ],
    ids=str,
)
def test_results_of_another_model_are_refused(main, model, tmp_path, capsys, changes, message):
    path = results(tmp_path / "layers.json", model, **changes)
    with pytest.raises(SystemExit):
        main("--layers", path)
    assert message in capsys.readouterr().err


def test_results_of_another_machine_or_without_layers_are_refused(main, model, tmp_path, capsys):
    path = results(tmp_path / "layers.json", model)
    content = json.loads(path.read_text())
    for changed, message in (
        ({"machine_info": {"node": "elsewhere"}}, "Received: elsewhere"),
        ({"benchmarks": []}, "expected records of layers. Received: none"),
    ):
        path.write_text(json.dumps({**content, **changed}))
        with pytest.raises(SystemExit):
            main("--layers", path)
        assert message in capsys.readouterr().err
