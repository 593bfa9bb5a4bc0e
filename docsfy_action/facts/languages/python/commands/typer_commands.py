"""Command lines built with typer: apps, their commands and callbacks, and options derived from parameters."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from docsfy_action.facts.languages.python.calls import Calls
from docsfy_action.facts.languages.python.commands.model import CommandLine, command_line, details, reference, summary
from docsfy_action.facts.languages.python.commands.typer_options import parameters_of
from docsfy_action.facts.languages.python.syntax import clean_docstring, docstring
from docsfy_action.facts.languages.python.values import Arguments
from docsfy_action.facts.model import Command, CommandLink, Option
from docsfy_action.facts.treesitter import line

MAX_DEPTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A `typer.Typer()`. `parent` is the app of this file that it is added to, under `word`."""

    id: str
    node: Node
    arguments: Arguments
    word: str = ""
    parent: str = ""
    help: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A function used as a command or callback of an app (`app`), or of one that another file makes (`foreign`)."""

    function: Node
    call: Node | None
    arguments: Arguments = field(default_factory=Arguments)
    app: str = ""
    foreign: str = ""
    is_callback: bool = False
    is_program: bool = False


class TyperReader:
    """Finds the apps of one file, the functions they run, and how apps are nested."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._names = calls.names
        self._values = calls.values
        self._apps = dict(self._made())
        self._links: list[CommandLink] = []

    def read(self) -> CommandLine:
        """All commands and options of the file."""
        self._nest()
        uses = list(self._uses())
        commands = [self._app_command(app, uses) for app in self._apps.values()]
        options: list[Option] = []
        for use in uses:
            command = self._command(use, uses)
            if command is not None:
                self._replace_or_add(commands, command)
                options += [replace(o, command=command.name) for o in parameters_of(self._calls, use.function)]
        return command_line(commands, options, self._links)

    @staticmethod
    def _replace_or_add(commands: list[Command], command: Command) -> None:
        """A callback or a program's only command says what the app itself does."""
        for index, known in enumerate(commands):
            if known.name == command.name and not known.handler:
                commands[index] = replace(
                    known,
                    handler=command.handler,
                    help=known.help or command.help,
                    details=known.details or (command.details if not known.help else ""),
                )
                return
        commands.append(command)

    def _made(self) -> Iterator[tuple[str, App]]:
        for name, bindings in self._names.bindings(self._names.source.root).items():
            call = bindings[-1].node
            if bindings[-1].kind != "value" or call.type != "call":
                continue
            dotted = self._names.qualify(call.child_by_field_name("function"))
            holder = self._names.class_named(dotted)
            ancestry = (dotted, *(self._names.ancestry(holder) if holder is not None else ()))
            if any(base == "typer.Typer" or (holder is None and base.endswith("Typer")) for base in ancestry):
                arguments = self._values.arguments(call)
                word = self._values.string(arguments.get("name")) or ""
                yield name, App(id=name, node=call, arguments=arguments, word=word, help=arguments.get("help"))

    def _nest(self) -> None:
        """`app.add_typer(other, name="x")`, in this file or with an app of another."""
        for call in self._calls.methods("add_typer"):
            owner = self._names.written(call.child_by_field_name("function")).rpartition(".")[0]
            if owner not in self._apps:
                continue
            arguments = self._values.arguments(call)
            node = arguments.get("typer_instance", 0)
            written = self._names.written(node)
            word = self._values.string(arguments.get("name")) or ""
            if written in self._apps and written != owner:
                app = self._apps[written]
                help_node = arguments.get("help")
                self._apps[written] = replace(
                    app, parent=owner, word=word or app.word, help=help_node if help_node is not None else app.help
                )
            elif written.partition(".")[0] in self._names.imported:
                child = reference(self._names.qualify(node))
                self._links.append(CommandLink(parent=owner, child=child, line=line(call), name=word))

    def _uses(self) -> Iterator[Use]:
        for decorated in self._calls.decorated:
            function = decorated.child_by_field_name("definition")
            for decorator in decorated.named_children:
                if decorator.type == "decorator" and decorator.named_child_count and function is not None:
                    use = self._used_by(decorator.named_children[0], function)
                    if use is not None:
                        yield use
        for call in self._calls.all:
            callee = call.child_by_field_name("function")
            first = self._values.arguments(call).positional[:1]
            function = self._names.definition(self._names.written(first[0]) or "?") if first else None
            if callee is None or function is None or function.type != "function_definition":
                continue
            if self._names.qualify(callee) == "typer.run":
                yield Use(function=function, call=None, is_program=True)
            elif callee.type == "call" and (use := self._used_by(callee, function)) is not None:
                yield use

    def _used_by(self, expression: Node, function: Node) -> Use | None:
        callee = expression.child_by_field_name("function") if expression.type == "call" else expression
        owner, _, method = self._names.written(callee).rpartition(".")
        if method not in ("command", "callback") or not owner:
            return None
        call = expression if expression.type == "call" else None
        use = Use(
            function=function, call=call, arguments=self._values.arguments(call), is_callback=method == "callback"
        )
        if owner in self._apps:
            return replace(use, app=owner)
        if owner.partition(".")[0] in self._names.imported and self._names.imports_from("typer"):
            return replace(use, foreign=reference(self._names.qualify(callee).rpartition(".")[0]))
        return None

    def _path(self, app: App, depth: int = 0) -> str:
        above = self._apps.get(app.parent)
        if above is None or depth > MAX_DEPTH:
            return "" if self._is_run(app) or not app.word else app.word
        return f"{self._path(above, depth + 1)} {app.word}".strip()

    def _is_run(self, app: App) -> bool:
        """Whether this file starts the app."""
        return bool(self._calls.named(app.id))

    def _app_command(self, app: App, uses: list[Use]) -> Command:
        text = clean_docstring(self._values.string(app.help, holes=True) or "")
        path = self._path(app)
        above = self._apps.get(app.parent)
        if above is not None and not self._path(above):
            self._links.append(CommandLink(parent=above.id, child=app.id, line=line(app.node), name=app.word))
        if not text:
            callbacks = (use for use in uses if use.is_callback and use.app == app.id)
            text = next((self._help(use) for use in callbacks), "")
        hidden = app.arguments.get("hidden")
        return Command(
            name=path,
            line=line(app.node),
            framework="typer",
            help=summary(text),
            details=details(text),
            parent=self._path(above) if above is not None else "",
            hidden=hidden is not None and hidden.type == "true",
            id=app.id,
        )

    def _command(self, use: Use, uses: list[Use]) -> Command | None:
        app = self._apps.get(use.app)
        above = self._path(app) if app is not None else ""
        name_node = use.function.child_by_field_name("name")
        function = self._names.source.text(name_node) if name_node is not None else ""
        given = use.arguments.get("name", 0)
        word = self._values.string(given) or function.lower().replace("_", "-")
        if given is not None and given.type != "none" and self._values.string(given) is None:
            return None
        whole = use.is_callback or use.is_program or (app is not None and self._is_only_command(app, uses))
        text = self._help(use)
        short = self._values.string(use.arguments.get("short_help")) or ""
        hidden = use.arguments.get("hidden")
        if app is not None and not above and not whole:
            # The app may be the program or a part of another file's: the link says where its commands belong.
            self._links.append(CommandLink(parent=app.id, child=function, line=line(use.function), name=word))
        if use.foreign:
            self._links.append(CommandLink(parent=use.foreign, child=function, line=line(use.function), name=word))
        return Command(
            name=above if whole else f"{above} {word}".strip(),
            line=line(use.function),
            framework="typer",
            handler=function,
            help=summary(short) or summary(text),
            details=text if short else details(text),
            parent=above if not whole else "",
            hidden=hidden is not None and hidden.type == "true",
            id=function,
        )

    def _is_only_command(self, app: App, uses: list[Use]) -> bool:
        """An app with one command and no callback is that command, if the file itself starts it."""
        mine = [use for use in uses if use.app == app.id]
        nested = any(other.parent == app.id for other in self._apps.values())
        linked = any(link.parent == app.id for link in self._links)
        alone = len(mine) == 1 and not mine[0].is_callback and not nested and not linked
        return alone and not app.parent and self._is_run(app)

    def _help(self, use: Use) -> str:
        given = self._values.string(use.arguments.get("help"), holes=True)
        text = given if given is not None else docstring(self._names.source, use.function)
        return clean_docstring(text.partition("\f")[0].replace("\b\n", ""))


def read_typer(calls: Calls) -> CommandLine:
    """The command lines that the file builds with typer."""
    if b"typer" not in calls.names.source.data.lower():
        return CommandLine()
    return TyperReader(calls).read()
