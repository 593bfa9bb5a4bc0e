"""Inline content as sentences, so that one of them can be taken out."""

import re
from collections.abc import Sequence

from docsfy_action.verify.tree import Autolink, Break, Code, Inline, Link, Span, Text

# A sentence ends at these marks before a blank; what follows must not be in lower case, as after "e.g.".
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|no|z\.B|d\.h|bzw)|\.\.)\.?$", re.IGNORECASE)


def sentences(children: Sequence[Inline]) -> tuple[tuple[Inline, ...], ...]:
    """The sentences in their order, also those that a line break ends; together they are the whole content. Emphasis is never
    taken apart."""
    done: list[tuple[Inline, ...]] = []
    current: list[Inline] = []
    for index, child in enumerate(children):
        if not isinstance(child, Text):
            current.append(child)
            if isinstance(child, Break):
                done.append(tuple(current))
                current = []
            continue
        pieces = _pieces(child.text, last=index == len(children) - 1)
        for number, piece in enumerate(pieces):
            current.append(Text(text=piece))
            if number < len(pieces) - 1:
                done.append(tuple(current))
                current = []
        if not pieces[-1]:
            current.pop()
    return tuple([*done, tuple(current)] if current else done)


def _pieces(text: str, *, last: bool) -> list[str]:
    """A text cut behind each end of a sentence; an empty piece at the end says that the last sentence ends there."""
    pieces: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text, max(start, end.start() - 8), end.start()) is not None:
            continue
        rest = text[end.end() :].lstrip()
        if (rest[:1].islower() and end.group()[0] not in "。！？") or (not rest and last):
            continue
        pieces.append(text[start : end.end()])
        start = end.end()
    if pieces and not text[start:].strip():
        pieces[-1] += text[start:]
        return [*pieces, ""]
    return [*pieces, text[start:]]


def holds(children: Sequence[Inline], text: str) -> bool:
    """Whether there is a code span or a link target that is `text`."""
    for child in children:
        match child:
            case Code(text=said) if said == text:
                return True
            case Autolink(target=target) if target == text:
                return True
            case Link(target=target, children=inner) if target == text or holds(inner, text):
                return True
            case Span(children=inner) if holds(inner, text):
                return True
    return False


def quotes(children: Sequence[Inline]) -> bool:
    """Whether there is a quotation."""
    return any(
        (isinstance(child, Span) and child.kind == "quote")
        or (isinstance(child, Span | Link) and quotes(child.children))
        for child in children
    )
