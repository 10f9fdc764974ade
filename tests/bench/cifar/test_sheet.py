"""A sheet of sample images: a row per class, every pixel kept."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.cifar import sheet

ROOT = Path(__file__).parents[3]


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)


@pytest.fixture
def labels():
    return np.random.default_rng(1).permutation(np.repeat(np.arange(10), 6))


def test_a_row_has_the_first_images_of_its_class(images, labels):
    picture = sheet.sheet(images, labels, each=4)
    assert picture.shape == (320, 128, 3)
    for label in range(10):
        first = np.flatnonzero(labels == label)[:4]
        for place, index in enumerate(first):
            row, column = 32 * label, 32 * place
            np.testing.assert_array_equal(
                picture[row : row + 32, column : column + 32], images[index]
            )


def test_a_file_keeps_every_pixel_and_label(images, labels, tmp_path):
    path = tmp_path / "images.png"
    sheet.write(path, sheet.sheet(images, labels, each=2))
    found, known = sheet.tiles(sheet.read(path))
    assert known.tolist() == [label for label in range(10) for _ in range(2)]
    expected = [image for label in range(10) for image in images[labels == label][:2]]
    np.testing.assert_array_equal(found, expected)
    # As another program reads it.
    np.testing.assert_array_equal(np.asarray(Image.open(path))[:32, :32], expected[0])


def test_a_class_with_too_few_images_is_named(images, labels):
    with pytest.raises(ValueError, match=r"at least 7 test images .* Received: 6 of class 0"):
        sheet.sheet(images, labels, each=7)


def image(height, width, form="png"):
    made = BytesIO()
    Image.new("RGB", (width, height)).save(made, form)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a picture", "expected a PNG file"),
        (image(320, 64, "jpeg"), "expected a PNG file"),
        (image(320, 64)[:60], "expected a PNG file. Received: a damaged one"),
        (image(32, 40), "Received: a picture of 32 x 40"),
        (None, "cannot be read: No such file"),
    ],
)
def test_what_is_no_sheet_is_refused(content, reason, tmp_path):
    path = tmp_path / "images.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        sheet.read(path)


def test_the_sample_of_the_demo_has_twenty_images_of_each_class():
    images, labels = sheet.tiles(sheet.read(ROOT / "demo" / "images.png"))
    assert images.shape == (200, 32, 32, 3)
    assert np.bincount(labels).tolist() == [20] * 10
    assert len({image.tobytes() for image in images}) == 200
