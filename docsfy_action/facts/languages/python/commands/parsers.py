"""Command lines built with argparse or optparse: parsers, subparsers, groups, and who adds arguments to which."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls, enclosing
from docsfy_action.facts.languages.python.commands.model import (
    CommandLine,
    command_line,
    details,
    reference,
    summary,
)
from docsfy_action.facts.languages.python.commands.parser_arguments import ArgumentReader
from docsfy_action.facts.model import Command, CommandLink, Option
from docsfy_action.facts.treesitter import ancestors, line

_MARKS = (b"ArgumentParser", b"add_argument(", b"add_parser(", b"OptionParser")
_PARSER_CLASSES = frozenset({"argparse.ArgumentParser", "optparse.OptionParser"})
_GROUP_METHODS = frozenset({"add_argument_group", "add_mutually_exclusive_group", "add_option_group"})
_ADDERS = ("add_argument", "add_option")
_PARSER_PARAMETER = re.compile(r"(?:.*_)?(?:parser|group|argparser|subparser)\Z")
_HANDLER_KEYS = re.compile(
    r"_?(?:func|function|handler|callback|command|cmd|run|main|fn|entry|entry_?point|action|execute)\Z"
)
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Foreign:
    """A parser that is handed into `function` by code of other files."""

    function: str


Thing = Node | Foreign
_Item = TypeVar("_Item")


class ParserReader:
    """Follows parsers through variables, attributes, parameters and return values of one file."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names = calls.names
        self._values = calls.values
        self._arguments = ArgumentReader(calls)
        self._known: dict[int, tuple[Thing, ...]] = {}

    def read(self) -> CommandLine:
        """All commands and options of the file."""
        found = [
            call
            for call in self._calls.all
            if self._is_command(call) and not self._is_unused(call) and not self._is_inner(call)
        ]
        commands = [command for call in found for command in self._commands(call)]
        options = [option for call in self._calls.methods(*_ADDERS) for option in self._options(call)]
        return command_line(commands, options, [link for call in found for link in self._links(call)])

    def _method(self, call: Node) -> str:
        function = call.child_by_field_name("function")
        name = function.child_by_field_name("attribute") if function is not None else None
        return self._names.source.text(name) if name is not None else ""

    def _object(self, call: Node) -> Node | None:
        function = call.child_by_field_name("function")
        return function.child_by_field_name("object") if function is not None else None

    def _is_command(self, call: Node) -> bool:
        return self._is_root(call) or self._method(call) == "add_parser"

    def _is_root(self, call: Node) -> bool:
        dotted = self._names.qualify(call.child_by_field_name("function"))
        holder = self._names.class_named(dotted)
        if dotted in _PARSER_CLASSES or (holder is None and dotted.endswith("ArgumentParser")):
            return True
        return holder is not None and any(
            base in _PARSER_CLASSES or base.endswith("ArgumentParser") for base in self._names.ancestry(holder)
        )

    def _things(self, node: Node | None, depth: int = 0) -> tuple[Thing, ...]:
        """The calls that made the parser or subparsers that an expression stands for."""
        if node is None or depth > MAX_DEPTH:
            return ()
        if depth == 0:
            if node.id not in self._known:
                self._known[node.id] = self._followed(node, depth)
            return self._known[node.id]
        return self._followed(node, depth)

    def _followed(self, node: Node, depth: int) -> tuple[Thing, ...]:
        if node.type == "call":
            return self._made_by(node, depth)
        if node.type == "identifier":
            return self._named(node, depth)
        if node.type == "attribute":
            values = self._calls.attribute_values(node)
            return self._things(values[-1], depth + 1) if values else ()
        return ()

    def _made_by(self, call: Node, depth: int) -> tuple[Thing, ...]:
        method = self._method(call)
        if self._is_command(call) or method == "add_subparsers":
            return (call,)
        if method in _GROUP_METHODS:
            return self._things(self._object(call), depth + 1)
        arguments = self._values.arguments(call)
        if self._names.qualify(call.child_by_field_name("function")).rpartition(".")[2] == "OptionGroup":
            return self._things(arguments.get("parser", 0), depth + 1)
        function = self._names.definition(self._names.written(call.child_by_field_name("function")) or "?")
        if function is None or function.type != "function_definition":
            return ()
        returned = (statement.named_children[0] for statement in _returns(function) if statement.named_child_count)
        return _once(thing for value in returned for thing in self._things(value, depth + 1))

    def _named(self, node: Node, depth: int) -> tuple[Thing, ...]:
        bound = self._names.latest(node)
        if bound is None:
            return ()
        if bound.kind == "value":
            return self._things(bound.node, depth + 1)
        if bound.kind == "loop" and bound.node.type in ("tuple", "list"):
            return _once(thing for item in bound.node.named_children for thing in self._things(item, depth + 1))
        function = enclosing(bound.node, "function_definition") if bound.kind == "parameter" else None
        if function is None:
            return ()
        name = self._names.source.text(bound.node)
        passed = (self._calls.passed_in(call, function, name) for call in self._calls.of(function))
        known = _once(thing for value in passed for thing in self._things(value, depth + 1))
        return known or (Foreign(self._function_name(function)),)

    def _function_name(self, function: Node) -> str:
        name = function.child_by_field_name("name")
        return self._names.source.text(name) if name is not None else ""

    @cached_property
    def _lent(self) -> dict[int, list[Node]]:
        """Parsers that only lend their arguments to others (`parents=[…]`) → the commands that take them."""
        found: dict[int, list[Node]] = {}
        for call in self._calls.all:
            parents = self._values.arguments(call).get("parents") if self._is_command(call) else None
            listed = self._names.resolve(parents) if parents is not None else None
            for item in listed.named_children if listed is not None and listed.type in ("list", "tuple") else ():
                for thing in self._things(item):
                    if isinstance(thing, Node):
                        found.setdefault(thing.id, []).append(call)
        return found

    @cached_property
    def _main_root(self) -> int:
        """The parser that is the program: of several, the one with the most arguments and commands."""
        return max(self._weights, key=lambda root: self._weights[root], default=0)

    @cached_property
    def _weights(self) -> dict[int, int]:
        """How many arguments and commands each parser has."""
        weight: dict[int, int] = {}
        for call in self._calls.all:
            if self._is_root(call) and call.id not in self._lent and not self._is_inner(call):
                weight.setdefault(call.id, 0)
        for call in self._calls.methods(*_ADDERS, "add_parser", "add_subparsers"):
            for thing in self._things(self._object(call)):
                for root in self._roots(thing, 0):
                    weight[root] = weight.get(root, 0) + 1
        return weight

    def _is_unused(self, call: Node) -> bool:
        """A parser that nothing is added to and that says nothing, for example a stand-in for a type."""
        return self._is_root(call) and not self._weights.get(call.id) and not self._values.arguments(call).named

    def _is_inner(self, call: Node) -> bool:
        """A parser without name, description or help: it reads lines of a file, and nobody starts it."""
        arguments = self._values.arguments(call)
        add_help = arguments.get("add_help")
        if add_help is None or add_help.type != "false" or call.id in self._lent:
            return False
        return not (
            self._arguments.text(arguments.get("description"))
            or self._arguments.text(arguments.get("prog"))
            or any(
                self._is_help(other) and call in self._things(self._object(other))
                for other in self._calls.methods(*_ADDERS)
            )
        )

    def _is_help(self, call: Node) -> bool:
        arguments = self._values.arguments(call)
        written = {self._values.string(node) for node in arguments.positional}
        return bool(written & {"-h", "--help"}) or self._values.string(arguments.get("action")) == "help"

    def _roots(self, thing: Thing, depth: int) -> Iterator[int]:
        if isinstance(thing, Foreign) or depth > MAX_DEPTH:
            return
        if self._is_root(thing):
            yield from (thing.id,) if thing.id not in self._lent else ()
        else:
            for owner in self._things(self._object(thing)):
                yield from self._roots(owner, depth + 1)

    def _paths(self, thing: Thing, depth: int = 0) -> tuple[str, ...]:
        """The names of a command as typed after the program; several where one call makes several commands."""
        if isinstance(thing, Foreign):
            return ("",)
        if depth > MAX_DEPTH:
            return ()
        arguments = self._values.arguments(thing)
        if self._is_root(thing):
            if thing.id == self._main_root:
                return ("",)
            # A second program: nothing says how its commands are told from those of the first.
            return ()
        if self._method(thing) == "add_subparsers":
            return _once(path for owner in self._things(self._object(thing)) for path in self._paths(owner, depth + 1))
        above = _once(path for owner in self._things(self._object(thing)) for path in self._paths(owner, depth + 1))
        names = self._values.each(arguments.get("name", 0))
        return _once(f"{path} {name}".strip() for path in above for name in names)

    def _commands(self, call: Node) -> Iterator[Command]:
        if call.id in self._lent:
            return
        arguments = self._values.arguments(call)
        brief = self._arguments.text(arguments.get("help"))
        long = self._arguments.text(arguments.get("description"))
        epilog = self._arguments.text(arguments.get("epilog"))
        more = long if summary(long) != summary(brief) and (brief or details(long)) else ""
        for path in self._paths(call):
            yield Command(
                name=path,
                line=line(call),
                framework="optparse" if self._uses_optparse(call) else "argparse",
                handler=self._handler(call),
                help=summary(brief) or summary(long),
                details="\n\n".join(filter(None, (more, epilog if "xample" not in epilog else ""))),
                usage=self._arguments.text(arguments.get("usage")),
                aliases=self._values.strings(arguments.get("aliases")) or (),
                hidden=self._arguments.is_suppressed(arguments.get("help")),
                examples=epilog if "xample" in epilog else "",
                id=self._id(call),
                parent=path.rpartition(" ")[0],
            )

    def _uses_optparse(self, call: Node) -> bool:
        return self._names.qualify(call.child_by_field_name("function")).endswith("OptionParser")

    def _id(self, call: Node) -> str:
        """The function or variable by which other files get at the command; empty for commands below others here."""
        if not self._is_root(call) and not any(
            isinstance(owner, Foreign)
            for subparsers in self._things(self._object(call))
            for owner in ((subparsers,) if isinstance(subparsers, Foreign) else self._things(self._object(subparsers)))
        ):
            return ""
        holders = list(ancestors(call))
        function = next((parent for parent in holders if parent.type == "function_definition"), None)
        if function is not None:
            return self._function_name(function)
        assignment = next((parent for parent in holders if parent.type == "assignment"), None)
        return self._names.written(assignment.child_by_field_name("left")) if assignment is not None else ""

    def _links(self, call: Node) -> Iterator[CommandLink]:
        """Functions of other modules that are handed this parser or its subparsers, to add to it."""
        own = self._id(call)
        for other in self._calls.all if own else ():
            function = other.child_by_field_name("function")
            written, dotted = self._names.written(function), self._names.qualify(function)
            if dotted.startswith(("argparse.", "optparse.")):
                continue
            if written.partition(".")[0] in self._names.imported and any(
                self._holds(value, call) for value in self._values.arguments(other).positional
            ):
                yield CommandLink(parent=own, child=reference(dotted), line=line(other))

    def _holds(self, value: Node, call: Node) -> bool:
        """Whether an expression is the parser made by `call`, or its subparsers."""
        if value.type not in ("identifier", "attribute"):
            return False
        made = [thing for thing in self._things(value) if isinstance(thing, Node)]
        return any(
            thing == call or (self._method(thing) == "add_subparsers" and call in self._things(self._object(thing)))
            for thing in made
        )

    def _handler(self, call: Node) -> str:
        """What `set_defaults(func=…)` names for a command; for the program the function that parses its arguments."""
        for other in self._calls.methods("set_defaults", "parse_args", "parse_known_args"):
            if call not in self._things(self._object(other)):
                continue
            if self._method(other) == "set_defaults":
                for key, value in self._values.arguments(other).named.items():
                    written = self._names.written(value)
                    if written and (_HANDLER_KEYS.match(key) or self._names.definition(written) is not None):
                        return written
            elif self._is_root(call):
                function = enclosing(other, "function_definition")
                if function is not None:
                    return self._function_name(function)
        return ""

    def _options(self, call: Node) -> Iterator[Option]:
        arguments = self._values.arguments(call)
        owners = [thing for thing in self._things(self._object(call)) if self._takes_options(thing, call)]
        loose = [self._values.each(node) for node in arguments.positional]
        if not owners or any(not names for names in loose):
            return
        looped = len(loose) == 1 and len(loose[0]) > 1
        for written in [(name,) for name in loose[0]] if looped else [tuple(names[0] for names in loose)]:
            option = self._arguments.option(call, arguments, written)
            if option is None:
                continue
            for owner in owners:
                if isinstance(owner, Foreign):
                    yield replace(option, owner=owner.function)
                else:
                    for taker in self._lent.get(owner.id, [owner]):
                        yield from (replace(option, command=path) for path in self._paths(taker))

    def _takes_options(self, thing: Thing, call: Node) -> bool:
        """Parsers from elsewhere count only where the file has no program of its own and the name leaves no doubt."""
        if isinstance(thing, Node):
            return self._method(thing) != "add_subparsers"
        receiver = self._object(call)
        return (
            not self._main_root
            and receiver is not None
            and bool(_PARSER_PARAMETER.match(self._names.source.text(receiver)))
        )


def read_parsers(calls: Calls) -> CommandLine:
    """The command lines that the file builds with argparse or optparse."""
    if not any(mark in calls.names.source.data for mark in _MARKS):
        return CommandLine()
    return ParserReader(calls).read()


def _returns(function: Node) -> Iterator[Node]:
    pending = [function.child_by_field_name("body")]
    while pending:
        node = pending.pop(0)
        for child in node.named_children if node is not None else ():
            if child.type == "return_statement":
                yield child
            elif child.type not in ("function_definition", "class_definition", "decorated_definition"):
                pending.append(child)


def _once(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))
