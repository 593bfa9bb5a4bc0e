"""What expressions of a Go file stand for, as far as the file itself says: strings, lists of strings, literals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.languages.go.imports import local_names
from docsfy_action.facts.languages.go.strings import HOLE, dedented, formatted, unquote
from docsfy_action.facts.model import Import
from docsfy_action.facts.treesitter import captures, folded_text, text

PACKAGE = __name__.rpartition(".")[0]
MAX_STEPS = 12
_STRINGS = ("interpreted_string_literal", "raw_string_literal")
_LITERALS = frozenset({*_STRINGS, "int_literal", "float_literal", "rune_literal", "true", "false"})
_WRAPPING = ("parenthesized_expression", "unary_expression")
_ZERO = frozenset({"", "nil", '""', "``", "false", "0", "0.0", "[]string{}", "[]int{}"})
# Functions that return their text with another layout, by the last word of their name.
_DEDENT = frozenset({"Doc", "Docf", "Dedent", "LongDesc", "Examples"})
_SAME = frozenset({"T", "TrimSpace", "Sprintf", "Sprint", "Docf", "Doc", "Dedent", "LongDesc", "Examples", "string"})
_FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})


@dataclass(frozen=True, slots=True)
class Binding:
    """A place that gives a name a value: `value` is None where the value cannot be told from the place alone."""

    scope: int
    start: int
    value: Node | None
    kind: str


@dataclass(frozen=True)
class GoFile:
    """A parsed file with its imports, and answers about names and expressions in it. Unknown is None, never a guess."""

    root: Node
    imports: tuple[Import, ...]

    @cached_property
    def packages(self) -> Mapping[str, str]:
        """Package name in the code → import path."""
        return local_names(self.imports)

    @cached_property
    def functions(self) -> Mapping[str, Node]:
        """Functions by name; methods as `Type.Method` are not among them."""
        return {
            text(node.child_by_field_name("name")): node
            for node in self.root.children
            if node.type == "function_declaration"
        }

    def imports_any(self, *paths: str) -> bool:
        """Whether a package is imported whose path is one of these, in any major version, or lies below one."""
        return any(item.module == path or item.module.startswith(f"{path}/") for item in self.imports for path in paths)

    def function_around(self, node: Node) -> Node | None:
        """The function, method or function literal that a node stands in."""
        current = node.parent
        while current is not None and current.type not in _FUNCTIONS:
            current = current.parent
        return current

    def declaration_around(self, node: Node) -> Node | None:
        """The top-level function or method that a node stands in."""
        found = None
        current = self.function_around(node)
        while current is not None:
            found, current = current, self.function_around(current)
        return found if found is not None and found.type != "func_literal" else None

    def qualified(self, node: Node | None) -> str:
        """`path#Name` for `pkg.Name`, `Name` for a plain identifier; empty for anything else."""
        if node is None:
            return ""
        if node.type == "identifier":
            return text(node)
        parts = {
            "selector_expression": ("operand", "field"),
            "qualified_type": ("package", "name"),
        }.get(node.type)
        if parts is None:
            return text(node) if node.type == "type_identifier" else ""
        left, right = (node.child_by_field_name(part) for part in parts)
        if left is None or left.type not in ("identifier", "package_identifier") or text(left) not in self.packages:
            return ""
        return f"{self.packages[text(left)]}#{text(right)}"

    @cached_property
    def bindings(self) -> Mapping[str, tuple[Binding, ...]]:
        """Every place that binds a name, in source order."""
        found: dict[str, list[Binding]] = {}
        for kind, nodes in captures(PACKAGE, "bindings", "go", self.root).items():
            for node in nodes:
                for name, value in _bound(kind, node):
                    scope = self.function_around(node)
                    place = -1 if scope is None else scope.start_byte
                    found.setdefault(name, []).append(Binding(place, node.start_byte, value, kind))
        return {name: tuple(sorted(items, key=lambda b: b.start)) for name, items in found.items()}

    def lookup(self, identifier: Node) -> Binding | None:
        """The one binding of a name in the nearest scope that binds it; None where there are several, or none."""
        known = self.bindings.get(text(identifier), ())
        scope = self.function_around(identifier)
        while known:
            place = -1 if scope is None else scope.start_byte
            here = [binding for binding in known if binding.scope == place and binding.kind != "assign"]
            if here:
                changed = any(binding.kind == "assign" for binding in known)
                return here[0] if len(here) == 1 and (here[0].kind == "const" or not changed) else None
            if scope is None or (scope.type != "func_literal" and _is_parameter(scope, text(identifier))):
                return None
            scope = self.function_around(scope)
        return None

    def resolve(self, node: Node | None, steps: int = MAX_STEPS) -> Node | None:
        """The expression behind a name, `&x` and parentheses; the node itself where it is none of these."""
        while node is not None and steps:
            steps -= 1
            if node.type == "literal_element" or (node.type in _WRAPPING and text(node)[:1] in "(&"):
                node = next(iter(node.named_children), None)
            elif node.type == "identifier" and (binding := self.lookup(node)) is not None and binding.value is not None:
                node = binding.value
            else:
                return node
        return None

    def string(self, node: Node | None, steps: int = MAX_STEPS, *, holes: bool = False) -> str | None:
        """The text of a string expression; with `holes`, parts that cannot be read become `…` in what can."""
        node = self.resolve(node)
        if node is None or not steps:
            return None
        if node.type == "binary_expression":
            parts = [self.string(operand, steps - 1, holes=holes) for operand in operands(node)]
            if (not holes and None in parts) or not any(part is not None for part in parts):
                return None
            return "".join(HOLE if part is None else part for part in parts)
        if node.type in ("call_expression", "type_conversion_expression"):
            return self._call(node, steps, holes=holes)
        return unquote(node) if node.type != "rune_literal" else None

    def _call(self, node: Node, steps: int, *, holes: bool) -> str | None:
        name = text(node.child_by_field_name("function")).rpartition(".")[2]
        given = arguments(node)
        if name not in _SAME or not given:
            return None
        template = self.string(given[0], steps - 1, holes=holes)
        if template is None:
            return None
        if name in ("Sprintf", "Docf"):
            values = [self.string(item, steps - 1) or self.literal(item) or None for item in given[1:]]
            template = formatted(template, values)
            if HOLE in template and not holes:
                return None
        return dedented(template) if name in _DEDENT else template.strip() if name == "TrimSpace" else template

    def strings(self, node: Node | None) -> tuple[str, ...] | None:
        """The elements of a list of strings; None where one of them is unknown."""
        node = self.resolve(node)
        if node is None or node.type != "composite_literal":
            return None
        found = [self.string(element) for element in elements(node)]
        return None if None in found else tuple(item for item in found if item is not None)

    def literal(self, node: Node | None) -> str:
        """Source text of a literal, of arithmetic with `time` and `math` constants, or of a list of literals."""
        node = self.resolve(node)
        return folded_text(node) if node is not None and self._is_literal(node, MAX_STEPS) else ""

    def default(self, node: Node | None) -> str:
        """Like `literal`, but empty for a type's zero value: programs do not show that as a default."""
        found = self.literal(node)
        return "" if found in _ZERO else found

    def _is_literal(self, node: Node, steps: int) -> bool:
        if not steps:
            return False
        if node.type in _LITERALS:
            return True
        if node.type == "selector_expression":
            return self.qualified(node).partition("#")[0] in ("time", "math")
        if node.type in ("binary_expression", "unary_expression", "parenthesized_expression"):
            return all(self._is_literal(child, steps - 1) for child in node.named_children)
        if node.type == "composite_literal" and text(node.child_by_field_name("type")).startswith("[]"):
            return all(self._is_literal(element, steps - 1) for element in elements(node))
        return False


def operands(sum_: Node) -> list[Node]:
    """`a`, `b`, `c` of `a + b + c`, however long."""
    found: list[Node] = []
    node: Node | None = sum_
    while node is not None and node.type == "binary_expression" and text(node.child_by_field_name("operator")) == "+":
        right = node.child_by_field_name("right")
        found.extend([right] if right is not None else [])
        node = node.child_by_field_name("left")
    found.extend([node] if node is not None and node.id != sum_.id else [])
    return found[::-1]


def arguments(call: Node) -> Sequence[Node]:
    """Arguments of a call, without comments."""
    given = call.child_by_field_name("arguments")
    return [child for child in given.named_children if child.type != "comment"] if given is not None else []


def elements(literal: Node) -> list[Node]:
    """Unkeyed elements of a composite literal, as expressions."""
    body = literal.child_by_field_name("body") if literal.type != "literal_value" else literal
    if body is None:
        return []
    items = (child for child in body.named_children if child.type == "literal_element")
    return [inner for item in items if (inner := next(iter(item.named_children), None)) is not None]


def fields(literal: Node) -> dict[str, Node]:
    """Keyed elements of a composite literal: `{Use: "x"}` → `Use` and its value."""
    body = literal.child_by_field_name("body") if literal.type != "literal_value" else literal
    found: dict[str, Node] = {}
    for child in body.named_children if body is not None else ():
        if child.type == "keyed_element":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            inner = next(iter(value.named_children), None) if value is not None else None
            if key is not None and inner is not None:
                found[text(key)] = inner
    return found


def _bound(kind: str, node: Node) -> Iterator[tuple[str, Node | None]]:
    if kind in ("const", "var"):
        names = [name for name in node.children_by_field_name("name") if name.type == "identifier"]
        right = node.child_by_field_name("value")
    else:
        left = node.child_by_field_name("left")
        names = list(left.named_children) if left is not None else []
        right = node.child_by_field_name("right")
    values: list[Node | None] = [None] * len(names)
    if right is not None and right.type == "expression_list" and kind != "range":
        given = [child for child in right.named_children if child.type != "comment"]
        if len(given) == len(names) and "iota" not in {child.type for child in given}:
            values = [*given]
        elif len(given) == 1 and given[0].type == "call_expression":
            # `cmd, err := NewCmd()`: the first result is what the function is called for.
            values[0] = given[0]
    for name, value in zip(names, values, strict=True):
        if name.type == "identifier":
            yield text(name), value


def _is_parameter(function: Node, name: str) -> bool:
    for part in ("parameters", "receiver", "result"):
        holder = function.child_by_field_name(part)
        for declared in holder.named_children if holder is not None else ():
            if any(text(found) == name for found in declared.children_by_field_name("name")):
                return True
    return False


def parameter_types(function: Node) -> Iterator[tuple[str, str]]:
    """(name, type as written) of each named parameter."""
    holder = function.child_by_field_name("parameters")
    for declared in holder.named_children if holder is not None else ():
        for name in declared.children_by_field_name("name"):
            if name.is_named:
                yield text(name), folded_text(declared.child_by_field_name("type"))
