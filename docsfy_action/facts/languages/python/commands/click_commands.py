"""Command lines built with click: decorated functions, groups held in variables, `add_command`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.click_options import (
    ClickOption,
    maker_of,
    options_inside,
    options_of,
)
from docsfy_action.facts.languages.python.commands.model import CommandLine, command_line, details, reference, summary
from docsfy_action.facts.languages.python.syntax import clean_docstring, docstring
from docsfy_action.facts.languages.python.values import Arguments
from docsfy_action.facts.model import Command, CommandLink, Option
from docsfy_action.facts.treesitter import ancestors, line

_PACKAGES = ("click", "rich_click", "asyncclick", "cloup", "flask", "quart")
_MARKS = (b"click", b".cli.command", b"cloup", b"AppGroup", b"FlaskGroup")
_COMMAND_CLASSES = re.compile(r"(?:Group|Command|MultiCommand|CommandCollection)\Z")
# click 8.2 takes these endings off the names of functions.
_SUFFIX = re.compile(r"_(?:command|cmd|group|grp)\Z")
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A command or group as found. `parent` is the id of the group of this file that it belongs to; `written` the name
    that the source gives it, empty where click derives `derived` from the function."""

    id: str
    node: Node
    written: str = ""
    derived: str = ""
    parent: str = ""
    foreign_parent: str = ""
    arguments: Arguments = field(default_factory=Arguments)
    function: Node | None = None
    options: tuple[ClickOption, ...] = ()

    @property
    def word(self) -> str:
        """The word that the user types for it."""
        return self.written or self.derived


class ClickReader:
    """Finds the commands and groups of one file and how they hang together."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names = calls.names
        self._values = calls.values
        self._entries: dict[str, Entry] = {}

    def read(self) -> CommandLine:
        """All commands and options of the file."""
        for name, bindings in self._names.bindings(self._names.source.root).items():
            if bindings[-1].kind == "value" and (entry := self._variable(name, bindings[-1].node)) is not None:
                self._entries[name] = entry
        # A decorator needs its group to exist, so one pass in source order finds every group before its commands.
        for decorated in self._calls.decorated:
            entry = self._decorated(decorated)
            if entry is not None:
                self._entries.setdefault(entry.id, entry)
        links = [*self._added(), *self._class_links()]
        paths = {entry.id: self._path(entry) for entry in self._entries.values()}
        commands = [self._command(entry, paths) for entry in self._entries.values()]
        options = [option for entry in self._entries.values() for option in self._options(entry, paths)]
        options += self._class_options()
        written = {option.option.env for entry in self._entries.values() for option in entry.options}
        links += self._own_links(paths)
        links += [
            CommandLink(parent=entry.foreign_parent, child=entry.id, line=line(entry.node), name=entry.word)
            for entry in self._entries.values()
            if entry.foreign_parent
        ]
        derived = frozenset(option.env for option in options) - written
        return command_line(commands, options, links, derived)

    def _decorated(self, decorated: Node) -> Entry | None:
        function = decorated.child_by_field_name("definition")
        name_node = function.child_by_field_name("name") if function is not None else None
        if function is None or name_node is None:
            return None
        name = self._names.source.text(name_node)
        expressions = [
            child.named_children[0]
            for child in decorated.named_children
            if child.type == "decorator" and child.named_child_count
        ]
        for expression in expressions:
            made = self._maker(expression)
            if made is None:
                continue
            parent, foreign = made
            call = expression if expression.type == "call" else None
            arguments = self._values.arguments(call)
            given = arguments.get("name", 0)
            written = self._values.string(given)
            if given is not None and written is None and given.type not in ("none", "identifier"):
                return None
            own = [option for e in expressions if e is not expression for option in options_of(self._calls, e)]
            own += self._listed_options(arguments)
            own += self._constructed_options(self._names.class_named(self._names.written(arguments.get("cls"))))
            own += self._appended_options(name)
            return Entry(
                id=name,
                node=decorated,
                written=written or "",
                derived=_SUFFIX.sub("", name.lower()).replace("_", "-"),
                parent=parent,
                foreign_parent=foreign,
                arguments=arguments,
                function=function,
                options=tuple(own),
            )
        return None

    def _maker(self, expression: Node) -> tuple[str, str] | None:
        """(group here, group elsewhere) of the command that a decorator makes; None where it makes none."""
        callee = expression.child_by_field_name("function") if expression.type == "call" else expression
        owner, _, method = self._names.written(callee).rpartition(".")
        dotted = self._names.qualify(callee)
        module = dotted.rpartition(".")[0]
        if dotted.rpartition(".")[2] not in ("command", "group"):
            return None
        if module.partition(".")[0] in _PACKAGES[:4]:
            return "", ""
        if method not in ("command", "group") or not owner:
            return None
        if owner in self._entries:
            return owner, ""
        if owner.endswith(".cli"):
            return "", ""
        if owner.partition(".")[0] in self._names.imported and self._names.imports_from(*_PACKAGES):
            return "", reference(module)
        return None

    def _variable(self, name: str, value: Node) -> Entry | None:
        """A group or command that a module-level variable holds: `click.Group(...)`, `AppGroup("x")`."""
        if value.type != "call" or maker_of(self._calls, value):
            return None
        dotted = self._names.qualify(value.child_by_field_name("function"))
        holder = self._names.class_named(dotted)
        ancestry = (dotted, *(self._names.ancestry(holder) if holder is not None else ()))
        if not any(map(_is_command_class, ancestry)):
            return None
        arguments = self._values.arguments(value)
        callback = arguments.get("callback")
        return Entry(
            id=name,
            node=value,
            written=self._values.string(arguments.get("name", 0)) or "",
            arguments=arguments,
            function=self._names.definition(self._names.written(callback) or "?") if callback is not None else None,
            options=tuple(self._listed_options(arguments)) + tuple(self._constructed_options(holder)),
        )

    def _constructed_options(self, holder: Node | None) -> Iterator[ClickOption]:
        """Options that a group class of this file gives all its objects in `__init__`."""
        bound = self._names.bindings(holder).get("__init__", []) if holder is not None else []
        for binding in bound:
            yield from options_inside(self._calls, binding.node)

    def _appended_options(self, name: str) -> Iterator[ClickOption]:
        """Options put into a command's `params` after it was made."""
        methods = (f"{name}.params.{method}" for method in ("append", "insert", "extend"))
        for call in self._calls.named(*methods):
            for node in self._values.arguments(call).positional[-1:]:
                yield from options_inside(self._calls, node)

    def _class_links(self) -> Iterator[CommandLink]:
        """Command classes of other files may bring options along."""
        for entry in self._entries.values():
            node = entry.arguments.get("cls")
            if self._names.written(node).partition(".")[0] in self._names.imported:
                child = reference(self._names.qualify(node))
                yield CommandLink(parent=entry.id, child=child, line=line(entry.node))

    def _class_options(self) -> Iterator[Option]:
        """The options of command classes that only other files use."""
        used = [self._class_of(entry) for entry in self._entries.values()]
        used += [
            self._names.class_named(self._names.written(entry.arguments.get("cls"))) for entry in self._entries.values()
        ]
        for name, bindings in self._names.bindings(self._names.source.root).items():
            holder = bindings[-1].node
            if holder.type != "class_definition" or holder in used:
                continue
            if any(_is_command_class(base) for base in self._names.ancestry(holder)):
                yield from (replace(found.option, owner=name) for found in self._constructed_options(holder))

    def _listed_options(self, arguments: Arguments) -> list[ClickOption]:
        listed = self._names.resolve(arguments.get("params"))
        items = listed.named_children if listed is not None and listed.type in ("list", "tuple") else []
        return [option for item in items if item.type == "call" for option in options_of(self._calls, item)]

    def _added(self) -> Iterator[CommandLink]:
        """`group.add_command(command)`: sets the parent of commands of this file, links those of other files."""
        for call in self._calls.methods("add_command"):
            written_owner = self._names.written(call.child_by_field_name("function")).rpartition(".")[0]
            arguments = self._values.arguments(call)
            name = self._values.string(arguments.get("name", 1)) or ""
            for owner in self._groups(written_owner, call):
                for node in self._each(arguments.get("cmd", 0)):
                    written = self._names.written(node)
                    if written in self._entries and written != owner:
                        entry = self._entries[written]
                        self._entries[written] = replace(entry, parent=owner, written=name or entry.written)
                    elif written.partition(".")[0] in self._names.imported:
                        child = reference(self._names.qualify(node))
                        yield CommandLink(parent=owner, child=child, line=line(call), name=name)

    def _groups(self, written: str, call: Node) -> list[str]:
        """The groups that `written` names: one of this file, through `self` those made by the class around it."""
        if written in self._entries:
            return [written]
        if written != "self":
            return []
        return [entry.id for entry in self._entries.values() if self._is_made_in(entry, call)]

    def _each(self, node: Node | None) -> list[Node]:
        """The expression itself, or the elements of the literal collection that a loop hands out as it."""
        bound = self._names.latest(node) if node is not None and node.type == "identifier" else None
        if bound is not None and bound.kind == "loop":
            found = self._names.resolve(bound.node)
            return found.named_children if found is not None and found.type in ("list", "tuple") else []
        return [node] if node is not None else []

    def _path(self, entry: Entry, depth: int = 0) -> str:
        above = self._entries.get(entry.parent)
        if above is None or depth > MAX_DEPTH:
            whole = not entry.foreign_parent and (self._is_program(entry) or self._is_loose(entry))
            return "" if whole else entry.word
        return f"{self._path(above, depth + 1)} {entry.word}".strip()

    def _is_loose(self, entry: Entry) -> bool:
        """A group that by its name is most likely a program, though no code of this file says so."""
        is_group = any(other.parent == entry.id for other in self._entries.values())
        return is_group and not entry.written and entry.id in ("cli", "main")

    def _own_links(self, paths: Mapping[str, str]) -> Iterator[CommandLink]:
        """Ties commands to a group without a name, in case it is a part of another file's program after all."""
        for entry in self._entries.values():
            above = self._entries.get(entry.parent)
            if above is not None and not paths[above.id]:
                yield CommandLink(parent=above.id, child=entry.id, line=line(entry.node), name=entry.word)

    def _is_program(self, entry: Entry) -> bool:
        """Whether the file itself runs the command: only then is it known to be the program and no part of another."""
        for call in self._calls.named(entry.id, f"{entry.id}.main"):
            callee = call.child_by_field_name("function")
            if callee is not None and callee.type == "attribute":
                callee = callee.child_by_field_name("object")
            # A local variable may have the name of the command.
            bound = self._names.lookup(callee) if callee is not None else []
            if any(binding.node in (entry.function, entry.node) for binding in bound):
                return True
        return False

    def _command(self, entry: Entry, paths: Mapping[str, str]) -> Command:
        arguments = entry.arguments
        given = self._values.string(arguments.get("help"), holes=True)
        text = given if given is not None else self._docstring(entry)
        text = clean_docstring(text.partition("\f")[0].replace("\b\n", ""))
        short = self._values.string(arguments.get("short_help")) or ""
        hidden = arguments.get("hidden")
        return Command(
            name=paths[entry.id],
            line=line(entry.node),
            framework="click",
            handler=self._handler(entry),
            help=summary(short) or summary(text),
            details=text if short else details(text),
            parent=paths.get(entry.parent, ""),
            aliases=self._values.strings(arguments.get("aliases")) or (),
            hidden=hidden is not None and hidden.type == "true",
            examples="",
            id=entry.id,
        )

    def _docstring(self, entry: Entry) -> str:
        return docstring(self._names.source, entry.function) if entry.function is not None else ""

    def _handler(self, entry: Entry) -> str:
        name = entry.function.child_by_field_name("name") if entry.function is not None else None
        return self._names.source.text(name) if name is not None else ""

    def _options(self, entry: Entry, paths: Mapping[str, str]) -> Iterator[Option]:
        path = paths[entry.id]
        prefix = self._prefix(entry)
        for found in entry.options:
            yield replace(found.under(prefix), command=path)
        settings = self._context_settings(entry.arguments)
        flags = self._values.strings(settings.get("help_option_names")) if settings else None
        if flags and entry.arguments.get("context_settings") is not None:
            at = line(settings["help_option_names"])
            yield Option(name=flags[-1], line=at, flags=flags, command=path, type="flag")

    def _context_settings(self, arguments: Arguments) -> Mapping[str, Node]:
        return self._values.mapping(arguments.get("context_settings")) or {}

    def _prefix(self, entry: Entry) -> str:
        """`PREFIX_COMMAND` for the variables of a command's options; empty without `auto_envvar_prefix`."""
        words: list[str] = []
        current: Entry | None = entry
        for _ in range(MAX_DEPTH):
            if current is None:
                return ""
            prefix = self._own_prefix(current)
            if prefix:
                return "_".join([prefix, *reversed(words)]).upper().replace("-", "_")
            words.append(current.word)
            current = self._entries.get(current.parent)
        return ""

    def _own_prefix(self, entry: Entry) -> str:
        settings = self._context_settings(entry.arguments)
        if (found := self._values.string(settings.get("auto_envvar_prefix"))) is not None:
            return found
        for call in self._calls.named(entry.id, f"{entry.id}.main", f"{entry.id}.make_context"):
            given = self._values.arguments(call).named.get("auto_envvar_prefix")
            if (found := self._values.string(given)) is not None:
                return found
        for call in self._calls.methods("setdefault"):
            # `settings.setdefault("auto_envvar_prefix", "X")` in the constructor of a group class of this file.
            texts = [self._values.string(node) for node in self._values.arguments(call).positional]
            if texts[:1] == ["auto_envvar_prefix"] and texts[1:] and texts[1] and self._is_made_in(entry, call):
                return texts[1]
        return ""

    def _is_made_in(self, entry: Entry, node: Node) -> bool:
        """Whether a node stands in a method of the class that the entry is an object of."""
        made_by = self._class_of(entry)
        return made_by is not None and made_by in ancestors(node)

    def _class_of(self, entry: Entry) -> Node | None:
        if entry.node.type != "call":
            return None
        return self._names.class_named(self._names.written(entry.node.child_by_field_name("function")))


def _is_command_class(dotted: str) -> bool:
    return dotted.partition(".")[0] in _PACKAGES and _COMMAND_CLASSES.search(dotted) is not None


def read_click(calls: Calls) -> CommandLine:
    """The command lines that the file builds with click."""
    if not any(mark in calls.names.source.data for mark in _MARKS):
        return CommandLine()
    return ClickReader(calls).read()
