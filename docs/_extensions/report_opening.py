"""What a report begins with, taken from its page."""

import re

# The parts of `reports/templates/opening.html`.
PARTS = {
    "title": r'<h1 id="verdict">.*?</h1>',
    "facts": r'<p class="quiet facts">.*?</p>',
    "figure": r'<figure class="hero">.*?</figure>',
    "lines": r'<ul class="lines">.*?</ul>',
}


def opening(page: str) -> dict[str, str]:
    """Return what a report begins with.

    Args:
        page: its HTML.

    Returns:
        HTML by the names of `PARTS`: the finding, the machine, the first figure, and three lines.
        The finding is a paragraph, as the page that shows it has a heading of its own. No part has
        a link, which would lead into the report.

    Raises:
        ValueError: if a part is missing.
    """
    header = page.partition("<header")[2].partition("</header>")[0]
    found = {name: re.search(f"(?s){pattern}", header) for name, pattern in PARTS.items()}
    if missing := [name for name, match in found.items() if not match]:
        raise ValueError(f"expected a report with {', '.join(PARTS)}. Received: no {missing[0]}")
    parts = {name: match[0] for name, match in found.items() if match}
    parts["title"] = re.sub("<h1[^>]*>(.*)</h1>", r'<p class="verdict">\1</p>', parts["title"])
    return {name: re.sub("</?a\\b[^>]*>", "", html) for name, html in parts.items()}
