"""Reads any Markdown (CommonMark, tables, strikethrough, HTML) into a tree that is safe to publish."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docsfy_action.verify.fences import known_language
from docsfy_action.verify.htmlblocks import html_blocks
from docsfy_action.verify.inline import InlineBuilder, LinkRewriter
from docsfy_action.verify.tidying import on_one_line, tidy
from docsfy_action.verify.tree import (
    Alignment,
    Block,
    Fence,
    Grid,
    Inline,
    Items,
    Paragraph,
    Quote,
    Rule,
    Span,
    Title,
)

Headings = Literal["keep", "bold"]

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?:(?:[A-Za-z_][\w.-]*[ \t]*:|[ \t#]|-[ \t]).*\n|[ \t]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
CALLOUT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|\Z)", re.IGNORECASE)
_LEVEL = {f"h{level}": level for level in range(1, 7)}


@cache
def parser() -> MarkdownIt:
    """The one Markdown parser. It accepts every link target: what may be published is decided afterwards."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # documented way to replace a check
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]  # targets are compared as written
    markdown.normalizeLinkText = _same  # type: ignore[method-assign]  # as above
    return markdown


@cache
def outline_parser() -> MarkdownIt:
    """The same parser for blocks only: inline content stays text."""
    markdown = MarkdownIt("commonmark").enable(["table"])
    markdown.core.ruler.disable(["inline", "text_join"])
    return markdown


def _same(link: str) -> str:
    return link


def read(markdown: str, *, headings: Headings = "keep", link: LinkRewriter | None = None) -> tuple[Block, ...]:
    """The tree of a document. `headings="bold"` turns headings into bold paragraphs."""
    while (front := _FRONT_MATTER.match(markdown)) is not None:
        markdown = markdown[front.end() :].lstrip("\n")
    tokens = parser().parse(markdown)
    return _Reader(tokens=tokens, headings=headings, link=link).blocks()


class _Reader:
    """Walks the flat list of tokens once."""

    def __init__(self, *, tokens: Sequence[Token], headings: Headings, link: LinkRewriter | None) -> None:
        self._tokens = tokens
        self._at = 0
        self._headings = headings
        self._link = link
        self._depth = 0
        self._readers: dict[str, Callable[[Token], Sequence[Block]]] = {
            "paragraph_open": self._paragraph,
            "heading_open": self._heading,
            "fence": self._fence,
            "code_block": self._fence,
            "hr": self._rule,
            "blockquote_open": self._quote,
            "bullet_list_open": self._items,
            "ordered_list_open": self._items,
            "table_open": self._grid,
            "html_block": self._html,
        }

    def blocks(self) -> tuple[Block, ...]:
        """Blocks up to the end of the container that the walk is in."""
        out: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.nesting < 0:
                break
            for block in self._block(token):
                _append(out, block)
        return tuple(out)

    def _block(self, token: Token) -> Sequence[Block]:
        read = self._readers.get(token.type)
        return read(token) if read is not None else ()

    def _paragraph(self, _: Token) -> Sequence[Block]:
        children = self._leaf()
        return [Paragraph(children=children)] if children else []

    def _heading(self, token: Token) -> Sequence[Block]:
        return self._title(_LEVEL[token.tag], self._leaf())

    def _fence(self, token: Token) -> Sequence[Block]:
        text = token.content.removesuffix("\n")
        return [Fence(language=known_language(token.info, text), text=text)] if text.strip() else []

    def _rule(self, _: Token) -> Sequence[Block]:
        return [Rule()]

    def _html(self, token: Token) -> Sequence[Block]:
        return [one for block in html_blocks(token.content, self._link) for one in self._retitled(block)]

    def _retitled(self, block: Block) -> Sequence[Block]:
        return self._title(block.level, block.children) if isinstance(block, Title) else [block]

    def _title(self, level: int, children: tuple[Inline, ...]) -> Sequence[Block]:
        line = on_one_line(children)
        if not line:
            return []
        if self._headings == "bold" or self._depth:
            flat: list[Inline] = []
            for child in line:
                flat += child.children if isinstance(child, Span) and child.kind != "quote" else [child]
            return [Paragraph(children=(Span(kind="strong", children=tuple(tidy(flat, split=False))),))]
        return [Title(level=level, children=line)]

    def _leaf(self) -> tuple[Inline, ...]:
        """The inline content of the block that was just opened."""
        builder = InlineBuilder(link=self._link)
        while (token := self._tokens[self._at]).nesting >= 0:
            self._at += 1
            builder.tokens(token.children or ())
        self._at += 1
        return builder.result()

    def _nested(self) -> tuple[Block, ...]:
        self._depth += 1
        blocks = self.blocks()
        self._depth -= 1
        return blocks

    def _quote(self, _: Token) -> Sequence[Block]:
        first = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else None
        callout = CALLOUT.match(first.content) if first is not None and first.type == "inline" else None
        if callout is None or first is None:
            blocks = self._nested()
            return [Quote(blocks=blocks)] if blocks else []
        # The mark stands alone on its line: drop it and the line break after it.
        first.children = (first.children or [])[2:]
        return [Quote(blocks=self._nested(), callout=callout[1].upper())]

    def _items(self, opening: Token) -> Sequence[Block]:
        items: list[tuple[Block, ...]] = []
        loose = False
        while self._tokens[self._at].type == "list_item_open":
            self._at += 1
            opened = self._at
            items.append(self._nested())
            # In a tight list markdown-it hides the paragraphs of the items.
            depth = self._tokens[opened - 1].level + 1
            loose = loose or any(
                token.type == "paragraph_open" and token.level == depth and not token.hidden
                for token in self._tokens[opened : self._at]
            )
        self._at += 1
        start = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
        return [Items(start=start, loose=loose or not _can_be_tight(items), items=tuple(items))]

    def _grid(self, _: Token) -> Sequence[Block]:
        rows: list[tuple[tuple[Inline, ...], ...]] = []
        row: list[tuple[Inline, ...]] = []
        align: list[Alignment] = []
        while (token := self._tokens[self._at]).type != "table_close":
            self._at += 1
            match token.type:
                case "th_open" | "td_open":
                    if not rows:
                        align.append(_alignment(str(token.attrs.get("style", ""))))
                    row.append(on_one_line(self._leaf()))
                case "tr_close":
                    rows.append(tuple(row))
                    row = []
        self._at += 1
        return [Grid(align=tuple(align), rows=tuple(rows))]


def _alignment(style: str) -> Alignment:
    sides: tuple[Alignment, ...] = ("left", "center", "right")
    return next((side for side in sides if side in style), "")


def _can_be_tight(items: Sequence[Sequence[Block]]) -> bool:
    """Whether blank lines can be left out: items hold a paragraph and at most one tight list below it."""
    return all(
        not item
        or (
            isinstance(item[0], Paragraph)
            and (len(item) == 1 or (len(item) == 2 and isinstance(item[1], Items) and not item[1].loose))
        )
        for item in items
    )


def _append(out: list[Block], block: Block) -> None:
    """Adds a block; a list right after a list of the same kind continues it, as it does for Python-Markdown."""
    last = out[-1] if out else None
    if isinstance(block, Items) and isinstance(last, Items) and (block.start is None) == (last.start is None):
        out[-1] = Items(start=last.start, loose=True, items=(*last.items, *block.items))
    else:
        out.append(block)
