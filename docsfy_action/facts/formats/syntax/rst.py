"""Reads a reStructuredText document: its sections by their adornments, its text as Markdown."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from docsfy_action.facts.formats.syntax.document import MAX_BODY, MAX_SAMPLE, Parts, Sample, Section, document
from docsfy_action.facts.formats.syntax.lead import Candidate, choose_lead, is_admonition
from docsfy_action.facts.formats.syntax.rst_blocks import Block, BlockKind, blocks
from docsfy_action.facts.formats.syntax.rst_inline import RstFlow
from docsfy_action.facts.formats.syntax.text import one_line
from docsfy_action.facts.model import Document, Heading

_TARGET = re.compile(r"^ {0,3}\.\. _(?P<name>`[^`\n]+`|[^:\n`]+):[ \t]+(?P<url>https?://\S+)", re.MULTILINE)
_REPLACEMENT = re.compile(r"^ {0,3}\.\. \|(?P<name>[^|\n]+)\|[ \t]+replace::[ \t]*(?P<text>[^\n]*)", re.MULTILINE)
_INLINE_TARGET = re.compile(r"`(?P<name>[^`<\n]{1,200}?)\s*<(?P<url>https?://[^<>\s]+)>`_(?!_)")


def read_rst(text: str) -> Document:
    """The document that a reStructuredText text is."""
    text = text.expandtabs(8)
    lines = [line.rstrip() for line in text.split("\n")]
    named = [*_INLINE_TARGET.finditer(text), *_TARGET.finditer(text)]
    inline = RstFlow(
        targets={match["name"].strip("`").lower(): match["url"] for match in named},
        replacements={match["name"].lower(): match["text"] for match in _REPLACEMENT.finditer(text)},
    )
    found, code = blocks(lines, inline)
    sections = tuple(_sections(found))
    # In reStructuredText the first heading is of level 1 whatever it says: it is the title only at the very top.
    has_title = bool(found) and found[0].kind is BlockKind.TITLE
    samples = (
        Sample(language=block.language, text=block.code, line=block.code_line)
        for block in sorted(code, key=lambda block: block.code_line)
        if len(block.code) <= MAX_SAMPLE
    )
    return document(
        Parts(
            sections=sections,
            samples=tuple(samples),
            lead=choose_lead(_candidates(found, sections, has_title=has_title)),
            title="",
            title_heading=sections[0].heading if sections and has_title else None,
            lines=len(lines),
            body=lambda start, end: _body(found, start, end),
        )
    )


def _sections(found: Sequence[Block]) -> Iterator[Section]:
    levels: list[str] = []
    for block in found:
        text = one_line(block.markdown)
        if block.kind is BlockKind.TITLE and text:
            if block.adornment not in levels:
                levels.append(block.adornment)
            level = min(levels.index(block.adornment) + 1, 6)
            # The line of the text: below the first of two adornments.
            line = block.start + len(block.adornment)
            yield Section(heading=Heading(level=level, text=text, line=line), start=block.start, end=block.end)


def _candidates(found: Sequence[Block], sections: Sequence[Section], *, has_title: bool) -> Iterator[Candidate]:
    starts = [section.start for section in sections]
    for block in found:
        if block.kind is BlockKind.PARAGRAPH and block.flow is not None and not is_admonition(block.markdown):
            place = bisect_right(starts, block.start)
            section = "" if place <= has_title else sections[place - 1].heading.text
            yield Candidate(flow=block.flow, section=section)


def _body(found: Sequence[Block], start: int, end: int) -> str:
    kept: list[str] = []
    size = 0
    for block in found:
        if start <= block.start < end and block.kind is not BlockKind.TITLE:
            size += len(block.markdown) + 2
            if size > MAX_BODY:
                break
            kept.append(block.markdown)
    return "\n\n".join(kept)
