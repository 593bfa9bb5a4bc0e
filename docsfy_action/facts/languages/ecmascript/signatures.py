"""Parts of a script definition as text: signature, parameters, types, values, base types."""

from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import key_name
from docsfy_action.facts.model import Parameter
from docsfy_action.facts.treesitter import folded_text, head, text

# Longer values say more in the source than in a signature.
MAX_VALUE = 160
_VISIBILITY = ("accessibility_modifier", "override_modifier")


def annotation(node: Node | None) -> str:
    """A type annotation without its colon."""
    return folded_text(node).removeprefix(":").strip()


def short(node: Node | None) -> str:
    """Folded source text, empty where it is too long to show on a line."""
    if node is None or node.end_byte - node.start_byte > MAX_VALUE * 2:
        return ""
    source = head(node, None)
    return source if len(source) <= MAX_VALUE else ""


def without_decorators(node: Node) -> Node:
    """The first part of a definition that is no decorator."""
    return next((child for child in node.children if child.type not in ("decorator", "comment")), node)


def function_signature(written: Node, function: Node) -> str:
    """The declaration up to the function's body, e.g. `async function load(url: string): Promise<void>`."""
    body = function.child_by_field_name("body")
    return head(written, body, without_decorators(written)).removesuffix("=>").rstrip(" ;{")


def value_signature(written: Node, declarator: Node) -> str:
    """A variable's declaration, without its value where that is long."""
    value = declarator.child_by_field_name("value")
    if value is not None and not short(value):
        return head(written, value).removesuffix("=").rstrip()
    return head(written, None).rstrip(" ;,")


def parameters(function: Node) -> tuple[Parameter, ...]:
    """Parameters as written; TypeScript's `this` is none."""
    return tuple(_parameters(function))


def _parameters(function: Node) -> Iterator[Parameter]:
    single = function.child_by_field_name("parameter")
    if single is not None:
        yield Parameter(name=text(single))
    holder = function.child_by_field_name("parameters")
    for node in holder.named_children if holder is not None else ():
        if node.type in ("comment", "decorator"):
            continue
        if node.type in ("required_parameter", "optional_parameter"):
            pattern = node.child_by_field_name("pattern")
            if pattern is not None and pattern.type == "this":
                continue
            yield Parameter(
                name=folded_text(pattern) + ("?" if node.type == "optional_parameter" else ""),
                annotation=annotation(node.child_by_field_name("type")),
                default=folded_text(node.child_by_field_name("value")),
            )
        elif node.type == "assignment_pattern":
            yield Parameter(
                name=folded_text(node.child_by_field_name("left")),
                default=folded_text(node.child_by_field_name("right")),
            )
        else:
            yield Parameter(name=folded_text(node))


def property_parameters(function: Node) -> Iterator[tuple[Node, bool]]:
    """(parameter, whether it is private) of a constructor's parameters that declare properties."""
    holder = function.child_by_field_name("parameters")
    for node in holder.named_children if holder is not None else ():
        words = {text(child) for child in node.children if child.type in _VISIBILITY or child.type == "readonly"}
        if words:
            yield node, "private" in words


def heritage(node: Node) -> tuple[str, ...]:
    """Types that a class or interface extends or implements, as written."""
    return tuple(_heritage(node))


def _heritage(node: Node) -> Iterator[str]:
    for child in node.named_children:
        if child.type == "class_heritage":
            clauses = [c for c in child.named_children if c.type in ("extends_clause", "implements_clause")]
            if not clauses:
                yield from (folded_text(base) for base in child.named_children)
            for clause in clauses:
                yield from _clause(clause)
        elif child.type in ("extends_type_clause", "extends_clause"):
            yield from _clause(child)


def _clause(clause: Node) -> Iterator[str]:
    if clause.type != "extends_clause":
        yield from (folded_text(base) for base in clause.named_children if base.type != "comment")
        return
    arguments = ""
    for child in reversed(clause.named_children):
        if child.type == "type_arguments":
            arguments = folded_text(child)
        elif child.type != "comment":
            yield folded_text(child) + arguments
            arguments = ""


def member_name(node: Node) -> str:
    """Name of a class or interface member."""
    return key_name(node.child_by_field_name("name") or node.child_by_field_name("property"))


def is_private(node: Node) -> bool:
    """Whether a member is kept from users of its class by the language itself."""
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    if name is not None and name.type == "private_property_identifier":
        return True
    return any(child.type == "accessibility_modifier" and text(child) == "private" for child in node.children)
