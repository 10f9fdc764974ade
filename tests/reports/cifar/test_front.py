"""The first screen of a study: who is more accurate, by how much, with how many parameters."""

import pytest

from reports.cifar.load import read
from reports.cifar.view import show
from tests.reports.cifar import studies


def front_of(folder, cnn, inn):
    """The first screen of a study with planted accuracies of its seeds."""
    runs = [studies.run("tutorial_cnn", seed, final) for seed, final in enumerate(cnn)]
    runs += [studies.run("tutorial_inn", seed, final) for seed, final in enumerate(inn)]
    (part,) = show([read(studies.write(folder / "cifar", runs))])
    return part.front


@pytest.mark.parametrize(
    ("inn", "word", "wins", "loses"),
    [
        ((0.50, 0.51, 0.52), "less", "not in accuracy.", "0.20 less test accuracy of tutorial_inn"),
        ((0.90, 0.91, 0.92), "more", "0.20 more test accuracy of tutorial_inn", "not in accuracy."),
    ],
)
def test_a_difference_is_said_with_its_interval(tmp_path, inn, word, wins, loses):
    front = front_of(tmp_path, (0.70, 0.71, 0.72), inn)
    assert front.title == (
        f"tutorial_inn is {word} accurate than tutorial_cnn, with less than a tenth of its "
        "parameters"
    )
    assert front.lines[0].startswith(f"Where it wins: {wins}")
    assert front.lines[1].startswith(f"Where it loses: {loses}")
    # Welch by hand: half the interval is t(0.975, 4) x sqrt(2 x 0.0001 / 3) = 0.0227.
    assert "(0.18 to 0.22)" in "".join(front.lines)
    assert "0.041 times the parameters" in front.lines[2]


def test_what_may_be_chance_is_not_decided(tmp_path):
    front = front_of(tmp_path, (0.60, 0.70, 0.80), (0.62, 0.70, 0.84))
    assert front.title == "Whether tutorial_inn is more accurate than tutorial_cnn is not decided"
    assert "Not decided: tutorial_inn against tutorial_cnn." in front.lines[1]


def test_a_study_without_a_finished_run_has_no_figure(tmp_path):
    runs = [studies.run(state="stopped")]
    (part,) = show([read(studies.write(tmp_path / "cifar", runs))])
    assert part.front.title == "No run is finished yet"
    assert part.front.lines == []
    assert part.front.figure is None
