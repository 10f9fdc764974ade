from dataclasses import replace

import numpy as np

from bench.cases import Case
from bench.references.windows import SAMPLED, SampledWindows

LARGE = Case(batch=2, height=32, width=40)


def turns(case, count):
    return [SampledWindows(case, turn).numbers for turn in range(count)]


def test_turns_take_other_windows_until_all_are_taken():
    taken = turns(LARGE, 2)
    assert {len(numbers) for numbers in taken} == {SAMPLED}
    assert len(np.unique(np.concatenate(taken))) == 2 * SAMPLED
    assert len(np.unique(np.concatenate(turns(LARGE, 3)))) == 2 * 32 * 40


def test_each_turn_takes_all_of_a_few_windows():
    for numbers in turns(replace(LARGE, height=7, width=5, strides=2), 3):
        np.testing.assert_array_equal(np.sort(numbers), np.arange(2 * 4 * 3))


def test_corners_come_first():
    first = set(SampledWindows(replace(LARGE, batch=60), 0).numbers)
    corners = [
        (image * 32 + row) * 40 + column
        for image in range(60)
        for row in (0, 31)
        for column in (0, 39)
    ]
    assert first >= set(corners)


def test_values_of_windows_go_back_where_they_came_from():
    windows = SampledWindows(LARGE, 1)
    values = np.random.default_rng(0).normal(size=(*windows.shape, 3))
    again = windows.among_all(windows.of(values))
    is_taken = np.zeros(2 * 32 * 40, bool)
    is_taken[windows.numbers] = True
    np.testing.assert_array_equal(again, np.where(is_taken.reshape(*windows.shape, 1), values, 0))


def test_padding_is_cropped_again():
    case = Case(batch=2, height=5, width=6, channels=2, kernel_size=5, strides=2, groups=1)
    values = np.random.default_rng(0).normal(size=case.shape)
    windows = SampledWindows(case, 0)
    padded = windows.padded(values)
    assert padded.shape == (2 * 9 * 9, 2)
    np.testing.assert_array_equal(windows.cropped(padded), values)
