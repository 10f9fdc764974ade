"""Sentences: true of planted truths, and no more certain than they."""

import pytest

from reports.cifar import findings
from reports.cifar.load import read
from reports.cifar.statistics import Estimate, Summary, differences, summaries
from tests.reports.cifar import studies

SETTINGS = {"epochs": 20, "batch": 256, "learning_rate": 0.001, "augment": False}


def said(folder):
    study = read(folder).content
    found = summaries(study)
    return list(findings.headlines(study, found, differences(found)))


def test_a_comparison_has_its_interval_and_costs(study):
    (sentence,) = said(study)
    assert sentence.startswith(
        "tutorial_inn against tutorial_cnn (the tutorial's pair): 0.260 less"
    )
    assert "3 and 3 seeds" in sentence
    assert "0.041 times the parameters" in sentence
    assert "1.00 times the time per epoch" in sentence
    # 0.26 +- t * sqrt(0.01^2 / 3 + 0.05^2 / 3), t of 2.16 degrees of freedom being 4.012.
    assert "95 % interval 0.142 to 0.378" in sentence


def test_an_undecided_difference_says_so(tmp_path):
    runs = [studies.run(m, s, 0.6 + 0.1 * s) for m in studies.PARAMETERS for s in range(2)]
    (sentence,) = said(studies.write(tmp_path, runs))
    assert "which may be chance: 95 % interval -0." in sentence


def test_single_runs_have_no_interval(tmp_path):
    runs = [studies.run(model) for model in studies.PARAMETERS]
    (sentence,) = said(studies.write(tmp_path, runs))
    assert "too few runs for an interval" in sentence


def test_a_model_alone_and_no_finished_run(tmp_path):
    (sentence,) = said(studies.write(tmp_path / "alone", [studies.run()]))
    assert sentence == "tutorial_cnn reaches a test accuracy of 0.700 (interval unknown)."
    folder = studies.write(tmp_path / "none", [studies.run(state="stopped")])
    assert said(folder) == ["No run is finished yet."]


def summary(*values):
    estimate = Estimate.of(values)
    return Summary(
        *("tutorial_cnn", "convolution", None, "", 1, ()),
        *(estimate, estimate, estimate, (), 0.0),
    )


@pytest.mark.parametrize(
    ("values", "figure", "words"),
    [
        ((0.72, 0.73, 0.74), 0.7304, ("is inside the spread", "and inside the range")),
        ((0.70, 0.71, 0.72), 0.7304, ("is outside the spread", "and inside the range")),
        ((0.700, 0.701, 0.702), 0.7304, ("is outside the spread", "and outside the range")),
        ((0.7,), 0.7304, ("compares with 0.7000 here", "one seed has no spread")),
    ],
)
def test_published_figures_against_the_spread(values, figure, words):
    sentence = findings.published(summary(*values), figure)
    assert sentence.startswith("The tutorial's single run of tutorial_cnn, 0.7304,")
    assert all(word in sentence for word in words)


def test_both_published_figures_are_judged_in_the_tutorials_settings(tmp_path):
    sentences = said(studies.write(tmp_path, settings=SETTINGS))
    assert [sentence.split(",")[1] for sentence in sentences[1:]] == [" 0.7304", " 0.4719"]


def test_titles_state_findings(study):
    found = summaries(read(study).content)
    compared = differences(found)
    assert findings.curves_title(found).endswith("tutorial_cnn 0.710, tutorial_inn 0.450")
    assert findings.parameters_title(compared) == (
        "With 0.041 times the parameters, tutorial_inn has 0.260 less accuracy than tutorial_cnn"
    )
    assert findings.time_title(compared) == (
        "An epoch of tutorial_inn takes 1.00 times that of tutorial_cnn"
    )
