"""Which `cobra.Command` values a Go file makes, under which names code knows them, and what is added to what."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from docsfy_action.facts.languages.go.commands.cobra_syntax import (
    commands_among_parameters,
    loops,
    returned_by,
    variable_of,
)
from docsfy_action.facts.languages.go.commands.flag_calls import flag_set, parameter_owner
from docsfy_action.facts.languages.go.values import PACKAGE, GoFile, arguments, elements, fields
from docsfy_action.facts.model import CommandLink
from docsfy_action.facts.treesitter import captures, line, text, walk

COMMAND_TYPE = "github.com/spf13/cobra#Command"
MAX_DEPTH = 8
_STARTERS = frozenset({"Execute", "ExecuteContext", "ExecuteC", "ExecuteContextC"})
# `fang.Execute(ctx, root)`, `cli.Run(command)`.
_RUNNERS = frozenset({"Execute", "Run", "RunNoErrOutput"})
_MADE = re.compile(r"cmd|command|root|app", re.IGNORECASE)


@dataclass(eq=False)
class CobraCommand:
    """One command literal. `variable` is what code around it calls it (`cmd`, `c.cmd`) in `scope`, -1 for the package;
    `maker` is the function that it is made in; `id` the name under which other code reaches it."""

    literal: Node
    fields: dict[str, Node]
    variable: str = ""
    scope: int = -1
    maker: Node | None = None
    id: str = ""
    parent: "CobraCommand | None" = None
    parent_reference: str = ""
    started: bool = False


@dataclass
class CobraTree:
    """The commands of one file and their places in the tree, as far as this file says."""

    file: GoFile
    commands: list[CobraCommand] = field(default_factory=list)
    _links: list[CommandLink] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.commands = [self._made(literal) for literal in self._literals()]
        self._name_makers()
        self._read_assignments()
        for call in self.calls:
            self._read_call(call)

    @cached_property
    def calls(self) -> list[Node]:
        """All calls of the file, in source order."""
        return self._captured.get("call", [])

    @cached_property
    def _captured(self) -> Mapping[str, list[Node]]:
        return captures(PACKAGE, "calls", "go", self.file.root)

    def links(self) -> Iterator[CommandLink]:
        """What this file adds to what, as references."""
        yield from dict.fromkeys(self._links)

    def usage(self, command: CobraCommand) -> str:
        """The `Use` line as far as it can be read."""
        return (self.file.string(command.fields.get("Use"), holes=True) or "").strip()

    def named(self, command: CobraCommand) -> bool:
        """Whether the words by which a user calls the command are known."""
        return all(known.started or self._word(known) for known in self._path(command))

    def _word(self, command: CobraCommand) -> str:
        words = (self.file.string(command.fields.get("Use")) or self.usage(command)).split()
        return words[0] if words and "…" not in words[0] else ""

    def name(self, command: CobraCommand) -> str:
        """The words after the program, from the topmost command of this file on; empty for one that is started."""
        return " ".join(self._word(known) for known in reversed(self._path(command)) if not known.started)

    @staticmethod
    def _path(command: CobraCommand) -> list[CobraCommand]:
        """The command and those above it, up to one that is started."""
        path = [command]
        while not path[-1].started and path[-1].parent is not None:
            path.append(path[-1].parent)
        return path

    def parent(self, command: CobraCommand) -> str:
        """Name of the command above in this file, or a reference to one elsewhere."""
        return self.name(command.parent) if command.parent is not None else command.parent_reference

    def _literals(self) -> Iterator[Node]:
        for literal in self._captured.get("literal", []):
            if self.file.qualified(literal.child_by_field_name("type")) == COMMAND_TYPE:
                yield literal

    def _made(self, literal: Node) -> CobraCommand:
        variable, holder = variable_of(literal)
        scope = -1
        if holder is not None:
            around = self.file.function_around(holder)
            scope = -1 if around is None else around.start_byte
            # An assignment to a name that the function does not declare is one to the package's variable.
            if holder.type == "assignment_statement" and self.file.bindings.get(variable.partition(".")[0]):
                declared = {b.scope for b in self.file.bindings[variable.partition(".")[0]] if b.kind != "assign"}
                scope = scope if scope in declared else -1
        maker = self.file.declaration_around(literal)
        return CobraCommand(literal, fields(literal), variable, scope, maker)

    def _name_makers(self) -> None:
        for command in self.commands:
            if command.variable and command.scope == -1:
                command.id = command.variable
        for function in self.file.root.children:
            if function.type not in ("function_declaration", "method_declaration"):
                continue
            name = text(function.child_by_field_name("name"))
            for returned in returned_by(function):
                made = self._returned_command(function, returned)
                if made is not None:
                    made.id = made.id or name
                    if made.id != name:
                        self._links.append(CommandLink(parent=name, child=made.id, line=line(returned)))
                    break
                if "cobra.Command" in text(function.child_by_field_name("result")):
                    self._links.extend(self._passed_on(name, returned))
        taken: dict[str, int] = {}
        for command in self.commands:
            if not command.id and command.maker is not None:
                name = f"{text(command.maker.child_by_field_name('name'))}.{command.variable}".rstrip(".")
                taken[name] = taken.get(name, 0) + 1
                command.id = f"{name}.{taken[name]}" if taken[name] > 1 or not command.variable else name

    def _passed_on(self, name: str, returned: Node) -> Iterator[CommandLink]:
        """A function that returns what another makes, perhaps changed by a third: `return wrap(NewCmdState(f))`."""
        for node in (returned, *arguments(returned)):
            reference = self.reference(node) if node.type in ("call_expression", "identifier") else ""
            if reference and _MADE.search(reference.rpartition("#")[2]):
                yield CommandLink(parent=name, child=reference, line=line(node))

    def _returned_command(self, function: Node, returned: Node) -> CobraCommand | None:
        """The command that a function returns, out of those that stand in it and in no function inside it."""
        made = [c for c in self.commands if (f := self.file.function_around(c.literal)) and f.id == function.id]
        inside = (c for c in made if returned.start_byte <= c.literal.start_byte < returned.end_byte)
        if (direct := next(inside, None)) is not None:
            return direct if not direct.variable else None
        name = text(returned).removeprefix("&")
        given = [name, *(text(item) for item in arguments(returned))] if returned.type == "call_expression" else [name]
        for command in made:
            if command.variable in given or command.variable.startswith(f"{name}."):
                return command
        return None

    def _read_assignments(self) -> None:
        for assignment in captures(PACKAGE, "bindings", "go", self.file.root).get("assign", []):
            left, right = (assignment.child_by_field_name(side) for side in ("left", "right"))
            target = left.named_children[0] if left is not None and left.named_child_count == 1 else None
            if target is None or target.type != "selector_expression" or right is None or not right.named_children:
                continue
            command = self.find(target.child_by_field_name("operand"))
            if command is not None:
                command.fields[text(target.child_by_field_name("field"))] = right.named_children[0]

    def find(self, node: Node | None) -> CobraCommand | None:
        """The command of this file that an expression stands for."""
        if node is None:
            return None
        if node.type == "unary_expression":
            return self.find(next(iter(node.named_children), None))
        if node.type == "composite_literal":
            return next((c for c in self.commands if c.literal.id == node.id), None)
        if node.type == "call_expression":
            function = node.child_by_field_name("function")
            if function is not None and function.type == "func_literal":
                found = (self._returned_command(function, returned) for returned in returned_by(function))
                return next((command for command in found if command is not None), None)
            name = text(function).rpartition(".")[2]
            return next((c for c in self.commands if c.id == name and c.maker is not None), None)
        name, around = text(node), self.file.function_around(node)
        while True:
            place = -1 if around is None else around.start_byte
            for command in self.commands:
                if command.variable == name and command.scope == place:
                    return command
            if around is None:
                return None
            around = self.file.function_around(around)

    def reference(self, node: Node | None, steps: int = MAX_DEPTH) -> str:
        """How code elsewhere names what an expression stands for: `name`, `path#name`; empty where that is unknown."""
        if node is None or not steps:
            return ""
        if (command := self.find(node)) is not None:
            return command.id
        match node.type:
            case "unary_expression":
                return self.reference(next(iter(node.named_children), None), steps - 1)
            case "call_expression":
                return self._called(node, steps)
            case "selector_expression":
                operand = node.child_by_field_name("operand")
                called = operand is not None and operand.type == "call_expression"
                return self.reference(operand, steps - 1) if called else self.file.qualified(node)
            case "identifier":
                return self._bound(node, steps)
            case _:
                return ""

    def _called(self, call: Node, steps: int) -> str:
        function = call.child_by_field_name("function")
        if function is None or function.type != "selector_expression" or self.file.qualified(function):
            return self.file.qualified(function)
        operand = function.child_by_field_name("operand")
        called = operand is not None and operand.type == "call_expression"
        inner = self.reference(operand, steps - 1) if called else ""
        return inner or text(function.child_by_field_name("field"))

    def _bound(self, identifier: Node, steps: int) -> str:
        binding = self.file.lookup(identifier)
        if binding is not None and binding.scope != -1:
            return self.reference(binding.value, steps - 1)
        return "" if self._is_local(identifier) else text(identifier)

    def _is_local(self, node: Node) -> bool:
        if parameter_owner(self.file, node) is not None:
            return True
        return any(b.scope != -1 and b.kind != "assign" for b in self.file.bindings.get(text(node), ()))

    def _read_call(self, call: Node) -> None:
        function = call.child_by_field_name("function")
        given = arguments(call)
        if function is None:
            return
        method = text(function.child_by_field_name("field")) if function.type == "selector_expression" else ""
        operand = function.child_by_field_name("operand") if method else None
        package = self.file.qualified(function)
        if method in _STARTERS and package == "":
            self._start(operand, call)
        elif package.rpartition("#")[2] in _RUNNERS:
            for item in given:
                self._start(item, call)
        elif method == "AddCommand" and package == "":
            for item in given:
                self._add(operand, item, call)
        else:
            self._read_other(call, function, method, operand)

    def _start(self, node: Node | None, call: Node) -> None:
        """`root.Execute()`, or a function of another package that runs a command."""
        command = self.find(node)
        if command is not None:
            command.started = True
            return
        reference = self.reference(node)
        if reference and _MADE.search(reference.rpartition("#")[2]):
            self._links.append(CommandLink(parent="", child=reference, line=line(call)))

    def _read_other(self, call: Node, function: Node, method: str, operand: Node | None) -> None:
        """Functions that are handed a command: house functions that add others to it, or that add flags."""
        given = arguments(call)
        held = next((item for item in given if self._is_command(item)), None)
        if held is None:
            return
        name = method or text(function)
        if name.lower().startswith("add"):
            for item in given:
                if item.id != held.id and ("cmd" in text(item).lower() or "command" in text(item).lower()):
                    self._add(held, item, call)
        grouped = self.file.resolve(operand)
        if method == "Add" and grouped is not None and grouped.type == "composite_literal":
            for literal in walk(grouped):
                kind = text(literal.child_by_field_name("type")) if literal.type == "composite_literal" else ""
                for item in elements(literal) if kind.endswith(".Command") else ():
                    self._add(held, item, call)
            return
        around = self.file.function_around(call)
        # What a handler calls happens when the command runs; the tree is then complete.
        if around is None or (around.type == "func_literal" and any(commands_among_parameters(around))):
            return
        if (parent := self._owner(held)) and (child := self._handed_to(function)):
            self._links.append(CommandLink(parent=parent, child=child, line=line(call)))

    def _handed_to(self, function: Node) -> str:
        qualified = self.file.qualified(function)
        if qualified:
            outside = qualified.startswith(("github.com/spf13/", "fmt#", "strings#"))
            return "" if outside or qualified in ("append", "len", "panic") else qualified
        return text(function.child_by_field_name("field")) if function.type == "selector_expression" else ""

    def _is_command(self, node: Node) -> bool:
        """Whether an expression is a command, or the flags of one, of this file or of whoever calls the function."""
        target = flag_set(self.file, node)
        if target is not None and target.kind == "parameter":
            return True
        inner = target.node if target is not None and target.kind == "command" else node
        if inner is None or inner.type not in ("identifier", "selector_expression"):
            return False
        owner = parameter_owner(self.file, inner) if inner.type == "identifier" else None
        return self.find(inner) is not None or (owner is not None and owner[1] == "*cobra.Command")

    def _owner(self, node: Node | None) -> str:
        """A reference to what children are added to: a command, or the function that is handed it."""
        target = flag_set(self.file, node)
        if target is not None and target.kind == "parameter":
            return target.name
        if target is not None and target.kind == "command":
            node = target.node
        if node is not None and node.type == "identifier" and self.find(node) is None:
            owner = parameter_owner(self.file, node)
            if owner is not None:
                return owner[0]
        return self.reference(node)

    def _add(self, parent: Node | None, child: Node, call: Node) -> None:
        above, below = self.find(parent), self.find(child)
        if above is not None and below is not None:
            if below.parent is None and not _is_below(above, below):
                below.parent = above
                self._links.append(CommandLink(parent=above.id, child=below.id, line=line(call)))
            return
        holder = self._owner(parent)
        for item in self._listed(child):
            below = self.find(item)
            reference = self.reference(item)
            if above is None and below is not None:
                below.parent_reference = holder
            if above is not None and below is not None and item.id != child.id:
                self._add(parent, item, call)
            elif holder and reference and holder != reference:
                self._links.append(CommandLink(parent=holder, child=reference, line=line(call)))

    def _listed(self, node: Node) -> list[Node]:
        """The commands that an argument stands for: itself, or the elements of a list that is spread or looped over."""
        resolved = self.file.resolve(node.named_children[0] if node.type == "variadic_argument" else node)
        if resolved is not None and resolved.type == "composite_literal" and text(resolved).startswith("[]"):
            return elements(resolved)
        if node.type == "identifier":
            for around in loops(node):
                left, right = (around.child_by_field_name(side) for side in ("left", "right"))
                listing = self.file.resolve(right)
                looped = text(left).rpartition(",")[2].strip() == text(node)
                if looped and listing is not None and listing.type == "composite_literal":
                    return elements(listing)
        return [node]


def _is_below(command: CobraCommand, other: CobraCommand) -> bool:
    above: CobraCommand | None = command
    while above is not None and above is not other:
        above = above.parent
    return above is not None
