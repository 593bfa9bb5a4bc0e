"""A Markdown document as a small tree: what foreign Markdown is read into and the page format is written from."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Emphasis: TypeAlias = Literal["strong", "em", "strike", "quote"]
Alignment: TypeAlias = Literal["", "left", "center", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Characters as the reader sees them: nothing in them is markup."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code span."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A line break that the author asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Emphasised text, or for `quote` the content of `<q>…</q>`."""

    kind: Emphasis
    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link; `target` is not yet percent-encoded for Markdown."""

    target: str
    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Autolink:
    """An address or e-mail address that is its own text."""

    target: str


Inline: TypeAlias = Text | Code | Break | Span | Link | Autolink


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A heading."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A code block; `text` has no newline at its end."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A block quotation; `callout` is NOTE, TIP … for GitHub's callouts, which quote nothing."""

    blocks: "tuple[Block, ...]"
    callout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list. `start` is None for bullets. `loose` lists have blank lines between their items."""

    start: int | None
    loose: bool
    items: "tuple[tuple[Block, ...], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: its first row is the header."""

    align: tuple[Alignment, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block: TypeAlias = Paragraph | Title | Fence | Rule | Quote | Items | Grid
