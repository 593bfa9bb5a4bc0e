"""Puts the parts of a Markdown or reStructuredText document together: title, sections, samples under their headings."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docsfy_action.facts.model import CodeSample, Document, Heading

MAX_SECTIONS = 40
MAX_HEADINGS = 400
MAX_SAMPLES = 200
MAX_SAMPLE = 10_000
# Readers are shown the beginning of a section; documents are the larger part of what many repositories hold.
MAX_BODY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with the lines it takes, counted from 0, the last not included."""

    heading: Heading
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A code block and the line, counted from 1, on which its text begins."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a reader found. `title` is one from outside the headings, `title_heading` the heading that is the title.
    `body` gives the Markdown between two lines, counted from 0."""

    sections: Sequence[Section]
    samples: Sequence[Sample]
    lead: str
    title: str
    title_heading: Heading | None
    lines: int
    body: Callable[[int, int], str]


def document(parts: Parts) -> Document:
    """The document, bounded in every direction."""
    sections = parts.sections[:MAX_HEADINGS]
    heading = parts.title_heading
    starts = [section.heading.line for section in sections]
    ends = [*(section.start for section in parts.sections[1:]), parts.lines]
    return Document(
        title=heading.text if heading else parts.title,
        line=heading.line if heading else 1,
        lead=parts.lead,
        headings=tuple(section.heading for section in sections),
        samples=tuple(
            CodeSample(
                language=sample.language,
                text=sample.text,
                line=sample.line,
                heading=sections[place - 1].heading.text if (place := bisect_right(starts, sample.line)) else "",
            )
            for sample in parts.samples[:MAX_SAMPLES]
        ),
        sections=tuple(
            (section.heading.text, parts.body(section.end, end))
            for section, end in zip(sections[:MAX_SECTIONS], ends, strict=False)
        ),
    )
