"""Two runs with planted changes: what is found, and what is not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from reports.__main__ import main
from reports.sweeps.changes import basis, in_words
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document


class Sweeps:
    """Pairs of runs of the same cases, with a scatter between runs besides that of rounds."""

    def __init__(self, builder, scatter=0.01, noise=0.02):
        builder.noise = noise
        self.builder, self.scatter = builder, scatter

    def document(self, slower=(), machine=1.0, **top):
        """A run; `slower` is a share by a part of the test's name."""
        entries = self.builder.sweep("kernel_size")
        for entry in entries:
            is_baseline = entry["extra_info"]["operator"] == "convolution"
            shift = 0 if is_baseline else self.builder.random.normal(0, self.scatter)
            factor = np.exp(shift)
            for part, share in dict(slower).items():
                factor *= 1 + share if part in entry["name"] else 1
            stats, info = entry["stats"], entry["extra_info"]
            stats["data"] = [t * factor * machine for t in stats["data"]]
            info["baseline_seconds"] = [t * machine for t in info["baseline_seconds"]]
        return self.builder.document(entries, **top)

    def compare(self, before, after, threshold=0.05):
        return compare(from_document(before, "old"), from_document(after, "new"), threshold)


@pytest.fixture
def sweeps(builder):
    return Sweeps(builder)


@pytest.mark.parametrize("scatter", [0.0, 0.01, 0.03])
def test_equal_code_closes_the_gate_in_at_most_one_of_twenty_pairs(builder, scatter):
    sweeps = Sweeps(builder, scatter)
    closed = [
        len(sweeps.compare(sweeps.document(), sweeps.document(machine=1.3)).slower) > 0
        for _ in range(20)
    ]
    assert sum(closed) <= 1


def test_a_slower_case_is_found_and_only_that(sweeps):
    changed = sweeps.document({"fused-forward-7": 0.25})
    found = sweeps.compare(sweeps.document(), changed)
    assert [name.split("[")[1] for name in found.slower["fullname"]] == [
        "involution-fused-forward-7]"
    ]
    case = found.slower.iloc[0]
    assert case["low"] < 1.25 < case["high"]
    assert "slower: bench/bench_kernel_size.py" in in_words(found)


def test_a_change_of_every_case_is_no_noise(sweeps):
    changed = sweeps.document({"involution": 0.4, "depthwise": 0.4})
    found = sweeps.compare(sweeps.document(), changed)
    assert len(found.slower) == 3 * 2 * 7


def test_a_machine_in_another_state_is_said(sweeps):
    found = sweeps.compare(sweeps.document(), sweeps.document())
    assert "machine was in another state" not in in_words(found)
    said = in_words(replace(found, drift=0.124))
    assert "the ratios of the other operators moved by at least 12 %" in said


def test_it_is_said_where_the_uncertainty_comes_from(sweeps):
    found = sweeps.compare(sweeps.document(), sweeps.document())
    assert "How far two runs of the same code differ is estimated" in basis(found)
    found = replace(found, processes=(5, 5), scatter="pairs")
    assert basis(found).startswith("The processes of both sides were measured in pairs, 5 of them.")
    found = replace(found, scatter="processes")
    assert basis(found).startswith("The scatter between processes (5 in the older run")


def test_faster_closes_no_gate(sweeps):
    found = sweeps.compare(sweeps.document({"fused": 0.8}), sweeps.document())
    assert (found.cases["verdict"] == "faster").sum() == 14
    assert found.slower.empty


def test_a_slower_machine_changes_no_ratio_and_closes_no_gate(sweeps):
    found = sweeps.compare(sweeps.document(), sweeps.document(machine=1.5))
    seconds = found.cases[found.cases["quantity"] == "seconds"]
    assert (seconds["verdict"] == "slower").all()
    assert found.slower.empty


def test_what_one_run_lacks_and_other_machines_are_said(sweeps):
    before, after = sweeps.document(), sweeps.document()
    gone = before["benchmarks"][-1]["fullname"]
    after["benchmarks"].pop()
    after["machine_info"] = {**after["machine_info"], "tensorflow": "3.0"}
    found = sweeps.compare(before, after)
    assert found.unjudged == [(gone, "not in the newer run")]
    assert found.differences == ["tensorflow: 2.21.0 before, 3.0 after"]
    assert "tensorflow: 2.21.0 before, 3.0 after" in in_words(found)
    assert gone in in_words(found)


@pytest.fixture
def files(sweeps, tmp_path):
    old, same, slow = (tmp_path / f"{name}.json" for name in ("old", "same", "slow"))
    old.write_text(json.dumps(sweeps.document()))
    same.write_text(json.dumps(sweeps.document()))
    slow.write_text(json.dumps(sweeps.document({"fused-forward-7": 0.25})))
    return old, same, slow


def test_the_gate(files, tmp_path, capsys):
    old, same, slow = map(str, files)
    page = tmp_path / "page.html"
    gate = ["-o", str(page), "--baseline", old, "--fail-if-slower", "5%"]
    assert main([same, *gate]) == 0
    assert "Compared 56 records" in capsys.readouterr().out
    assert main([slow, *gate]) == 1
    assert "1 record became slower" in capsys.readouterr().err
    text = page.read_text(encoding="utf-8")
    assert "Comparison with an older run" in text
    assert "involution-fused-forward-7]" in text.split('id="comparison"')[1].split("</section>")[0]
    assert main([slow, *gate[:4]]) == 0


def test_the_gate_fails_where_nothing_is_compared(builder, files, tmp_path, capsys):
    old = str(files[0])
    other = tmp_path / "other.json"
    other.write_text(json.dumps(builder.document(builder.sweep("resolution"))))
    page = ["-o", str(tmp_path / "page.html"), "--baseline", old]
    assert main([str(other), *page]) == 0
    assert main([str(other), *page, "--fail-if-slower", "5%"]) == 3
    assert "nothing was compared" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--fail-if-slower", "5%"], "needs --baseline"),
        (["--baseline", "old", "--fail-if-slower", "-5%"], "expected"),
        (["--baseline", "old", "--fail-if-slower", "five%"], "percentage"),
        (["a", "b", "--baseline", "old"], "one FILE"),
        (["a", "--allow-missing"], "needs --fail-if-slower"),
    ],
)
def test_wrong_usage_is_status_2(words, reason, tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*words, "-o", str(tmp_path / "page.html")])
    assert stop.value.code == 2
    assert reason in capsys.readouterr().err


def test_an_unreadable_baseline_is_status_1_and_3_for_a_gate(files, tmp_path, capsys):
    page = str(tmp_path / "page.html")
    words = [str(files[1]), "-o", page, "--baseline", str(tmp_path / "none.json")]
    assert main(words) == 1
    assert "no such file" in capsys.readouterr().err
    assert main([*words, "--fail-if-slower", "5%"]) == 3
