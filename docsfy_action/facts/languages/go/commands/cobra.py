"""Commands made with cobra: their texts, flags, handlers, and how `AddCommand` joins them inside and across files."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.go.commands.cobra_tree import CobraCommand, CobraTree
from docsfy_action.facts.languages.go.commands.flag_calls import (
    FlagSet,
    defines_flag,
    described,
    flag_option,
    flag_set,
    parameter_owner,
)
from docsfy_action.facts.languages.go.strings import dedented
from docsfy_action.facts.languages.go.values import GoFile, arguments
from docsfy_action.facts.model import Command, Option
from docsfy_action.facts.treesitter import line, text

# Functions of the package itself, and of kubectl's and its relatives' template packages.
_LAYOUT = re.compile(r"[A-Za-z_]\w*|\w+\.(?:LongDesc|Examples?)")


def cobra_facts(file: GoFile) -> CommandFacts:
    """Commands, options and links of a file that imports cobra."""
    tree = CobraTree(file)
    commands = tuple(_command(file, tree, found) for found in tree.commands if tree.named(found))
    return CommandFacts(commands=commands, options=tuple(_Options(file, tree).all()), links=tuple(tree.links()))


def _command(file: GoFile, tree: CobraTree, found: CobraCommand) -> Command:
    fields = found.fields
    details = _said(file, fields.get("Long"))
    details = _held(file, details) if "%" in text(fields.get("Long")) else details
    short = _said(file, fields.get("Short"))
    deprecated = file.string(fields.get("Deprecated"), holes=True) or ""
    return Command(
        name=tree.name(found),
        line=line(found.literal),
        framework="cobra",
        handler=_handler(file, found),
        help=(short or details.strip().partition("\n")[0]).strip(),
        usage=tree.usage(found),
        parent=tree.parent(found),
        aliases=file.strings(fields.get("Aliases")) or (),
        hidden=text(fields.get("Hidden")) == "true" or bool(deprecated),
        id=found.id,
        details=dedented(details),
        examples=dedented(_said(file, fields.get("Example"))),
    )


def _held(file: GoFile, said: str) -> str:
    """The text if each of its words is one of the file's: what `%sword%s` prints cannot be told from the source."""
    known = set(re.findall(r"\w+", text(file.root).lower()))
    return said if known.issuperset(re.findall(r"\w+", said.lower())) else ""


def _said(file: GoFile, node: Node | None, depth: int = 3) -> str:
    """The text of an expression, also where a function lays it out: `paragraph("Edits it")`, `LongDesc(i18n.T("…"))`."""
    said = file.string(node, holes=True)
    called = file.resolve(node) if said is None and depth else None
    function = text(called.child_by_field_name("function")) if called is not None else ""
    given = arguments(called) if called is not None and _LAYOUT.fullmatch(function) else []
    return said or (_said(file, given[0], depth - 1) if len(given) == 1 else "")


def _handler(file: GoFile, found: CobraCommand) -> str:
    """The named function behind `RunE`: itself, the one its literal ends by calling, or else the command's maker."""
    run = next((found.fields[key] for key in ("RunE", "Run", "PreRunE") if key in found.fields), None)
    if run is None:
        return ""
    if run.type == "identifier" and text(run) in file.functions:
        return text(run)
    if run.type == "selector_expression":
        return text(run.child_by_field_name("field")) if file.qualified(run) == "" else ""
    called = ""
    for node in _last_statement(run):
        if node.type == "call_expression":
            name = text(node.child_by_field_name("function"))
            called = name if name in file.functions else called
    maker = found.maker
    return called or (text(maker.child_by_field_name("name")) if maker is not None else "")


def _last_statement(literal: Node) -> Iterator[Node]:
    body = literal.child_by_field_name("body")
    statements = body.named_children[-1].named_children if body is not None and body.named_children else []
    for statement in statements[-1:]:
        yield statement
        for child in statement.named_children:
            yield child
            yield from child.named_children


class _Options:
    """Flags of a file's commands, and of functions that are handed a command."""

    def __init__(self, file: GoFile, tree: CobraTree) -> None:
        self._file = file
        self._tree = tree
        self._found: list[tuple[tuple[str, str], Option]] = []

    def all(self) -> Iterator[Option]:
        """All options with their marks applied."""
        marks: set[tuple[tuple[str, str], str, str]] = set()
        for call in self._tree.calls:
            function = call.child_by_field_name("function")
            if function is None or function.type not in ("selector_expression", "identifier"):
                continue
            method = text(function.child_by_field_name("field")) if function.type != "identifier" else text(function)
            if method.startswith("Mark"):
                marks.update(self._mark(call, function, method))
            elif defines_flag(method):
                self._define(call, function, method)
            elif method.endswith("Flag"):
                self._shaped(call)
        for place, option in self._found:
            mine = {method for marked, method, name in marks if marked == place and name == option.name}
            yield replace(
                option,
                required=not mine.isdisjoint(("MarkFlagRequired", "MarkPersistentFlagRequired")),
                # A deprecated flag is left out of the help as a hidden one is.
                hidden=not mine.isdisjoint(("MarkHidden", "MarkDeprecated")),
            )

    def _place(self, target: FlagSet | None) -> tuple[str, str] | None:
        """(name of the command in this file, reference to it) for a flag set of a command."""
        if target is None or target.kind != "command" or target.node is None:
            return None
        return self._place_of(target.node)

    def _place_of(self, node: Node) -> tuple[str, str] | None:
        command = self._tree.find(node)
        if command is not None:
            return (self._tree.name(command), command.id) if self._tree.named(command) else None
        reference = self._tree.reference(node)
        if reference:
            return "", reference
        owner = parameter_owner(self._file, node) if node.type == "identifier" else None
        return ("", owner[0]) if owner is not None and owner[1].endswith(".Command") else None

    def _define(self, call: Node, function: Node, method: str) -> None:
        target = flag_set(self._file, function.child_by_field_name("operand"))
        place = self._place(target)
        option = flag_option(self._file, call, method, "--") if place is not None else None
        if place is not None and option is not None and target is not None:
            self._add(place, replace(option, inherited=target.inherited))

    def _shaped(self, call: Node) -> None:
        """A house function such as `StringEnumFlag(cmd, &p, "name", "n", "default", choices, "usage")`."""
        given = arguments(call)
        place = self._place_of(given[0]) if len(given) > 3 and given[0].type == "identifier" else None
        strings = [(index, value) for index, item in enumerate(given) if (value := self._file.string(item)) is not None]
        if place is None or len(strings) < 3 or len(strings[1][1]) > 1 or strings[1][0] != strings[0][0] + 1:
            return
        (_, name), (position, short), *rest = strings
        choices = next((found for item in given if (found := self._file.strings(item))), ())
        default = self._file.default(given[position + 1]) if len(rest) > 1 else ""
        option = Option(
            name=name,
            line=line(call),
            flags=(*((f"-{short}",) if short else ()), f"--{name}"),
            default=default,
            choices=choices,
        )
        if name.replace("-", "").isalnum():
            self._add(place, described(option, rest[-1][1]))

    def _add(self, place: tuple[str, str], option: Option) -> None:
        self._found.append((place, replace(option, command=place[0], owner=place[1])))

    def _mark(self, call: Node, function: Node, method: str) -> Iterator[tuple[tuple[str, str], str, str]]:
        operand = function.child_by_field_name("operand")
        given = arguments(call)
        if operand is None or not given:
            return
        target = flag_set(self._file, operand)
        place = self._place(target) if target is not None else self._place_of(operand)
        name = self._file.string(given[0])
        if place is not None and name:
            yield place, method, name
