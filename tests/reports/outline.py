"""What a page is made of."""

import re
from html.parser import HTMLParser

NEVER_CLOSED = {"meta", "br", "link", "img", "input"}


class Outline(HTMLParser):
    """Collects what a page is made of and checks that its elements nest."""

    def __init__(self, page):
        super().__init__()
        self.headings, self.tags, self.ids, self.links, self.open = [], set(), [], [], []
        self.loads = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.add(tag)
        if tag not in NEVER_CLOSED:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("href", "").startswith("#"):
            self.links.append(attributes["href"][1:])
        self.loads += [
            value for name, value in attrs if name in ("src", "srcset", "data", "action")
        ]
        if tag != "a" and "href" in attributes:
            self.loads += [attributes["href"]] * (not attributes["href"].startswith("#"))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in NEVER_CLOSED:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
