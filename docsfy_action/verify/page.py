"""A stored page taken apart into what can be checked: headings, links, code spans, fences, quotations."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from markdown_it.token import Token

from docsfy_action.verify.citations import parse_citation
from docsfy_action.verify.reading import CALLOUT, outline_parser, parser
from docsfy_action.verify.slugs import slugify


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: the nearest heading above it, the line, and whether it is part of a quotation."""

    heading: str
    line: int
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading with its anchor."""

    level: int
    text: str
    anchor: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link. `is_code` says that its text is one code span and nothing else."""

    target: str
    text: str
    is_code: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSpan:
    """A code span; `target` is that of the link whose whole text it is, else empty."""

    text: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFence:
    """A code block. `cites` is the target of the last symbol citation in the heading or paragraph right before it."""

    language: str
    text: str
    cites: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A block quotation or `<q>…</q>`: what a reader sees of it, and the target of the citation it is attributed to."""

    text: str
    source: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """Something that the page format does not have: raw HTML, an image, an indented code block."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The pieces of a page in their order."""

    headings: tuple[Heading, ...]
    links: tuple[PageLink, ...]
    spans: tuple[CodeSpan, ...]
    fences: tuple[CodeFence, ...]
    quotations: tuple[Quotation, ...]
    foreign: tuple[Markup, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """What links to this page may name after `#`."""
        return frozenset(heading.anchor for heading in self.headings)


def parse_page(markdown: str) -> Page:
    """Take a page apart; any text is accepted."""
    walk = _Walk()
    for token in parser().parse(markdown):
        walk.token(token)
    return walk.page()


def anchors_of(markdown: str) -> frozenset[str]:
    """What links to a page may name after `#`; faster than taking the whole page apart."""
    tokens = outline_parser().parse(markdown)
    heads = (after for before, after in pairwise(tokens) if before.type == "heading_open")
    return frozenset(slugify(_text_of(parser().parseInline(head.content)[0].children or ())) for head in heads)


def _text_of(children: Sequence[Token]) -> str:
    """What a reader sees of inline content."""
    shown = (
        child.content if child.type in ("text", "code_inline") else " " if child.type.endswith("break") else ""
        for child in children
    )
    return "".join(shown).strip()


class _Cited(NamedTuple):
    """A citation: position in the page, and the paragraph or row and the section it stands in."""

    order: int
    group: int
    section: int
    target: str


@dataclass(slots=True, kw_only=True)
class _OpenQuote:
    order: int
    group: int
    section: int
    place: Place
    block: bool
    texts: list[str] = field(default_factory=list)
    attribution: str = ""


class _Walk:
    """One pass over the tokens of a page."""

    def __init__(self) -> None:
        self._headings: list[Heading] = []
        self._links: list[PageLink] = []
        self._spans: list[CodeSpan] = []
        self._fences: list[CodeFence] = []
        self._foreign: list[Markup] = []
        self._quotes: list[_OpenQuote] = []
        self._open: list[_OpenQuote] = []
        self._containers: list[bool] = []
        self._cited: list[_Cited] = []
        self._order = self._group = self._section = 0
        self._in_row = False
        self._heading = ""
        self._level = 0
        self._line = 1
        self._before_fence = ""
        self._after_quote: _OpenQuote | None = None
        self._handlers: dict[str, Callable[[Token], None]] = {
            "inline": self._inline,
            "fence": self._fence,
            "code_block": self._foreign_block,
            "html_block": self._foreign_block,
            "blockquote_open": self._quote_opens,
            "blockquote_close": self._quote_closes,
            "heading_open": self._heading_opens,
            "tr_open": self._row_opens,
            "tr_close": self._row_closes,
        }

    def token(self, token: Token) -> None:
        """Take in one block token."""
        if token.map is not None:
            self._line = token.map[0] + 1
        handle = self._handlers.get(token.type)
        if handle is not None:
            handle(token)
        if token.nesting >= 0 and token.type not in ("inline", "paragraph_open", "heading_open"):
            self._before_fence = ""
            self._after_quote = None

    def page(self) -> Page:
        """All that was found."""
        return Page(
            headings=tuple(self._headings),
            links=tuple(self._links),
            spans=tuple(self._spans),
            fences=tuple(self._fences),
            quotations=tuple(
                Quotation(text=" ".join(" ".join(quote.texts).split()), source=self._source(quote), place=quote.place)
                for quote in self._quotes
            ),
            foreign=tuple(self._foreign),
        )

    def _place(self) -> Place:
        return Place(heading=self._heading, line=self._line, quoted=bool(self._open))

    def _fence(self, token: Token) -> None:
        text = token.content.removesuffix("\n")
        self._said(text)
        language = token.info.strip()
        self._fences.append(CodeFence(language=language, text=text, cites=self._before_fence, place=self._place()))

    def _foreign_block(self, token: Token) -> None:
        self._foreign.append(Markup(text=token.content.strip(), place=self._place()))

    def _heading_opens(self, token: Token) -> None:
        self._section += 1
        self._level = int(token.tag[1:])

    def _row_opens(self, _: Token) -> None:
        self._group += 1
        self._in_row = True

    def _row_closes(self, _: Token) -> None:
        self._in_row = False

    def _quote_opens(self, _: Token) -> None:
        # Whether it is a callout shows in its first line, which comes later.
        self._containers.append(True)
        self._open_quote(block=True)

    def _quote_closes(self, _: Token) -> None:
        if self._containers.pop():
            quote = self._open.pop()
            self._quotes.append(quote)
            self._after_quote = quote
        self._before_fence = ""

    def _open_quote(self, *, block: bool) -> None:
        self._order += 1
        place = Place(heading=self._heading, line=self._line, quoted=bool(self._open))
        self._open.append(
            _OpenQuote(order=self._order, group=self._group, section=self._section, place=place, block=block)
        )

    def _said(self, text: str) -> None:
        for quote in self._open:
            quote.texts.append(text)

    def _inline(self, token: Token) -> None:
        if not self._in_row:
            self._group += 1
        if self._containers and self._containers[-1] and not self._open[-1].texts and CALLOUT.match(token.content):
            # A callout is the page's own voice.
            self._containers[-1] = False
            self._open.pop()
        attributed = self._after_quote if token.content.startswith("—") else None
        first = len(self._cited)
        text = self._children(token.children or ())
        cited = self._cited[first:]
        if attributed is not None and cited:
            attributed.attribution = cited[0].target
        symbols = [one.target for one in cited if "#" in one.target]
        self._before_fence = symbols[-1] if symbols else ""
        self._after_quote = None
        if self._level:
            self._heading = text
            level, self._level = self._level, 0
            self._headings.append(Heading(level=level, text=text, anchor=slugify(text), place=self._place()))

    def _children(self, children: Sequence[Token]) -> str:
        seen: list[str] = []
        link: tuple[str, int, int] | None = None
        spans_in_link: list[int] = []
        inline_quotes = 0
        for child in children:
            match child.type:
                case "text" | "code_inline":
                    seen.append(child.content)
                    self._said(child.content)
                    if child.type == "code_inline":
                        spans_in_link.append(len(self._spans))
                        self._spans.append(CodeSpan(text=child.content, target="", place=self._place()))
                case "softbreak" | "hardbreak":
                    seen.append(" ")
                    self._line += 1
                case "link_open":
                    link = (str(child.attrs.get("href", "")), len(seen), self._order)
                    spans_in_link = []
                case "link_close" if link is not None:
                    self._link(link[0], seen[link[1] :], spans_in_link)
                    link = None
                case "image":
                    self._foreign.append(Markup(text=f"![{child.content}]", place=self._place()))
                case "html_inline" if child.content == "<q>":
                    self._open_quote(block=False)
                    inline_quotes += 1
                case "html_inline" if child.content == "</q>" and inline_quotes:
                    self._quotes.append(self._open.pop())
                    inline_quotes -= 1
                case "html_inline":
                    self._foreign.append(Markup(text=child.content, place=self._place()))
        for _ in range(inline_quotes):
            quote = self._open.pop()
            self._quotes.append(quote)
            self._foreign.append(Markup(text="<q>", place=quote.place))
        return "".join(seen).strip()

    def _link(self, target: str, texts: Sequence[str], spans: Sequence[int]) -> None:
        text = "".join(texts)
        is_code = len(spans) == 1 and len(texts) == 1
        self._links.append(PageLink(target=target, text=text, is_code=is_code, place=self._place()))
        if is_code:
            span = self._spans[spans[0]]
            self._spans[spans[0]] = CodeSpan(text=span.text, target=target, place=span.place)
        self._order += 1
        if not self._open and parse_citation(target) is not None:
            self._cited.append(_Cited(self._order, self._group, self._section, target))

    def _source(self, quote: _OpenQuote) -> str:
        """The citation that a quotation is attributed to, empty for none."""
        if quote.attribution:
            return quote.attribution
        at = bisect_left(self._cited, quote.order, key=_order)
        before = self._cited[at - 1] if at else None
        after = self._cited[at] if at < len(self._cited) else None
        if not quote.block:
            for near in (before, after):
                if near is not None and near.group == quote.group:
                    return near.target
        if before is not None:
            return before.target
        return after.target if after is not None and after.section == quote.section else ""


def _order(cited: _Cited) -> int:
    return cited.order
