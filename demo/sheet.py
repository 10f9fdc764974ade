"""The test images of CIFAR-10 that the page offers, from one contact sheet."""

from functools import cache
from pathlib import Path

from PIL import Image

from demo.classes import CLASSES
from demo.pictures import SIDE

FILE = Path(__file__).with_name("images.png")
# One row per class, in the order of the labels.
PER_CLASS = 20


@cache
def sheet() -> Image.Image:
    """Return the contact sheet, RGB: a row per class, 20 images of 32 x 32 pixels in each."""
    with Image.open(FILE) as image:
        return image.convert("RGB")


def image_of(label: int, place: int) -> Image.Image:
    """Return an image of the sheet.

    Args:
        label: its class, a place in `CLASSES`.
        place: 0..19, which of the class.

    Raises:
        ValueError: if there is no such image.
    """
    if label not in range(len(CLASSES)) or place not in range(PER_CLASS):
        raise ValueError(
            f"Expected a label of 0..{len(CLASSES) - 1} and a place of 0..{PER_CLASS - 1}. "
            f"Received: label={label}, place={place}"
        )
    left, top = place * SIDE, label * SIDE
    return sheet().crop((left, top, left + SIDE, top + SIDE))
