"""Both readings of a page as plain structure: CommonMark's, and that of the site's Python-Markdown with its extensions."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from markdown import Markdown
from pymdownx.slugs import slugify as site_slugify

from docsfy_action.verify.reading import parser

EXTENSIONS = (
    "admonition attr_list md_in_html tables footnotes sane_lists toc pymdownx.details pymdownx.highlight pymdownx.quotes"
    " pymdownx.tabbed pymdownx.tasklist pymdownx.tilde pymdownx.magiclink pymdownx.superfences"
).split()
SETTINGS: dict[str, dict[str, Any]] = {
    "toc": {"slugify": site_slugify(case="lower")},
    "pymdownx.highlight": {"use_pygments": False},
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tilde": {"subscript": False},
    "pymdownx.superfences": {"preserve_tabs": True},
}
# Elements that the two readers set differently around the same content.
TRANSPARENT = frozenset({"tbody", "thead", "tr", "label", "input", "span", "div"})

Event = tuple[str, ...]


@cache
def site_markdown() -> Markdown:
    """The Markdown reader of the site."""
    return Markdown(extensions=list(EXTENSIONS), extension_configs=SETTINGS)


def site_html(markdown: str) -> str:
    """How the site renders a page."""
    reader = site_markdown()
    reader.reset()
    return reader.convert(markdown)


def common_html(markdown: str) -> str:
    """How a CommonMark reader with tables and strikethrough renders a page."""
    return str(parser().render(markdown))


class _Events(HTMLParser):
    """Elements and text as a flat list; paragraphs are only a blank between texts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[Event] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input":
            self._text("[x] " if "checked" in values else "[ ] ")
        elif tag == "p":
            self._text(" ")
        elif tag not in TRANSPARENT and not (tag == "code" and self._code):
            self._code += tag == "pre"
            detail = {"a": unquote(values.get("href") or ""), "ol": values.get("start") or "1"}.get(tag, "")
            self.events.append(("open", "s" if tag == "del" else tag, detail))

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._text(" ")
        elif tag not in TRANSPARENT and tag not in ("br", "hr", "img") and not (tag == "code" and self._code):
            self._code -= tag == "pre"
            self.events.append(("close", "s" if tag == "del" else tag))

    def handle_data(self, data: str) -> None:
        self._text(data)

    def _text(self, text: str) -> None:
        if self.events and self.events[-1][0] == "text":
            self.events[-1] = ("text", self.events[-1][1] + text)
        else:
            self.events.append(("text", text))


def structure(html: str) -> list[Event]:
    """What a reader sees of HTML: elements in order, text with white space folded, code line by line."""
    events = _Events()
    events.feed(html)
    events.close()
    out: list[Event] = []
    in_code = False
    for event in events.events:
        if event[1] == "pre":
            in_code = event[0] == "open"
        if event[0] == "text":
            text = _code(event[1]) if in_code else re.sub(r"\s+", " ", event[1]).strip(" ")
            if text:
                out.append(("text", text))
        elif event[0] == "close" and event[1] in ("td", "th") and out and out[-1][:2] == ("open", event[1]):
            out.pop()  # the two readers fill short rows up differently
        else:
            out.append(event)
    return out


def _code(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def anchors(markdown: str) -> list[str]:
    """The ids of the headings on the site."""
    return re.findall(r'<h[1-6] id="([^"]*)"', site_html(markdown))
