"""Labels: inside the plot, and on no other label and no point where there is room."""

import numpy as np
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from reports.drawing.labels import label_points, lay_out
from reports.drawing.panel import panel

SIZE = (460.0, 315.0)


def laid_out(points, labels):
    """The boxes of labels, and the places of points, in pixels; and the box of the plot."""
    found = {}

    def draw(axes):
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.plot(*points.T, "o")
        label_points(axes, labels, points)
        lay_out(axes)
        for text in axes.texts:
            text.get_window_extent()  # moves the text to its place; its own size follows
        found["boxes"] = [Text.get_window_extent(text) for text in axes.texts]
        found["points"] = axes.transData.transform(points)
        found["plot"] = axes.bbox.frozen()

    panel(draw, SIZE, "p", "t", "d")
    return found


@pytest.mark.parametrize("seed", range(8))
def test_labels_cover_neither_labels_nor_points(seed):
    random = np.random.default_rng(seed)
    points = random.uniform(0.02, 0.98, (25, 2))
    labels = [(x, y, f"convolution, groups {n}") for n, (x, y) in enumerate(points[:4].tolist())]
    found = laid_out(points, labels)
    boxes = found["boxes"]
    assert len(boxes) == len(labels)
    for place, box in enumerate(boxes):
        assert found["plot"].x0 <= box.x0
        assert box.x1 <= found["plot"].x1
        assert found["plot"].y0 <= box.y0
        assert box.y1 <= found["plot"].y1
        assert not any(box.contains(*point) for point in found["points"])
        assert not any(Bbox.intersection(box, other) for other in boxes[place + 1 :])


def test_a_point_alone_has_its_label_at_its_right():
    found = laid_out(np.array([[0.3, 0.5]]), [(0.3, 0.5, "name")])
    (box,), ((x, y),) = found["boxes"], found["points"]
    assert 0 < box.x0 - x < 15
    assert abs((box.y0 + box.y1) / 2 - y) < 3


def test_a_label_near_the_border_turns_inwards():
    found = laid_out(np.array([[0.99, 0.5]]), [(0.99, 0.5, "a name that needs much room")])
    (box,), ((x, _),) = found["boxes"], found["points"]
    assert box.x1 < x
