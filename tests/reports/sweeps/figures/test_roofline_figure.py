from reports.drawing import palette
from reports.sweeps.figures.roofline import roofline_figure
from reports.sweeps.load import from_document

PEAKS = {"peak_flops": 300e9, "peak_bandwidth": 20e9}


def draw(builder, conditions):
    document = builder.document(builder.sweep("kernel_size", [3, 7]), conditions=conditions)
    results = from_document(document, "x")
    records = palette.prepared(results.judged)
    return records, roofline_figure(records, results.conditions, "r")


def test_the_roof_has_its_numbers_and_the_title_the_shares(builder):
    records, figure = draw(builder, PEAKS)
    assert len(figure.panels) == 2
    for panel in figure.panels:
        assert "peak compute 300 GFLOP/s" in panel.body
        assert "copy bandwidth 20 GB/s" in panel.body
    share = records.loc[records["series"] == "convolution", "roofline_share"].median()
    assert f", convolution {100 * share:.0f} % (medians)" in figure.title
    assert figure.title.startswith("Involution (fused) reaches ")


def test_without_peaks_there_is_no_roof(builder):
    assert draw(builder, {})[1] is None


def test_points_of_training_are_hollow(builder):
    _, figure = draw(builder, PEAKS)
    forward, training = (panel.body.count('fill="var(--surface)"') for panel in figure.panels)
    assert training > forward


def test_a_ring_marks_what_memory_does_not_limit(builder):
    slow = PEAKS | {"peak_flops": 1e15}
    _, plain = draw(builder, slow)
    records, ringed = draw(builder, slow | {"last_cache_bytes": 1e12})
    assert (records["bound"] == "cache").all()
    assert "ring" not in plain.caption
    assert "A ring marks data that fit into the last cache" in ringed.caption
    assert "points in the last cache" in ringed.panels[0].description
    assert ringed.title.endswith("all data fit into the last cache")
    plain_shapes, shapes = (each.panels[0].body.count("<path") for each in (plain, ringed))
    assert shapes > plain_shapes
