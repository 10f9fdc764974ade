"""No label on another one, on a tick or on a point, and none cut off, whatever is drawn."""

import pytest

from reports.drawing.panel import panel
from reports.kinds import KINDS, read
from reports.sweeps.load import from_document
from reports.sweeps.show import show
from tests.reports.conftest import Builder, results_of
from tests.reports.drawing.layout import recorded
from tests.reports.profiling import traces
from tests.reports.synthetic import COMPETITORS

CONDITIONS = {"peak_flops": 3e11, "peak_bandwidth": 2e10, "last_cache_bytes": 2**25}
SHAPES = [(14, 7), (32, 3), (32, 7), (56, 7), (112, 15)]
RIVALS = (
    *COMPETITORS,
    ("convolution", "keras-3x3", "graph"),
    ("separable convolution", "keras", "graph"),
    ("involution", "native", "graph"),
    ("involution", "native-stored", "graph"),
)


def named(builder, shapes=SHAPES):
    """Cases with names, of sizes that do not grow along any axis."""
    entries = []
    for pixels, size in shapes:
        for direction in ("forward", "training"):
            label = {"height": pixels, "kernel_size": size, "label": f"{pixels}x{pixels}, K{size}"}
            case = builder.whole_case("label", direction, RIVALS, **label)
            for entry in case:
                entry["extra_info"].update(sweep="core", axis="label", axis_value=label["label"])
            entries += case
    return entries


def named_many(builder):
    """As many as the layers of a model."""
    return named(builder, [(8 * (n % 7 + 1), 3 + 2 * (n // 4)) for n in range(16)])


def crowded(builder):
    """Many operators that take nearly the same time."""
    entries = []
    for size in (3, 5, 7, 9):
        case = builder.whole_case("kernel_size", competitors=RIVALS, kernel_size=size)
        for place, entry in enumerate(case[2:]):
            own = entry["extra_info"]["baseline_seconds"]
            entry["stats"]["data"] = [(0.5 + 0.01 * place) * seconds for seconds in own]
        entries += case
    return entries


def of_all_sweeps(builder):
    """The four sweeps over numbers, with whole models."""
    models = [("convolution", "resnet50", "graph"), ("involution", "rednet50", "graph")]
    sweeps = ("kernel_size", "groups", "resolution", "stride")
    entries = [entry for sweep in sweeps for entry in builder.whole_sweep(sweep)]
    return entries + builder.whole_case("models", competitors=models)


def single(builder):
    """One place of the axis."""
    return builder.whole_sweep("stride", [1])


@pytest.mark.parametrize("entries", [named, named_many, crowded, of_all_sweeps, single])
@pytest.mark.parametrize(("seed", "noise"), [(0, 0.02), (1, 0.3)])
def test_no_label_covers_anything(entries, seed, noise):
    builder = Builder(rounds=20, noise=noise, seed=seed)
    document = builder.document(entries(builder), conditions=CONDITIONS)
    with recorded() as layouts:
        show(results_of(from_document(document, "bench.json")).sources)
    assert len(layouts) > 4
    assert [fault for layout in layouts for fault in layout.faults] == []


def test_no_label_of_other_kinds_covers_anything(study, tmp_path):
    traced = traces.write(tmp_path / "profile", traces.INVOLUTION, traces.CONVOLUTION)
    results = read([study, traced])
    with recorded() as layouts:
        for kind in KINDS[1:]:
            kind.show(results.of(kind))
    assert len(layouts) > 4
    assert [fault for layout in layouts for fault in layout.faults] == []


def test_the_check_finds_what_it_looks_for():
    def draw(axes):
        axes.plot([0.5], [0.5], "o")
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.text(0.5, 0.5, "on a point", ha="center", va="center")
        axes.text(0.45, 0.5, "on a label", ha="center", va="center")
        axes.text(1.0, 0.9, "beyond the right end of the plot").set_in_layout(False)

    with recorded() as layouts:
        panel(draw, (460.0, 315.0), "p", "t", "d")
    (layout,) = layouts
    assert len(layout.faults) == 4
