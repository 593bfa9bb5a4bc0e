"""Literal values in Python source as trees: what `setup.py` and `noxfile.py` say without running them."""

from collections.abc import Iterator
from functools import cached_property

import tree_sitter_python
from tree_sitter import Language, Parser
from tree_sitter import Node as SyntaxNode

from docsfy_action.facts.formats.syntax.text import Unreadable
from docsfy_action.facts.formats.syntax.tree import MISSING, Node, Shape
from docsfy_action.facts.languages.python.syntax import Source, line_of, string_parts, string_prefix

_MAX_DEPTH = 12
_CHUNK = 65_536
_MAX_SCRIPT = 64_000


def parse_python(text: str) -> Source:
    """The syntax tree of a Python file. Raises `Unreadable` where the parser would need out of proportion long.

    Recovery from errors takes the parser quadratic time: 40 KB of `<!--` take it minutes. It reports its progress once for
    some 30 to 200 bytes of sound source, so that a bound on the number of reports stops it at the same place everywhere.
    """
    data = text.encode()
    if len(data) > _MAX_SCRIPT:
        raise Unreadable(f"a script of more than {_MAX_SCRIPT // 1_000} KB is not read")
    reports = 0

    def is_enough(_offset: int, _has_error: bool) -> bool:
        nonlocal reports
        reports += 1
        return reports > 1_000 + len(data) // 20

    try:
        # Progress is reported only where the source is handed over piece by piece.
        tree = Parser(Language(tree_sitter_python.language())).parse(
            lambda offset, _: data[offset : offset + _CHUNK], progress_callback=is_enough
        )
    except ValueError as problem:
        raise Unreadable("not Python: too many errors to recover from") from problem
    return Source(data, tree.root_node)


class Literals:
    """The literals of one file; names that a module assigns once stand for their value."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def _assigned(self) -> dict[str, SyntaxNode]:
        values: dict[str, SyntaxNode] = {}
        changed: set[str] = set()
        for node in walk(self.source.root):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if node.type not in ("assignment", "augmented_assignment") or left is None or left.type != "identifier":
                continue
            name = self.source.text(left)
            if name in values or node.type == "augmented_assignment":
                changed.add(name)
            elif right is not None:
                values[name] = right
        return {name: node for name, node in values.items() if name not in changed}

    def value(self, node: SyntaxNode | None, depth: int = 0) -> Node:
        """What an expression is; `MISSING` where the source does not say. Lists keep those items that can be read."""
        if node is None or depth > _MAX_DEPTH:
            return MISSING
        match node.type:
            case "string" | "concatenated_string":
                return self._string(node)
            case "list" | "tuple" | "set":
                items = tuple(self.value(item, depth + 1) for item in node.named_children)
                return Node(line=line_of(node), shape=Shape.LIST, items=tuple(item for item in items if item))
            case "dictionary":
                return self._table(node, depth)
            case "true" | "false" | "integer" | "float":
                return Node(line=line_of(node), shape=Shape.WORD, scalar=self.source.text(node).lower())
        return self._expression(node, depth)

    def _expression(self, node: SyntaxNode, depth: int) -> Node:
        match node.type:
            case "identifier":
                return self.value(self._assigned.get(self.source.text(node)), depth + 1)
            case "parenthesized_expression" if node.named_child_count:
                return self.value(node.named_children[0], depth + 1)
            case "binary_operator" if self._operator(node) == "+":
                return self._sum(node, depth)
            case "call" if self.function(node) == "dict":
                return Node(line=line_of(node), shape=Shape.TABLE, table=self.arguments(node, depth + 1))
        return MISSING

    def function(self, call: SyntaxNode) -> str:
        """The name that is called, with its dots."""
        function = call.child_by_field_name("function")
        return "" if function is None else self.source.text(function)

    def arguments(self, call: SyntaxNode, depth: int = 0) -> dict[str, Node]:
        """The named arguments of a call that can be read, those of `**{…}` and `**NAME` included."""
        found: dict[str, Node] = {}
        holder = call.child_by_field_name("arguments")
        for child in holder.named_children if holder is not None else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and (node := self.value(value, depth + 1)):
                    found[self.source.text(name)] = _at(node, line_of(name))
            elif child.type == "dictionary_splat" and child.named_child_count:
                found.update(self.value(child.named_children[0], depth + 1).table)
        return found

    def positional(self, call: SyntaxNode) -> tuple[Node, ...]:
        """The leading positional arguments of a call, up to the first that cannot be read."""
        holder = call.child_by_field_name("arguments")
        found: list[Node] = []
        for child in holder.named_children if holder is not None else ():
            if child.type == "comment":
                continue
            value = self.value(child) if child.type != "keyword_argument" else MISSING
            if value.shape not in (Shape.TEXT, Shape.WORD):
                break
            found.append(value)
        return tuple(found)

    def _operator(self, node: SyntaxNode) -> str:
        operator = node.child_by_field_name("operator")
        return "" if operator is None else self.source.text(operator)

    def _string(self, node: SyntaxNode) -> Node:
        pieces: list[str] = []
        for part in node.named_children if node.type == "concatenated_string" else (node,):
            if part.type == "comment":
                continue
            if part.type != "string" or "b" in string_prefix(self.source, part):
                return MISSING
            for piece in string_parts(self.source, part):
                if not isinstance(piece, str):
                    return MISSING
                pieces.append(piece)
        return Node(line=line_of(node), shape=Shape.TEXT, scalar="".join(pieces))

    def _table(self, node: SyntaxNode, depth: int) -> Node:
        table: dict[str, Node] = {}
        for pair in node.named_children:
            key = pair.child_by_field_name("key")
            name = self.value(key, depth + 1)
            value = self.value(pair.child_by_field_name("value"), depth + 1)
            if key is not None and name.is_text and value:
                table[name.scalar] = _at(value, line_of(key))
        return Node(line=line_of(node), shape=Shape.TABLE, table=table)

    def _sum(self, node: SyntaxNode, depth: int) -> Node:
        left = self.value(node.child_by_field_name("left"), depth + 1)
        right = self.value(node.child_by_field_name("right"), depth + 1)
        if left.is_text and right.is_text:
            return Node(line=left.line, shape=Shape.TEXT, scalar=left.scalar + right.scalar)
        if left.shape is Shape.LIST or right.shape is Shape.LIST:
            return Node(line=line_of(node), shape=Shape.LIST, items=left.items + right.items)
        return MISSING


def _at(node: Node, line: int) -> Node:
    if node.shape in (Shape.LIST, Shape.TABLE):
        return Node(line=line, shape=node.shape, items=node.items, table=node.table)
    return Node(line=line, shape=node.shape, scalar=node.scalar)


def walk(root: SyntaxNode) -> Iterator[SyntaxNode]:
    """All named nodes below `root` in source order, whatever the nesting."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.named_children))
