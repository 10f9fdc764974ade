"""Long strings made short, so that a page can hold them."""

import base64
import gzip


def packed(text: str) -> str:
    """Compress a string by gzip and write it in base 64, which is safe in any part of a page.

    Args:
        text: any string.

    Returns:
        ASCII letters, digits, `+`, `/` and `=`.
    """
    # Without a time in it, so that equal results give equal pages.
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")
