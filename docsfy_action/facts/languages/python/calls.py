"""Calls of one file: all of them in source order, and which of them call a given function of the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.languages.python.names import Names
from docsfy_action.facts.languages.python.syntax import captures, parameter_names
from docsfy_action.facts.languages.python.values import Values
from docsfy_action.facts.treesitter import ancestors


@dataclass(frozen=True)
class Calls:
    """The calls and decorated functions of one file."""

    values: Values

    @property
    def names(self) -> Names:
        """What names mean in the file."""
        return self.values.names

    @cached_property
    def _captured(self) -> Mapping[str, list[Node]]:
        return captures("calls", self.names.source.root)

    @property
    def all(self) -> list[Node]:
        """All calls in source order."""
        return self._captured.get("call", [])

    @property
    def decorated(self) -> list[Node]:
        """All functions with decorators, in source order."""
        return self._captured.get("decorated", [])

    @cached_property
    def _by_name(self) -> Mapping[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for call in self.all:
            found.setdefault(self.names.written(call.child_by_field_name("function")), []).append(call)
        return found

    @cached_property
    def _by_method(self) -> Mapping[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for call in self.all:
            function = call.child_by_field_name("function")
            method = function.child_by_field_name("attribute") if function is not None else None
            if method is not None:
                found.setdefault(self.names.source.text(method), []).append(call)
        return found

    def named(self, *written: str) -> list[Node]:
        """The calls of functions written exactly like this, e.g. `app.run`, in source order for each."""
        return [call for name in written for call in self._by_name.get(name, ())]

    def methods(self, *names: str) -> list[Node]:
        """The calls of methods with these names, whatever they are called on, in source order."""
        return sorted(
            (c for name in names for c in self._by_method.get(name, ())), key=lambda c: (c.start_byte, -c.end_byte)
        )

    def of(self, function: Node) -> list[Node]:
        """The calls of a function by its name, of a method through `self` or `cls` inside its class."""
        name_node = function.child_by_field_name("name")
        name = self.names.source.text(name_node) if name_node is not None else "?"
        holder = enclosing(function, "class_definition")
        if holder is not None:
            inside = range(holder.start_byte, holder.end_byte)
            return [call for call in self.named(f"self.{name}", f"cls.{name}") if call.start_byte in inside]
        bound = ((call, self.names.lookup(call.children[0])) for call in self.named(name))
        return [call for call, bindings in bound if bindings and bindings[-1].node == function]

    def passed_in(self, call: Node, function: Node, parameter: str) -> Node | None:
        """The expression that a call passes for a parameter of the function that it calls."""
        written = [self.names.source.text(node) for node in parameter_names(function)]
        if written[:1] in (["self"], ["cls"]):
            written = written[1:]
        if parameter not in written:
            return None
        return self.values.arguments(call).get(parameter, written.index(parameter))

    def attribute_values(self, node: Node) -> list[Node]:
        """What `self.name` is set to: in the body of the class around it, and by its methods."""
        owner, _, name = self.names.written(node).partition(".")
        holder = next((parent for parent in ancestors(node) if parent.type == "class_definition"), None)
        if owner not in ("self", "cls") or not name or holder is None:
            return []
        found = list(self.names.bindings(holder).get(name, []))
        for bound in self.names.bindings(holder).values():
            for binding in bound:
                if binding.kind == "definition" and binding.node.type == "function_definition":
                    found += self.names.bindings(binding.node).get(f"{owner}.{name}", [])
        return [binding.node for binding in found if binding.kind == "value"]

    def parameter(self, identifier: Node) -> tuple[Node, str] | None:
        """(function, parameter name) where the identifier is a parameter of the function around it."""
        bound = self.names.lookup(identifier)
        if len(bound) != 1 or bound[0].kind != "parameter":
            return None
        function = enclosing(bound[0].node, "function_definition")
        return None if function is None else (function, self.names.source.text(bound[0].node))

    def default_of(self, function: Node, parameter: str) -> Node | None:
        """The default value of a parameter."""
        parameters = function.child_by_field_name("parameters")
        for child in parameters.named_children if parameters is not None else ():
            name = child.child_by_field_name("name")
            if name is not None and self.names.source.text(name) == parameter:
                return child.child_by_field_name("value")
        return None


def enclosing(node: Node, kind: str) -> Node | None:
    """The nearest ancestor of a kind, not looking past functions and classes for each other's sake."""
    for parent in ancestors(node):
        if parent.type == kind:
            return parent
        if parent.type == "function_definition":
            return None
    return None
