"""Small readings of the script grammar that all parts of the extractor share: names, strings, wrappers, assignments."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from docsfy_action.facts.treesitter import folded_text, text

WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
)
FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
DECLARED_FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
_NAMES = ("identifier", "shorthand_property_identifier", "this", "meta_property")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def unescaped(source: str) -> str:
    """The characters that a string literal's inner text stands for."""
    return _ESCAPE.sub(_escaped, source) if "\\" in source else source


def _escaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return "" if match[4] else _SIMPLE.get(match[5], match[5])


def plain_string(node: Node | None) -> str | None:
    """Value of a string literal or of a template without substitutions; None for anything else."""
    if node is None:
        return None
    if node.type == "string":
        return unescaped(text(node)[1:-1])
    if node.type == "template_string" and not any(child.type == "template_substitution" for child in node.children):
        return unescaped(text(node)[1:-1])
    return None


def bare(node: Node | None) -> Node | None:
    """The expression inside parentheses, type casts and `!`."""
    while node is not None and node.type in WRAPPERS:
        inner = [child for child in node.named_children if child.type != "comment"]
        if not inner:
            return None
        node = inner[-1] if node.type == "type_assertion" else inner[0]
    return node


def key_name(node: Node | None) -> str:
    """Name of a property as code reaches it: quotes taken off; `[Symbol.iterator]` keeps its brackets."""
    if node is None:
        return ""
    if node.type == "computed_property_name":
        inner = plain_string(node.named_children[0]) if node.named_children else None
        return inner if inner is not None else folded_text(node)
    literal = plain_string(node)
    return literal if literal is not None else text(node)


def properties(literal: Node) -> Iterator[tuple[str, Node | None, Node]]:
    """(name, value, property) of each entry of an object literal; a method or shorthand name is its own value."""
    for entry in literal.named_children:
        if entry.type == "pair":
            yield key_name(entry.child_by_field_name("key")), bare(entry.child_by_field_name("value")), entry
        elif entry.type == "method_definition":
            yield key_name(entry.child_by_field_name("name")), entry, entry
        elif entry.type == "shorthand_property_identifier":
            yield text(entry), entry, entry
        elif entry.type == "spread_element":
            yield "...", next(iter(entry.named_children), None), entry


def arguments(call: Node) -> Sequence[Node]:
    """Arguments of a call or `new`, without comments; a tagged template counts as one."""
    given = call.child_by_field_name("arguments")
    if given is None:
        return ()
    if given.type == "template_string":
        return (given,)
    return [child for child in given.named_children if child.type != "comment"]


def operands(sum_: Node) -> list[Node]:
    """`a`, `b`, `c` of `a + b + c`, however long; none for another operator."""
    found: list[Node] = []
    node: Node | None = sum_
    while node is not None and node.type == "binary_expression" and text(node.child_by_field_name("operator")) == "+":
        right = node.child_by_field_name("right")
        found.extend([right] if right is not None else [])
        node = bare(node.child_by_field_name("left"))
    found.extend([node] if node is not None and node.id != sum_.id else [])
    return found[::-1]


def call_line(call: Node) -> int:
    """The line of a call's own name: in a chain over several lines, that of the method."""
    function = call.child_by_field_name("function")
    method = function.child_by_field_name("property") if function is not None else None
    return (method or call).start_point.row + 1


def dotted(node: Node | None) -> str:
    """`module.exports.x` for member expressions over names; empty for anything else."""
    parts: list[str] = []
    while node is not None and node.type in ("member_expression", "subscript_expression"):
        if node.type == "subscript_expression":
            index = plain_string(node.child_by_field_name("index"))
            if index is None:
                return ""
            parts.append(index)
        else:
            parts.append(text(node.child_by_field_name("property")))
        node = bare(node.child_by_field_name("object"))
    if node is None or node.type not in _NAMES:
        return ""
    parts.append(text(node))
    return ".".join(reversed(parts))


def loads_module(node: Node | None) -> bool:
    """Whether an expression is `require("module")` or `await import("module")`, or a member of one."""
    node = bare(node)
    while node is not None and node.type in ("member_expression", "await_expression"):
        node = bare(node.child_by_field_name("object") or next(iter(node.named_children), None))
    if node is None or node.type != "call_expression":
        return False
    function = node.child_by_field_name("function")
    is_loader = function is not None and (function.type == "import" or text(function) == "require")
    return is_loader and plain_string(next(iter(arguments(node)), None)) is not None


def assignment_chain(node: Node | None) -> tuple[list[Node], Node | None]:
    """(targets, value) of `a = b.c = value`; without assignment, no targets and the expression itself."""
    targets: list[Node] = []
    while node is not None and node.type == "assignment_expression":
        left = node.child_by_field_name("left")
        if left is not None:
            targets.append(left)
        node = bare(node.child_by_field_name("right"))
    return targets, node


def bound_names(pattern: Node | None) -> Iterator[str]:
    """The names that a declaration's left side binds, destructuring taken apart."""
    stack = [pattern] if pattern is not None else []
    while stack:
        node = stack.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield text(node)
        elif node.type in ("pair_pattern", "object_assignment_pattern", "assignment_pattern"):
            inner = node.child_by_field_name("value" if node.type == "pair_pattern" else "left")
            stack.extend([inner] if inner is not None else [])
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            stack.extend(reversed(node.named_children))


def taken(pattern: Node) -> Iterator[tuple[str, str]]:
    """(name there, name here) of each entry of an object pattern."""
    for entry in pattern.named_children:
        if entry.type == "shorthand_property_identifier_pattern":
            yield text(entry), text(entry)
        elif entry.type == "object_assignment_pattern":
            left = text(entry.child_by_field_name("left"))
            yield left, left
        elif entry.type == "pair_pattern":
            there = key_name(entry.child_by_field_name("key"))
            yield there, next(bound_names(entry.child_by_field_name("value")), there)
