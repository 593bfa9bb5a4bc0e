"""What expressions of a script stand for, as far as the file itself says: strings, literals, objects, names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.languages.ecmascript.syntax import (
    DECLARED_FUNCTIONS,
    FUNCTIONS,
    arguments,
    bare,
    bound_names,
    dotted,
    operands,
    plain_string,
    properties,
    unescaped,
)
from docsfy_action.facts.model import Import
from docsfy_action.facts.treesitter import captures, folded_text, text

PACKAGE = __name__.rpartition(".")[0]
HOLE = "…"
MAX_STEPS = 10
# A longer default says more in the source.
MAX_ARRAY = 200
SCOPES = frozenset({*FUNCTIONS, *DECLARED_FUNCTIONS, "method_definition"})
_LITERALS = frozenset({"string", "number", "true", "false", "regex"})
_NOTHING = frozenset({"", "undefined", "null"})


@dataclass(frozen=True, slots=True)
class Binding:
    """A declaration of a name; `value` is None for one that is taken out of an object or assigned elsewhere."""

    scope: int
    value: Node | None
    constant: bool


@dataclass(frozen=True)
class Script:
    """A parsed file with its imports, and answers about expressions in it. Unknown is None, never a guess."""

    root: Node
    grammar: str
    imports: tuple[Import, ...]

    @cached_property
    def imported(self) -> Mapping[str, tuple[str, str]]:
        """Local name → (module, name there)."""
        found: dict[str, tuple[str, str]] = {}
        for item in self.imports:
            renamed = dict(item.aliases)
            for name in item.names:
                found.setdefault(renamed.get(name, name), (item.module, name))
        return found

    def imports_any(self, *modules: str) -> bool:
        """Whether one of these modules, or something below one, is imported."""
        return any(item.module == m or item.module.startswith(f"{m}/") for item in self.imports for m in modules)

    @cached_property
    def calls(self) -> list[Node]:
        """All calls in source order, outer ones first."""
        return self._created.get("call", [])

    @cached_property
    def instances(self) -> list[Node]:
        """All `new` expressions in source order."""
        return self._created.get("new", [])

    @cached_property
    def _created(self) -> Mapping[str, list[Node]]:
        return captures(PACKAGE, "calls", self.grammar, self.root)

    def scope(self, node: Node) -> Node | None:
        """The function that a node stands in."""
        current = node.parent
        while current is not None and current.type not in SCOPES:
            current = current.parent
        return current

    @cached_property
    def bindings(self) -> Mapping[str, tuple[Binding, ...]]:
        """Every declaration of a name."""
        found: dict[str, list[Binding]] = {}
        captured = captures(PACKAGE, "bindings", self.grammar, self.root)
        for node in captured.get("declared", []):
            scope = self.scope(node)
            place = -1 if scope is None else scope.start_byte
            target = node.child_by_field_name("name")
            value = node.child_by_field_name("value") if target is not None and target.type == "identifier" else None
            constant = node.parent is not None and text(node.parent).startswith("const")
            for name in bound_names(target):
                found.setdefault(name, []).append(Binding(place, value, constant))
        assigned = {text(node.child_by_field_name("left")) for node in captured.get("assigned", [])}
        return {
            name: tuple(Binding(b.scope, b.value, b.constant or name not in assigned) for b in items)
            for name, items in found.items()
        }

    def lookup(self, identifier: Node) -> Binding | None:
        """The one declaration of a name in the nearest scope that has one."""
        name = text(identifier)
        known = self.bindings.get(name, ())
        scope = self.scope(identifier)
        while known:
            place = -1 if scope is None else scope.start_byte
            here = [binding for binding in known if binding.scope == place]
            if here:
                return here[0] if len(here) == 1 and here[0].constant else None
            if scope is None or name in parameter_names(scope):
                return None
            scope = self.scope(scope)
        return None

    def resolve(self, node: Node | None, steps: int = MAX_STEPS) -> Node | None:
        """The expression behind names, casts and parentheses; the node itself where it is none of these."""
        node = bare(node)
        while node is not None and node.type in ("identifier", "shorthand_property_identifier") and steps:
            steps -= 1
            binding = self.lookup(node)
            if binding is None or binding.value is None:
                return node
            node = bare(binding.value)
        return node

    def string(self, node: Node | None, steps: int = MAX_STEPS, *, holes: bool = False) -> str | None:
        """The text of a string expression; with `holes`, parts that cannot be read become `…` in what can."""
        node = self.resolve(node)
        if node is None or not steps:
            return None
        if (plain := plain_string(node)) is not None:
            return plain
        parts: list[str | None] = []
        if node.type == "template_string":
            for child in node.named_children:
                if child.type == "template_substitution":
                    parts.append(self.string(next(iter(child.named_children), None), steps - 1))
                else:
                    parts.append(unescaped(text(child)))
        elif node.type == "binary_expression":
            parts.extend(self.string(operand, steps - 1, holes=holes) for operand in operands(node))
        elif node.type == "call_expression":
            return self._call(node, steps, holes=holes)
        if not any(part is not None for part in parts) or (None in parts and not holes):
            return None
        return "".join(HOLE if part is None else part for part in parts)

    def _call(self, call: Node, steps: int, *, holes: bool) -> str | None:
        """`["a", "b"].join(" ")`, `"text".trim()`, and tags or functions such as `dedent` that only change layout."""
        function = call.child_by_field_name("function")
        name = text(function).rpartition(".")[2]
        given = arguments(call)
        if function is not None and function.type == "member_expression":
            holder = function.child_by_field_name("object")
            items = self.strings(holder) if name == "join" else None
            glue = self.string(given[0]) if given else ","
            if items is not None and glue is not None:
                return glue.join(items)
            if name in ("trim", "trimStart", "trimEnd"):
                return self.string(holder, steps - 1, holes=holes)
        if name in ("dedent", "outdent", "stripIndent", "trim", "raw") and given:
            return self.string(given[0], steps - 1, holes=holes)
        return None

    def strings(self, node: Node | None) -> tuple[str, ...] | None:
        """The elements of an array of strings; None where one of them is unknown."""
        node = self.resolve(node)
        if node is None or node.type != "array":
            return None
        found = [self.string(child) for child in node.named_children if child.type != "comment"]
        return None if None in found else tuple(item for item in found if item is not None)

    def words(self, node: Node | None) -> tuple[str, ...]:
        """A string as one word, or the strings of an array; none where that is unknown."""
        listed = self.strings(node)
        single = self.string(node) if listed is None else None
        return listed or ((single,) if single else ())

    def literal(self, node: Node | None, steps: int = MAX_STEPS) -> str:
        """Source text of a literal: a string, number, boolean, or an array of them; empty for anything else."""
        node = self.resolve(node)
        if node is None or not steps or folded_text(node) in _NOTHING:
            return ""
        if node.type == "unary_expression":
            inner = node.child_by_field_name("argument")
            return folded_text(node) if inner is not None and inner.type == "number" else ""
        if node.type == "array":
            items = [child for child in node.named_children if child.type != "comment"]
            short = len(node.text or b"") < MAX_ARRAY
            return folded_text(node) if short and all(self.literal(item, steps - 1) for item in items) else ""
        is_literal = node.type in _LITERALS or (node.type == "template_string" and plain_string(node) is not None)
        return folded_text(node) if is_literal and "\n" not in text(node) else ""

    def fields(self, node: Node | None, steps: int = MAX_STEPS) -> dict[str, Node]:
        """Key → value of an object literal, with the objects that it spreads from this file."""
        literal = self.resolve(node)
        found: dict[str, Node] = {}
        if literal is None or literal.type != "object" or not steps:
            return found
        for name, value, _ in properties(literal):
            if name == "..." and value is not None:
                found.update(self.fields(value, steps - 1))
            elif value is not None:
                found[name] = value
        return found

    def origin(self, node: Node | None) -> tuple[str, str]:
        """(module, name there) behind an imported name or a member of an imported module; empty for anything else."""
        head, _, rest = dotted(bare(node)).partition(".")
        module, name = self.imported.get(head, ("", ""))
        if not module or (rest and name not in ("*", "default")):
            return "", ""
        return module, rest or name


def parameter_names(function: Node) -> frozenset[str]:
    """Names that a function's parameters bind."""
    return frozenset(_parameter_names(function))


def _parameter_names(function: Node) -> Iterator[str]:
    single = function.child_by_field_name("parameter")
    if single is not None:
        yield text(single)
    holder = function.child_by_field_name("parameters")
    for node in holder.named_children if holder is not None else ():
        yield from bound_names(node.child_by_field_name("pattern") or node)
