"""Brings inline nodes into the one arrangement that stands for what a reader sees."""

import re
from collections.abc import Sequence

from docsfy_action.verify.addresses import split_addresses
from docsfy_action.verify.escaping import NOTHING
from docsfy_action.verify.tree import Autolink, Break, Code, Emphasis, Inline, Link, Span, Text

_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
# Characters without width, and those that turn the direction of writing around and can make text read as another.
_INVISIBLE = re.compile("[\u200b\ufeff\u2060\u202a-\u202e\u2066-\u2069]")


def text_of(children: Sequence[Inline]) -> str:
    """The characters a reader sees, without markup."""
    parts = []
    for child in children:
        match child:
            case Text(text=text) | Code(text=text) | Autolink(target=text):
                parts.append(text)
            case Span(children=inner) | Link(children=inner):
                parts.append(text_of(inner))
            case _:
                parts.append(" ")
    return "".join(parts)


def without_breaks(children: Sequence[Inline]) -> list[Inline]:
    """Breaks as blanks, at every depth."""
    out: list[Inline] = []
    for child in children:
        match child:
            case Break():
                out.append(Text(text=" "))
            case Span(kind=kind, children=inner):
                out.append(Span(kind=kind, children=tuple(tidy(without_breaks(inner), split=False))))
            case _:
                out.append(child)
    return out


def emphasised(kind: Emphasis, children: Sequence[Inline]) -> list[Inline]:
    """One emphasis. Blanks at its edges go outside; emphasis that touches its edges or repeats it is dropped."""
    before, inner, after = trimmed(tidy(children, split=False))
    if len(inner) == 1 and isinstance(inner[0], Span) and inner[0].kind == "strong":
        return [*before, inner[0], *after]
    flat: list[Inline] = []
    for index, child in enumerate(inner):
        edge = index in (0, len(inner) - 1)
        if isinstance(child, Span) and child.kind != "quote" and (edge or child.kind == kind):
            flat += child.children
        else:
            flat.append(child)
    children = tuple(tidy(flat, split=False))
    return [*before, Span(kind=kind, children=children), *after] if children else [*before, *after]


def trimmed(children: Sequence[Inline]) -> tuple[list[Inline], list[Inline], list[Inline]]:
    """Blanks and breaks before, content, blanks and breaks after."""
    inner = list(children)
    before: list[Inline] = []
    after: list[Inline] = []
    while inner and (edge := _edge(inner[0], first=True)) is not None:
        before.append(edge[0])
        inner[:1] = edge[1:]
    while inner and (edge := _edge(inner[-1], first=False)) is not None:
        after.insert(0, edge[0])
        inner[-1:] = edge[1:]
    return before, inner, after


def _edge(node: Inline, *, first: bool) -> tuple[Inline, ...] | None:
    """The blank or break that a node begins or ends with, and the rest of the node if there is any."""
    if isinstance(node, Break):
        return (node,)
    if not isinstance(node, Text) or node.text[0 if first else -1] != " ":
        return None
    rest = node.text[1:] if first else node.text[:-1]
    return (Text(text=" "), Text(text=rest)) if rest else (Text(text=" "),)


def visible(text: str) -> str:
    """`text` without invisible characters, runs of white space as one blank."""
    return _SPACES.sub(" ", text if text == NOTHING else _INVISIBLE.sub("", text))


def tidy(children: Sequence[Inline], *, split: bool) -> list[Inline]:
    """Neighbouring text in one piece, runs of white space as one blank, none around breaks, no breaks in a row.

    `split` marks the addresses in the text.
    """
    out: list[Inline] = []
    buffer: list[str] = []
    for child in children:
        if isinstance(child, Text) or (isinstance(child, Code) and not child.text.strip()):
            buffer.append(child.text)
            continue
        _flush(buffer, out, split=split, before_break=isinstance(child, Break))
        if isinstance(child, Span) and split:
            out.append(Span(kind=child.kind, children=tuple(tidy(child.children, split=True))))
        elif isinstance(child, Code):
            _add_code(child, out)
        elif not _is_double_break(child, out):
            out.append(child)
    _flush(buffer, out, split=split, before_break=False)
    return out


def _add_code(code: Code, out: list[Inline]) -> None:
    """Code spans that touch would be read as one with other marks, so they become one."""
    if out and isinstance(out[-1], Code):
        out[-1] = Code(text=out[-1].text + code.text)
    else:
        out.append(code)


def _flush(buffer: list[str], out: list[Inline], *, split: bool, before_break: bool) -> None:
    text = "".join(buffer)
    buffer.clear()
    text = visible(text)
    if before_break:
        text = text.rstrip(" ")
    if out and isinstance(out[-1], Break):
        text = text.lstrip(" ")
    if text:
        out.extend(split_addresses(text) if split else [Text(text=text)])


def _is_double_break(child: Inline, out: Sequence[Inline]) -> bool:
    return isinstance(child, Break) and bool(out) and isinstance(out[-1], Break)


def on_one_line(children: Sequence[Inline]) -> tuple[Inline, ...]:
    """Breaks as blanks, for headings and table cells."""
    return tuple(trimmed(tidy(without_breaks(children), split=True))[1])


def tidy_edges(children: Sequence[Inline]) -> tuple[Inline, ...]:
    """No blanks or breaks at the edges of a paragraph."""
    return tuple(trimmed(children)[1])
