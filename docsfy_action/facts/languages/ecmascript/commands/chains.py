"""Method chains such as `program.command("x").option(…)`: what they start from, and what their result is bound to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.ecmascript.commands.tree import CliCommand, command_facts_of
from docsfy_action.facts.languages.ecmascript.syntax import (
    DECLARED_FUNCTIONS,
    arguments,
    bare,
    call_line,
    dotted,
    plain_string,
)
from docsfy_action.facts.languages.ecmascript.values import Script, parameter_names
from docsfy_action.facts.model import CommandLink
from docsfy_action.facts.treesitter import line, text, walk

_PASSED = ("await_expression", "parenthesized_expression", "non_null_expression", "as_expression")


class Library(Protocol):
    """How one library's calls are read."""

    packages: ClassVar[tuple[str, ...]]
    parameter_types: ClassVar[tuple[str, ...]]
    parameter_names: ClassVar[tuple[str, ...]]

    def created(self, node: Node) -> CliCommand | None:
        """The command that an expression makes or that an import stands for."""

    def apply(self, reader: "ChainReader", command: CliCommand, method: str, call: Node) -> CliCommand:
        """Read one call on a command; returns the command that the call returns."""


@dataclass(frozen=True, slots=True)
class Chain:
    """`base.method(…).method(…)`; `outer` is the whole expression."""

    base: Node
    steps: tuple[tuple[str, Node], ...]
    outer: Node


@dataclass
class ChainReader:
    """Follows all chains of a file in source order and keeps what their results are called."""

    script: Script
    library: Library
    commands: list[CliCommand] = field(default_factory=list)
    variables: dict[tuple[int, str], CliCommand] = field(default_factory=dict)
    made: dict[int, CliCommand] = field(default_factory=dict)
    returned: dict[str, CliCommand] = field(default_factory=dict)
    started: list[CommandLink] = field(default_factory=list)

    def facts(self) -> CommandFacts:
        """What the chains say."""
        for chain in _chains(self.script):
            command = self.find(chain.base)
            if command is None:
                self._hand_over(chain)
                continue
            for method, call in chain.steps:
                command = self.library.apply(self, command, method, call)
            self._bind(chain.outer, command)
        found = command_facts_of(self.commands)
        return replace(found, links=(*found.links, *self.started))

    def add(self, command: CliCommand) -> CliCommand:
        """Keep a new command."""
        self.commands.append(command)
        return command

    def find(self, node: Node | None) -> CliCommand | None:
        """The command that an expression stands for."""
        node = bare(node)
        if node is None:
            return None
        if node.id in self.made:
            return self.made[node.id]
        if node.type == "identifier" and (known := self._named(node)) is not None:
            return known
        if node.type == "call_expression" and (known := self.returned.get(text(node.child_by_field_name("function")))):
            return known
        command = self.library.created(node)
        if command is None:
            return None
        if node.type == "identifier" or dotted(node):
            # The library's own instance, which every mention of the import means.
            known = next((c for c in self.commands if c.root and c.id == command.id), None)
            return known or self.add(command)
        self.made[node.id] = self.add(command)
        # What has no name can be told from others of the file all the same: programs are few.
        command.id = command.id or self._place(node) or f"program.{command.word}".rstrip(".")
        return command

    def _named(self, identifier: Node) -> CliCommand | None:
        name, scope = text(identifier), self.script.scope(identifier)
        while True:
            place = -1 if scope is None else scope.start_byte
            if (place, name) in self.variables:
                return self.variables[(place, name)]
            if scope is None:
                return None
            if name in parameter_names(scope):
                return self._handed(scope, name)
            scope = self.script.scope(scope)

    def _handed(self, function: Node, name: str) -> CliCommand | None:
        """A command that a function of this file is handed: by its type, or by the usual name."""
        owner = self.function_name(function)
        written = ""
        holder = function.child_by_field_name("parameters")
        for node in holder.named_children if holder is not None else ():
            if text(node.child_by_field_name("pattern")) == name:
                written = text(node.child_by_field_name("type")).removeprefix(":").strip()
        typed = written.partition("<")[0].rpartition(".")[2] in self.library.parameter_types
        if not owner or not (typed or (not written and name in self.library.parameter_names)):
            return None
        command = self.add(CliCommand("", line(function), id=owner, foreign=True))
        command.framework = self.library.packages[0]
        self.variables[(function.start_byte, name)] = command
        return command

    def function_name(self, function: Node) -> str:
        """The name by which other code calls a function: its own, its variable's, or `default`."""
        if function.type in DECLARED_FUNCTIONS and (name := text(function.child_by_field_name("name"))):
            return name
        above = function.parent
        if above is not None and above.type == "variable_declarator":
            return text(above.child_by_field_name("name"))
        if above is not None and above.type == "assignment_expression":
            return dotted(above.child_by_field_name("left")).rpartition("exports")[2].removeprefix(".") or "default"
        return "default" if above is not None and above.type in ("export_statement", *_PASSED) else ""

    def _place(self, node: Node) -> str:
        """What code calls the value of an expression: a variable, a function that returns it, or the default export."""
        above = node.parent
        current = node
        while above is not None and above.type not in ("variable_declarator", "return_statement", "export_statement"):
            if above.type in ("statement_block", "program", "arguments"):
                break
            if above.type == "arrow_function" and above.child_by_field_name("body") == current:
                return self.function_name(above)
            current, above = above, above.parent
        function = self.script.scope(node)
        around = self.function_name(function) if function is not None else ""
        if above is not None and above.type == "variable_declarator":
            name = text(above.child_by_field_name("name"))
            if function is not None and around and _returns(function, name):
                return around
            return f"{around}.{name}" if around else name
        if above is not None and above.type == "return_statement":
            return around
        return "default" if above is not None and above.type == "export_statement" else around

    def _bind(self, outer: Node, command: CliCommand) -> None:
        node, above = outer, outer.parent
        while above is not None and above.type in _PASSED:
            node, above = above, above.parent
        scope = self.script.scope(node)
        place = -1 if scope is None else scope.start_byte
        target: Node | None = None
        if above is not None and above.type == "variable_declarator":
            target = above.child_by_field_name("name")
        elif above is not None and above.type == "assignment_expression":
            target = above.child_by_field_name("left")
        if target is not None and target.type == "identifier":
            if above is not None and above.type == "assignment_expression":
                declared = {binding.scope for binding in self.script.bindings.get(text(target), ())}
                place = place if place in declared else -1
            self.variables[(place, text(target))] = command
        elif above is not None and above.type == "return_statement" and scope is not None:
            self.returned.setdefault(self.function_name(scope), command)

    def _hand_over(self, chain: Chain) -> None:
        """`register(program)`: what that function adds belongs to the command; `parse()` on another file's command."""
        call = chain.outer
        if call.type != "call_expression":
            return
        module, name = self.script.origin(chain.base)
        if module.startswith(".") and {"parse", "parseAsync"} & {method for method, _ in chain.steps}:
            self.started.append(CommandLink(parent="", child=f"{module}#{name}", line=call_line(call)))
        for argument in arguments(call):
            held = self.find(argument) if argument.type == "identifier" else None
            child = self.reference(call.child_by_field_name("function")) if held is not None else ""
            if held is not None and child:
                held.links.append(CommandLink(parent=held.id, child=child, line=call_line(call)))

    def reference(self, node: Node | None) -> str:
        """How a link names what an expression stands for: `name` or `module#name`; empty where that is unknown."""
        node = bare(node)
        if node is None:
            return ""
        if node.type == "await_expression":
            return self.reference(next(iter(node.named_children), None))
        if node.type == "call_expression":
            function = node.child_by_field_name("function")
            if text(function) == "require" or (function is not None and function.type == "import"):
                module = plain_string(next(iter(arguments(node)), None))
                return f"{module}#default" if module else ""
            return self.reference(function)
        module, name = self.script.origin(node)
        if module:
            return f"{module}#{'default' if name == '*' else name}"
        return text(node) if node.type == "identifier" else ""


def _returns(function: Node, name: str) -> bool:
    returned = (node for node in walk(function) if node.type == "return_statement")
    return any(text(next(iter(node.named_children), None)) == name for node in returned)


def _chains(script: Script) -> Iterator[Chain]:
    """All chains in source order, then instances that no method is called on at once."""
    seen: set[int] = set()
    found: list[Chain] = []
    for call in script.calls:
        if call.id in seen:
            continue
        steps: list[tuple[str, Node]] = []
        node: Node | None = call
        while node is not None and node.type == "call_expression":
            function = bare(node.child_by_field_name("function"))
            seen.add(node.id)
            if function is None or function.type != "member_expression":
                break
            steps.append((text(function.child_by_field_name("property")), node))
            node = bare(function.child_by_field_name("object"))
        if node is not None:
            found.append(Chain(node, tuple(reversed(steps)), call))
    bases = {chain.base.id for chain in found}
    found.extend(Chain(node, (), node) for node in script.instances if node.id not in bases)
    found.sort(key=lambda chain: (chain.base.start_byte, -chain.outer.end_byte))
    yield from found
