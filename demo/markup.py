"""Values as markup: a picture as a data URL, a kernel map as a picture, numbers in words."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

# A map that varies by less than this share of its values is not stretched to all colours.
LEAST_RANGE = 0.02
# Low, middle and high, as in Matplotlib's viridis, in which the tutorial draws its maps.
LOW, MIDDLE, HIGH = "#440154", "#21918c", "#fde725"


def data_url(image: Image.Image) -> str:
    """Return an image as a URL that holds it: nothing is stored, and nothing is asked for.

    Args:
        image: any that PNG can hold.
    """
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def heat_map(values: NDArray[np.float32]) -> Image.Image:
    """Draw a kernel map: its lowest value dark, its highest yellow, unless it hardly varies.

    Args:
        values: (height, width).

    Returns:
        An image of as many pixels, RGB.
    """
    low, high = float(values.min()), float(values.max())
    least = max(LEAST_RANGE * max(abs(low), abs(high)), 1e-9)
    grey = (values - low) / max(high - low, least) * 255
    return ImageOps.colorize(Image.fromarray(grey.astype(np.uint8)), LOW, HIGH, MIDDLE)


def percentage(share: float) -> str:
    """Write a share of 0..1 as a percentage.

    Example:
        >>> percentage(0.874), percentage(0.0004), percentage(0.9999)
        ('87 %', '< 1 %', '> 99 %')
    """
    if share < 0.01:
        return "< 1 %"
    return "> 99 %" if share > 0.99 else f"{100 * share:.0f} %"


def milliseconds(seconds: float) -> str:
    """Write a time with three digits.

    Example:
        >>> milliseconds(0.00123), milliseconds(0.0000456), milliseconds(1.234)
        ('1.23 ms', '0.0456 ms', '1,234 ms')
    """
    return f"{1000 * seconds:,.0f} ms" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
