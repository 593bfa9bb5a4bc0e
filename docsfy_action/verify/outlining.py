"""A stored page as units with their lines: sections, lists, items, tables, rows, fences, paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from docsfy_action.verify.reading import CALLOUT, parser

_UNITS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "table_open": "table",
    "tr_open": "row",
    "fence": "fence",
    "hr": "rule",
    "code_block": "fence",
    "html_block": "html",
}


@dataclass(eq=False, slots=True, kw_only=True)
class Unit:
    """A block with the lines `start` to `end` (from 0, the end left out). `level` is that of a heading, `content` the source of
    inline content."""

    kind: str
    start: int
    end: int
    parent: "Unit | None" = None
    children: "list[Unit]" = field(default_factory=list)
    level: int = 0
    content: str = ""
    gone: bool = False

    @property
    def callout(self) -> bool:
        """Whether a quotation is a callout, which quotes nothing."""
        first = self.children[0] if self.children else None
        return self.kind == "quote" and first is not None and CALLOUT.match(first.content) is not None

    def before(self) -> "Unit | None":
        """The unit in front of this one in the same container."""
        return self._beside(-1)

    def after(self) -> "Unit | None":
        """The unit behind this one in the same container."""
        return self._beside(1)

    def _beside(self, step: int) -> "Unit | None":
        siblings = self.parent.children if self.parent is not None else []
        at = siblings.index(self) + step if siblings else -1
        return siblings[at] if 0 <= at < len(siblings) else None

    def at(self, line: int) -> "Unit":
        """The innermost unit that holds a line."""
        inner = next((child for child in self.children if child.start <= line < child.end), None)
        return self if inner is None else inner.at(line)

    def all(self) -> "Iterator[Unit]":
        """This unit and all that are in it."""
        yield self
        for child in self.children:
            yield from child.all()


def units(markdown: str) -> Unit:
    """The page as a tree of units."""
    root = Unit(kind="page", start=0, end=markdown.count("\n") + 1)
    open_units = [root]
    for token in parser().parse(markdown):
        kind = _UNITS.get(token.type)
        if kind is not None:
            _open(open_units, kind, token)
        elif token.type == "inline" and not open_units[-1].content:
            open_units[-1].content = token.content
        elif token.nesting < 0 and f"{token.type.removesuffix('_close')}_open" in _UNITS:
            open_units.pop()
    return root


def _open(open_units: list[Unit], kind: str, token: Token) -> None:
    parent = open_units[-1]
    start, end = token.map if token.map is not None else (parent.start, parent.start)
    unit = Unit(kind=kind, start=start, end=end, parent=parent)
    unit.level = int(token.tag[1:]) if kind == "heading" else 0
    unit.content = token.content.removesuffix("\n") if kind == "fence" else ""
    parent.children.append(unit)
    if token.nesting > 0:
        open_units.append(unit)
