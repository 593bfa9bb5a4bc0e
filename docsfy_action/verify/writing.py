"""Writes a tree as text of the page format, read alike by CommonMark, GitHub and Python-Markdown."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from docsfy_action.verify.escaping import (
    NOTHING,
    Setting,
    autolink_target,
    code_span,
    escape_line_start,
    escape_text,
    has_unsafe_brackets,
    link_target,
)
from docsfy_action.verify.tidying import tidy
from docsfy_action.verify.tree import (
    Autolink,
    Block,
    Break,
    Code,
    Fence,
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

_NOTHING = f"&#{ord(NOTHING)};"
_MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "strike": ("~~", "~~"), "quote": ("<q>", "</q>")}
_TASK = re.compile(r"\[[ xX]\] \S")
_EMPTY_TASK = re.compile(r"\[[ xX]\]\s*")
_RULERS = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
_BACKTICKS = re.compile(r"`{3,}")


def write(blocks: Sequence[Block]) -> str:
    """The whole document, ending in one newline; empty for no blocks."""
    lines = _lines(blocks)
    return "\n".join([*lines, ""]) if lines else ""


def write_inline(children: Sequence[Inline], *, cell: bool = False) -> str:
    """Inline content on one line; `cell` for a table cell, else for the start of a paragraph."""
    text = _flow(children, Setting(cell=cell, brackets=_brackets(children)))
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
        case _:
            head, *body = [_row(row) for row in block.rows]
            return [head, f"| {' | '.join(_RULERS[side] for side in block.align)} |", *body]


def _paragraph(children: Sequence[Inline]) -> list[str]:
    text = _flow(children, Setting(brackets=_brackets(children)))
    lines = text.split("\n")
    first = children[0]
    return [
        escape_line_start(line, "\n".join(lines[index + 1 :]), link=not index and isinstance(first, Link))
        for index, line in enumerate(lines)
    ]


def _heading(children: Sequence[Inline]) -> str:
    text = _flow(children, Setting(heading=True, brackets=_brackets(children)))
    # A number sign at the end would be taken for a closing mark.
    return f"{text[:-1]}\\#" if text.endswith("#") else text


def _row(cells: Sequence[Sequence[Inline]]) -> str:
    texts = [_flow(cell, Setting(cell=True, brackets=_brackets(cell))) for cell in cells]
    return f"| {' | '.join(texts)} |"


def _items(items: Items) -> list[str]:
    out: list[str] = []
    # Wider markers would want their further blocks at an indentation that Python-Markdown does not know.
    limit = 99 if any(blocks and not _is_line(blocks) for blocks in items.items) else 10**9
    for index, blocks in enumerate(items.items):
        marker = "-   " if items.start is None else f"{min(items.start + index, limit)}. ".ljust(4)
        if out and items.loose:
            out.append("")
        lines = _item(blocks, loose=items.loose)
        out.append(f"{marker}{lines[0]}")
        out += [f"    {line}" if line else "" for line in lines[1:]]
    return out


def _is_line(blocks: Sequence[Block]) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph)


def _item(blocks: Sequence[Block], *, loose: bool) -> list[str]:
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph):
        lines = [_NOTHING, "", *_lines(blocks)] if blocks else [_NOTHING]
    elif not loose and len(blocks) == 2:
        lines = [*_paragraph(first.children), *_block(blocks[1])]
    else:
        lines = _lines(blocks)
    # A check box is one for GitHub and for the site alike, if text follows it on its line.
    if lines[0].startswith("\\[") and _TASK.match(lines[0], 1) is not None:
        lines[0] = lines[0][1:]
    elif _EMPTY_TASK.fullmatch(lines[0]) is not None:
        lines[0] = f"\\{lines[0]}"
    return lines


def _brackets(children: Sequence[Inline]) -> bool:
    text = _running_text(children)
    return "]" in text and has_unsafe_brackets(text)


def _running_text(children: Sequence[Inline]) -> str:
    """Text outside code spans and links."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Text):
            parts.append(child.text)
        elif isinstance(child, Span):
            parts.append(_running_text(child.children))
    return "".join(parts)


def _flow(children: Sequence[Inline], setting: Setting) -> str:
    """Inline content as text; hard breaks are two blanks and a newline."""
    if len(children) == 1 and isinstance(children[0], Text):
        return escape_text(children[0].text, setting)
    while True:
        pieces = [_piece(child, setting, after=index > 0) for index, child in enumerate(children)]
        text, unmarkable = _put_together(children, pieces, setting)
        if not unmarkable:
            return text
        # Without its marks, emphasised text is text like that around it, and is escaped together with it.
        flat: list[Inline] = []
        for index, child in enumerate(children):
            flat += child.children if index in unmarkable and isinstance(child, Span) else [child]
        children = tidy(flat, split=not setting.in_link)


def _put_together(children: Sequence[Inline], pieces: Sequence[str], setting: Setting) -> tuple[str, set[int]]:
    """The text of all pieces, and which of them are emphasis that somebody would not recognise as such."""
    out = ""
    unmarkable: set[int] = set()
    for index, (child, piece) in enumerate(zip(children, pieces, strict=True)):
        if isinstance(child, Span) and child.kind != "quote":
            following = pieces[index + 1] if index + 1 < len(pieces) else ""
            before, after = _MARKS[child.kind]
            if child.kind in setting.inside or not _can_mark(out, piece, following, before[0]):
                unmarkable.add(index)
            out += f"{before}{piece}{after}"
        elif isinstance(child, Link | Autolink) and out.endswith("!"):
            out = f"{out[:-1]}\\!{piece}"
        else:
            out += piece
    return out, unmarkable


def _piece(child: Inline, setting: Setting, *, after: bool) -> str:
    match child:
        case Text(text=text):
            return escape_text(text, setting, after=after)
        case Code(text=text):
            return code_span(text, cell=setting.cell)
        case Break():
            return "  \n"
        case Span(kind=kind, children=children):
            inside = _flow(children, replace(setting, inside=setting.inside | {kind}))
            return f"<q>{inside}</q>" if kind == "quote" else inside
        case Link(target=target, children=children):
            return f"[{_flow(children, replace(setting, in_link=True))}]({link_target(target)})"
        case _:
            return f"<{autolink_target(child.target)}>"


def _can_mark(before: str, content: str, following: str, mark: str) -> bool:
    """Whether emphasis marks around `content` are read as such by everybody.

    CommonMark's rule: the opening mark must not stand between a letter and punctuation, nor the closing one the other
    way round; marks that touch other marks are left out.
    """
    if not content or content[0].isspace() or content[-1].isspace() or mark in (content[0], content[-1]):
        return False
    left, right = before[-1:], following[:1]
    if mark in (left, right):
        return False
    return (_is_word(content[0]) or not _is_word(left)) and (_is_word(content[-1]) or not _is_word(right))


def _is_word(character: str) -> bool:
    """Whether a character is neither white space nor punctuation, as CommonMark understands them."""
    if not character or character.isspace():
        return False
    if character.isascii():
        return character.isalnum()
    return not unicodedata.category(character).startswith("P")
