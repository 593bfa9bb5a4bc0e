"""Breaches of the page format that are not about the commit: headings, anchors, raw HTML, images."""

from collections.abc import Iterator

from docsfy_action.verify.findings import Finding
from docsfy_action.verify.page import Page, Place


def malformed(slug: str, page: Page) -> tuple[Finding, ...]:
    """Everything about the page's form that readers or links would stumble over."""
    found = [
        Finding(kind="format", slug=slug, text=text, heading=place.heading, line=place.line, message=message)
        for text, place, message in (*_headings(page), *_foreign(page))
    ]
    return tuple(sorted(found, key=lambda finding: finding.line))


def _headings(page: Page) -> Iterator[tuple[str, Place, str]]:
    headings = page.headings
    start = Place(heading="", line=1, quoted=False)
    if not headings or headings[0].level != 1 or headings[0].place.line != 1:
        yield "", start, "The first line is not the page's title (`# Title`)."
    level = 1
    seen: set[str] = set()
    for index, heading in enumerate(headings):
        if heading.level == 1 and index:
            yield heading.text, heading.place, "A page has one heading of level 1, its title."
        if heading.level > level + 1:
            yield heading.text, heading.place, f"A heading of level {heading.level} follows one of level {level}."
        level = heading.level
        if not heading.anchor or heading.anchor in seen:
            yield heading.text, heading.place, f"Another heading has the anchor `#{heading.anchor}` already."
        seen.add(heading.anchor)


def _foreign(page: Page) -> Iterator[tuple[str, Place, str]]:
    for markup in page.foreign:
        yield markup.text[:80], markup.place, "Raw HTML, images and indented code are not part of the page format."
