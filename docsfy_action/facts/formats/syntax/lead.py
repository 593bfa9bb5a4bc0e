"""Which paragraph of a document says what its subject is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from docsfy_action.facts.formats.syntax.flow import Flow, word_count

_ADMONITION = re.compile(
    r"\s*(?:!!!|\?\?\?|:::|\{[%{]|\[toc\]|\[\[_?toc_?\]\]|\[!|={3}|%|(?:\W*)(?:note|warning|tip|important|caution|attention|"
    r"info|deprecated|disclaimer|heads up|todo|psa|update|announcement|news)\b\W*[:!*\u2013\u2014-])",
    re.IGNORECASE,
)
_MDX = re.compile(r"(?:import\s.+\sfrom\s|import\s*['\"{]|export\s+(?:const|default|function|let)\b|<[A-Z]\w*)")
# Sections that tell what something is; any other may be an instruction, which would make an odd first sentence.
_TELLING = re.compile(
    r"about|abstract|background|description|introduction|intro|motivation|overview|purpose|summary|synopsis|features?"
    r"|what\b|why\b|简介|介绍|概述|概要|はじめに",
    re.IGNORECASE,
)
_NOT_TELLING = re.compile(
    r"install|usage|getting started|quick ?start|licen[cs]e|contribut|table of contents|contents|toc|badges?|status"
    r"|sponsors?|backers|authors?|support|build|download|requirements|prerequisites|change ?log|credits|acknowledg",
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\s.!?]+[^.!?]*[:：]$)")
MAX_LEAD = 1_200
FEW_WORDS = 6


class Kind(IntEnum):
    """How a candidate is written; smaller is better."""

    PARAGRAPH = 0
    HTML = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paragraph that could be the lead. `section` is the heading above it, empty for the title or none."""

    flow: Flow
    section: str
    kind: Kind = Kind.PARAGRAPH


def is_admonition(source: str) -> bool:
    """Whether a paragraph's source is an aside, a directive or code rather than prose about the subject."""
    return _ADMONITION.match(source) is not None or _MDX.match(source) is not None


def tells_something(flow: Flow) -> bool:
    """Whether a paragraph is prose: not badges, a bar of links, `Label: link`, or a single word."""
    words = word_count(flow.plain)
    if words < 3 or len(flow.markdown) > MAX_LEAD:
        return False
    if _without_announcement(flow.markdown).endswith((":", "：")) and words < FEW_WORDS * 3:
        return False
    return not flow.links or flow.loose > 2


def choose_lead(candidates: Iterable[Candidate]) -> str:
    """The lead as Markdown: what stands before the first section, else in a section that introduces, else anywhere."""
    usable: list[Candidate] = []
    for candidate in candidates:
        if candidate.section and usable and not usable[0].section:
            break  # what stands before the first section is known
        if tells_something(candidate.flow):
            usable.append(candidate)
    groups = (
        [candidate for candidate in usable if not candidate.section],
        [candidate for candidate in usable if _TELLING.search(candidate.section)],
        [candidate for candidate in usable if not _NOT_TELLING.search(candidate.section)],
    )
    for group in groups:
        if group:
            return _without_announcement(min(group, key=_rank).flow.markdown)
    return ""


def _rank(candidate: Candidate) -> tuple[bool, int]:
    """Sentences before slogans, text before HTML; what comes first wins among equals."""
    return word_count(candidate.flow.plain) < FEW_WORDS, candidate.kind


def _without_announcement(lead: str) -> str:
    """`lead` without a last sentence that only announces the list below it."""
    *before, _ = _NEXT_SENTENCE.split(lead)
    kept = " ".join(before)
    return kept if kept and kept.count("[") == kept.count("]") and kept.count("`") % 2 == 0 else lead
