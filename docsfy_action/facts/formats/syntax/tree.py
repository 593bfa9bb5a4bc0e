"""The one shape that TOML, JSON, YAML, INI and XML documents are read into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from docsfy_action.facts.formats.syntax.text import clean, one_line


class Shape(Enum):
    """What a node is. `WORD` is a scalar that is no string: a number, a boolean, a date."""

    MISSING = "missing"
    TEXT = "text"
    WORD = "word"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value of a document. `line` holds the key where it has one, else the value; `scalar` is the text of a scalar
    as the document's own rules decode it (`3.10` in YAML stays `3.10`). What a node has not
    is `MISSING`."""

    line: int
    shape: Shape
    scalar: str = ""
    items: tuple["Node", ...] = ()
    table: Mapping[str, "Node"] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.shape is not Shape.MISSING

    def get(self, *keys: str) -> "Node":
        """The value found by going down `keys`; `MISSING` where there is none."""
        node = self
        for key in keys:
            node = node.table.get(key, MISSING)
        return node

    def pairs(self) -> Iterator[tuple[str, "Node"]]:
        """(key, value) of a table in the document's order; nothing for other shapes."""
        return iter(self.table.items())

    @property
    def text(self) -> str:
        """A scalar as one line; empty for other shapes."""
        return one_line(self.scalar)

    @property
    def block(self) -> str:
        """A scalar with its line breaks; empty for other shapes."""
        return clean(self.scalar)

    @property
    def is_text(self) -> bool:
        """Whether it is a string."""
        return self.shape is Shape.TEXT

    @property
    def is_true(self) -> bool:
        """Whether it is a scalar that says yes."""
        return self.scalar.lower() in ("true", "yes", "on")

    @property
    def is_false(self) -> bool:
        """Whether it is a scalar that says no."""
        return self.scalar.lower() in ("false", "no", "off")

    @property
    def scalars(self) -> tuple["Node", ...]:
        """The scalars of a list that are not empty, or the node itself if it is such a scalar."""
        several = self.items if self.shape is Shape.LIST else (self,)
        return tuple(node for node in several if node.shape in (Shape.TEXT, Shape.WORD) and node.text)

    @property
    def texts(self) -> tuple[str, ...]:
        """What `scalars` say, each on one line."""
        return tuple(node.text for node in self.scalars)


MISSING = Node(line=0, shape=Shape.MISSING)


class TreeBuilder:
    """Makes a tree out of open, close and scalar events without recursion. How deep it may go is for
    the caller to say. A key that comes twice takes its last value and first place, as its parsers have it."""

    def __init__(self) -> None:
        self._open: list[_Open] = [_Open(line=1, is_list=True)]

    @property
    def depth(self) -> int:
        """How many lists and tables are open."""
        return len(self._open) - 1

    @property
    def root(self) -> Node:
        """The document; `MISSING` where it is empty."""
        return self._open[0].items[0] if self._open[0].items else MISSING

    def open(self, *, is_list: bool, line: int) -> None:
        """Start a list or table."""
        self._open.append(_Open(line=self.line_for(line), is_list=is_list))

    def close(self, *, merge_key: str | None = None) -> Node:
        """End the innermost list or table, which becomes a value of the one around it. What stands under `merge_key`
        is laid under the table's own entries."""
        done = self._open.pop()
        shape = Shape.LIST if done.is_list else Shape.TABLE
        table = done.table
        if merge_key is not None and merge_key in table:
            below = table.pop(merge_key)
            for other in below.items or (below,):
                table = {**other.table, **table}
        node = Node(line=done.line, shape=shape, items=tuple(done.items), table=table)
        self.add(node)
        return node

    def key(self, key: str, line: int) -> None:
        """Name the next value of the innermost table."""
        self._open[-1].key, self._open[-1].key_line = key, line

    @property
    def wants_key(self) -> bool:
        """Whether the next thing in the innermost table is a key."""
        return not self._open[-1].is_list and self._open[-1].key is None

    def scalar(self, text: str, *, line: int, is_text: bool = True) -> Node:
        """Add a scalar."""
        node = Node(line=self.line_for(line), shape=Shape.TEXT if is_text else Shape.WORD, scalar=text)
        self.add(node)
        return node

    def add(self, node: Node) -> None:
        """Add a finished value under the current key or at the end of the list."""
        top = self._open[-1]
        if top.is_list:
            top.items.append(node)
        elif top.key is not None:
            top.table[top.key] = node
            top.key = None

    def line_for(self, line: int) -> int:
        """The line of a value that starts at `line`: that of its key, where it has one."""
        top = self._open[-1]
        return line if top.is_list or top.key is None else top.key_line


@dataclass(slots=True, kw_only=True)
class _Open:
    line: int
    is_list: bool
    items: list[Node] = field(default_factory=list)
    table: dict[str, Node] = field(default_factory=dict)
    key: str | None = None
    key_line: int = 0
