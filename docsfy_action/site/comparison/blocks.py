"""A page as a sequence of blocks, each with its HTML: what two versions of a page are compared by."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PAGE = re.compile(r"^([a-z0-9-]+)\.md(#.*)?$")
_QUOTE_TAG = re.compile(r"</?q>")
_CALLOUT = re.compile(r"^\[!([A-Z]+)\]\s*")


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`source` is its Markdown. `lines` are those of code, or the cells of a table row after row, as HTML; `level` is that of
    a heading, `info` the language of code."""

    kind: BlockKind
    source: str
    html: str
    lines: tuple[str, ...] = ()
    level: int = 0
    info: str = ""


def blocks(markdown: str) -> tuple[Block, ...]:
    """The blocks of a page in the page format. Whatever the text holds, the HTML holds no element that Markdown did not
    make: raw HTML is text, and images are their description."""
    parser = _parser()
    lines = markdown.split("\n")
    found: list[Block] = []
    for part in _top_level(parser.parse(markdown)):
        found += _made(part, lines, parser)
    return tuple(found)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def _top_level(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each block that no other block holds; of lists, of each item."""
    start = 0
    for index, token in enumerate(tokens):
        if token.nesting == 1 and token.level == 0:
            start = index
        if token.level or token.nesting == 1:
            continue
        part = tokens[start : index + 1] if token.nesting == -1 else tokens[index : index + 1]
        if part[0].type in {"bullet_list_open", "ordered_list_open"}:
            yield from _items(part)
        else:
            yield part


def _items(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    opening, closing = tokens[0], tokens[-1]
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 1 and token.type == "list_item_open":
            start = index
        if token.level == 1 and token.type == "list_item_close":
            one = opening
            if opening.type == "ordered_list_open":
                one = Token(type=opening.type, tag="ol", nesting=1, attrs={"start": tokens[start].info or "1"})
            yield [one, *tokens[start : index + 1], closing]


def _made(tokens: Sequence[Token], lines: Sequence[str], parser: MarkdownIt) -> Iterator[Block]:
    first = tokens[0]
    place = (tokens[1] if first.type.endswith("list_open") else first).map or [0, 0]
    source = "\n".join(lines[place[0] : place[1]]).strip()
    for token in tokens:
        _settle(token)
    html = parser.renderer.render(list(tokens), parser.options, {})
    match first.type:
        case "heading_open":
            yield Block(kind=BlockKind.HEADING, source=source, html=html, level=int(first.tag[1:]))
        case "fence" | "code_block":
            code = tuple(escape(line) for line in first.content.removesuffix("\n").split("\n"))
            yield Block(kind=BlockKind.CODE, source=source, html=html, lines=code, info=first.info.strip())
        case "table_open":
            yield Block(kind=BlockKind.TABLE, source=source, html=html, lines=tuple(_rows(tokens, parser)))
        case "bullet_list_open" | "ordered_list_open":
            yield Block(kind=BlockKind.ITEM, source=source, html=html)
        case "blockquote_open":
            yield Block(kind=BlockKind.QUOTE, source=source, html=html)
        case _:
            yield Block(kind=BlockKind.TEXT, source=source, html=html)


def _rows(tokens: Sequence[Token], parser: MarkdownIt) -> Iterator[str]:
    """The cells of each row, that of the head first."""
    start = 0
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            start = index
        elif token.type == "tr_close":
            yield parser.renderer.render(list(tokens[start + 1 : index]), parser.options, {}).replace("\n", "")


def _settle(token: Token) -> None:
    """Links lead to the pages of the site, marks of quotations go, and headings get no place of their own."""
    for child in token.children or ():
        if child.type == "link_open":
            target = str(child.attrs.get("href", ""))
            page = _PAGE.match(target)
            child.attrs["href"] = f"{page[1]}.html{page[2] or ''}" if page else target
        elif child.type == "text":
            child.content = _QUOTE_TAG.sub("", child.content)
            if callout := _CALLOUT.match(child.content):
                child.content = f"{callout[1].capitalize()}: {child.content[callout.end() :]}"
