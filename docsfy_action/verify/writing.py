"""Writes a tree as text of the page format, read alike by CommonMark, GitHub and Python-Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docsfy_action.verify.escaping import (
    autolink_target,
    code_span,
    escape_line_start,
    escape_text,
    has_unsafe_brackets,
    link_target,
)
from docsfy_action.verify.tree import (
    Autolink,
    Block,
    Break,
    Code,
    Fence,
    Grid,
    Inline,
    Items,
    Link,
    Paragraph,
    Quote,
    Rule,
    Span,
    Text,
    Title,
)

# A character without width: something for an empty list item, or between two lists, that every reader keeps.
_NOTHING = "&#8203;"
_MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "strike": ("~~", "~~"), "quote": ("<q>", "</q>")}
_TASK = re.compile(r"\[[ xX]\] ")
_RULERS = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
_BACKTICKS = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where inline text stands; each place has characters of its own that must be escaped."""

    cell: bool = False
    heading: bool = False
    in_link: bool = False
    brackets: bool = False


def write(blocks: Sequence[Block]) -> str:
    """The whole document, ending in one newline; empty for no blocks."""
    lines = _lines(blocks)
    return "\n".join([*lines, ""]) if lines else ""


def write_inline(children: Sequence[Inline], *, cell: bool = False) -> str:
    """Inline content on one line; `cell` for a table cell, else for the start of a paragraph."""
    text = _flow(children, _Place(cell=cell, brackets=_brackets(children))).replace("  \n", " ")
    return text if cell else escape_line_start(text)


def _lines(blocks: Sequence[Block]) -> list[str]:
    out: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if isinstance(block, Items) and isinstance(previous, Items):
            out += ["", _NOTHING]
        lines = _block(block)
        if out and lines:
            out.append("")
        out += lines
        previous = block
    return out


def _block(block: Block) -> list[str]:
    match block:
        case Paragraph(children=children):
            return _paragraph(children)
        case Title(level=level, children=children):
            return [f"{'#' * level} {_heading(children)}"]
        case Fence(language=language, text=text):
            mark = "`" * max([3, *(len(run) + 1 for run in _BACKTICKS.findall(text))])
            return [f"{mark}{language}", *text.split("\n"), mark]
        case Rule():
            return ["***"]
        case Quote(blocks=blocks, callout=callout):
            lines = _lines(blocks)
            if callout:
                lines = [f"[!{callout}]", *lines]
            return [f"> {line}" if line else ">" for line in lines]
        case Items():
            return _items(block)
        case Grid(align=align, rows=rows):
            head, *body = [_row(row) for row in rows]
            return [head, f"| {' | '.join(_RULERS[side] for side in align)} |", *body]


def _paragraph(children: Sequence[Inline]) -> list[str]:
    text = _flow(children, _Place(brackets=_brackets(children)))
    lines = text.split("\n")
    return [escape_line_start(line) for line in lines]


def _heading(children: Sequence[Inline]) -> str:
    text = _flow(children, _Place(heading=True, brackets=_brackets(children))).replace("  \n", " ")
    # A number sign at the end would be taken for a closing mark.
    return f"{text[:-1]}\\#" if text.endswith("#") else text


def _row(cells: Sequence[Sequence[Inline]]) -> str:
    texts = [_flow(cell, _Place(cell=True, brackets=_brackets(cell))).replace("  \n", " ") for cell in cells]
    return f"| {' | '.join(texts)} |"


def _items(items: Items) -> list[str]:
    out: list[str] = []
    for index, blocks in enumerate(items.items):
        marker = _marker(items.start, index, single=len(blocks) < 2)
        if out and items.loose:
            out.append("")
        lines = _item(blocks, loose=items.loose)
        out.append(f"{marker}{lines[0]}")
        out += [f"    {line}" if line else "" for line in lines[1:]]
    return out


def _marker(start: int | None, index: int, *, single: bool) -> str:
    if start is None:
        return "-   "
    number = start + index
    # Wider markers would want their further blocks at an indentation that Python-Markdown does not know.
    return f"{number if single else min(number, 99)}. ".ljust(4)


def _item(blocks: Sequence[Block], *, loose: bool) -> list[str]:
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph):
        lines = [_NOTHING, "", *_lines(blocks)] if blocks else [_NOTHING]
    elif not loose and len(blocks) == 2:
        lines = [*_paragraph(first.children), *_block(blocks[1])]
    else:
        lines = _lines(blocks)
    if isinstance(first, Paragraph) and first.children and isinstance(first.children[0], Text):
        task = _TASK.match(first.children[0].text)
        if task is not None and lines[0].startswith(f"\\{task.group()}"):
            lines[0] = lines[0][1:]
    return lines


def _brackets(children: Sequence[Inline]) -> bool:
    texts = [child.text for child in children if isinstance(child, Text)]
    return any("]" in text for text in texts) and has_unsafe_brackets("\0".join(texts))


def _flow(children: Sequence[Inline], place: _Place) -> str:
    """Inline content as text; hard breaks are two blanks and a newline."""
    if len(children) == 1 and isinstance(children[0], Text):
        return _text(children[0].text, place, after=False)
    pieces = [_piece(child, place, after=index > 0) for index, child in enumerate(children)]
    out = ""
    for index, (child, piece) in enumerate(zip(children, pieces, strict=True)):
        if isinstance(child, Span) and child.kind != "quote":
            following = pieces[index + 1] if index + 1 < len(pieces) else ""
            marks = _MARKS[child.kind]
            if _can_mark(out, piece, following, marks[0][0]):
                piece = f"{marks[0]}{piece}{marks[1]}"
        elif isinstance(child, Link | Autolink) and out.endswith("!"):
            out = f"{out[:-1]}\\!"
        out += piece
    return out


def _piece(child: Inline, place: _Place, *, after: bool) -> str:
    match child:
        case Text(text=text):
            return _text(text, place, after=after)
        case Code(text=text):
            return code_span(text, cell=place.cell)
        case Break():
            return "  \n"
        case Span(kind="quote", children=children):
            return f"<q>{_flow(children, place)}</q>"
        case Span(children=children):
            return _flow(children, place)
        case Link(target=target, children=children):
            inner = _Place(cell=place.cell, heading=place.heading, in_link=True)
            return f"[{_flow(children, inner)}]({link_target(target)})"
        case Autolink(target=target):
            return f"<{autolink_target(target)}>"


def _text(text: str, place: _Place, *, after: bool) -> str:
    return escape_text(
        text, cell=place.cell, heading=place.heading, in_link=place.in_link, brackets=place.brackets, after=after
    )


def _can_mark(before: str, content: str, following: str, mark: str) -> bool:
    """Whether emphasis marks around `content` are read as such by everybody.

    CommonMark's rule: the opening mark must not stand between a letter and punctuation, nor the closing one the other
    way round; marks that touch other marks are left out.
    """
    if not content or content[0].isspace() or content[-1].isspace() or mark in (content[0], content[-1]):
        return False
    left, right = before[-1:], following[:1]
    if mark == left or mark == right:
        return False
    opens = content[0].isalnum() or not left or left.isspace() or not left.isalnum()
    closes = content[-1].isalnum() or not right or right.isspace() or not right.isalnum()
    return opens and closes
