"""What an SVG says of itself."""

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> str:
    """Return the title and the description of an SVG.

    Args:
        svg: the whole file.
    """
    root = ElementTree.fromstring(svg)
    found = [root.findtext(f"{SVG}{tag}", "").strip().rstrip(".") for tag in ("title", "desc")]
    return ". ".join(filter(None, found)) + "."
