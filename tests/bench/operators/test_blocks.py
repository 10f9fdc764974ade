import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.operators.blocks import SHORTEST, attended, blocked
from tests.involution.loop import borders

GEOMETRIES = st.fixed_dictionaries(
    {
        "size": st.integers(1, 20),
        "kernel_size": st.sampled_from([1, 3, 5, 11]),
        "stride": st.integers(1, 4),
        "dilation_rate": st.integers(1, 3),
    }
)


@settings(max_examples=200, deadline=None)
@given(GEOMETRIES)
def test_each_output_attends_once_to_the_taps_inside(geometry):
    found = blocked(**geometry)
    size, taps = geometry["size"], geometry["kernel_size"]
    stride, dilation = geometry["stride"], geometry["dilation_rate"]
    before, _, windows = borders(size, taps, stride, "same", dilation)
    assert found.size == windows
    first = {}
    for block, outputs in enumerate(found.outputs):
        for place, output in enumerate(outputs):
            pixels = found.pixels[block][found.attended[block, place]]
            first.setdefault(output, list(pixels))
    for output, pixels in first.items():
        start = output * stride - before
        places = [start + tap * dilation for tap in range(taps)]
        assert pixels == [place for place in places if 0 <= place < size]
        assert range(size)[found.centres][output] == places[taps // 2]
    assert sorted(first) == list(range(windows))


@pytest.mark.parametrize(("kernel_size", "length"), [(1, SHORTEST), (7, 4), (15, 8)])
def test_blocks_grow_with_the_window(kernel_size, length):
    found = blocked(size=32, kernel_size=kernel_size, stride=1, dilation_rate=1)
    assert found.outputs.shape == (32 // length, length)
    assert found.pixels.shape[1] == length + kernel_size - 1


def test_a_pixel_is_attended_to_in_both_dimensions():
    rows, columns = blocked(9, 3, 2, 1), blocked(4, 5, 1, 2)
    mask = attended(rows, columns)
    down, across = len(rows.outputs), len(columns.outputs)
    assert mask.shape[:2] == (down * across, 1)
    for block, output, pixel in np.ndindex(len(mask), *mask.shape[2:]):
        row = np.unravel_index(output, (rows.outputs.shape[1], columns.outputs.shape[1]))
        place = np.unravel_index(pixel, (rows.pixels.shape[1], columns.pixels.shape[1]))
        expected = (
            rows.attended[block // across, row[0], place[0]]
            and columns.attended[block % across, row[1], place[1]]
        )
        assert mask[block, 0, output, pixel] == expected
