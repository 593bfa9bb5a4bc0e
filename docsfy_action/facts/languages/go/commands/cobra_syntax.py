"""Where a command literal stands in its file: what it is assigned to, what a function returns, which loop is around."""

from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.go.values import parameter_types
from docsfy_action.facts.treesitter import text

MAX_CLIMB = 16
_HOLDERS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})


def commands_among_parameters(function: Node) -> Iterator[str]:
    """Parameters of a function that are commands: cobra hands them to handlers."""
    return (name for name, written in parameter_types(function) if written == "*cobra.Command")


def loops(node: Node) -> Iterator[Node]:
    """The range clauses of the loops around a node, innermost first."""
    current = node.parent
    while current is not None:
        if current.type == "for_statement":
            yield from (child for child in current.named_children if child.type == "range_clause")
        current = current.parent


def variable_of(literal: Node) -> tuple[str, Node | None]:
    """What a literal is assigned to, through `&`, calls and fields of other literals; and the assigning statement."""
    suffix, position = "", 0
    current, above = literal, literal.parent
    for _ in range(MAX_CLIMB):
        if above is None or above.type in ("return_statement", "block", "func_literal"):
            return "", None
        if above.type == "keyed_element":
            key = above.child_by_field_name("key")
            suffix = f".{text(key)}{suffix}"
        elif above.type == "call_expression" and text(above.child_by_field_name("function")).endswith("AddCommand"):
            return "", None
        elif above.type == "expression_list":
            position = [child.id for child in above.named_children].index(current.id)
        elif above.type in _HOLDERS:
            left = above.child_by_field_name("left")
            names = left.named_children if left is not None else above.children_by_field_name("name")
            names = [name for name in names if name.is_named]
            return (text(names[position]) + suffix if position < len(names) else ""), above
        current, above = above, above.parent
    return "", None


def returned_by(function: Node) -> Iterator[Node]:
    """Expressions that a function returns, those of function literals inside it aside."""
    stack = [child for child in function.named_children if child.type == "block"]
    while stack:
        node = stack.pop()
        if node.type == "return_statement":
            for listing in node.named_children:
                yield from listing.named_children[:1]
        elif node.type != "func_literal":
            stack.extend(reversed(node.named_children))
