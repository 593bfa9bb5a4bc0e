"""Commands declared with citty's `defineCommand`."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.languages.ecmascript.commands.tree import CliCommand, command_facts_of, key_flags
from docsfy_action.facts.languages.ecmascript.exports import Exports
from docsfy_action.facts.languages.ecmascript.syntax import arguments, dotted, plain_string
from docsfy_action.facts.languages.ecmascript.values import Script
from docsfy_action.facts.model import CommandLink, Option
from docsfy_action.facts.treesitter import line, text, walk


def citty_facts(script: Script, exported: Exports) -> CommandFacts:
    """Commands of a file that imports citty."""
    reader = _Reader(script)
    defined = [call for call in script.calls if script.origin(call.child_by_field_name("function")) == _DEFINE]
    started = _started(script)
    for call in defined:
        if call.id not in reader.seen and arguments(call):
            name = _variable(call)
            public = exported.local.get(name, [])
            known = "default" if not name or "default" in public else name
            root = name in started or (name == "main" and not exported.local)
            reader.command(call, CliCommand("citty", line(call), id=known, root=root))
    found = command_facts_of(reader.commands)
    return CommandFacts(
        commands=found.commands,
        options=found.options,
        links=(*found.links, *reader.tables(), *reader.starts()),
    )


def _started(script: Script) -> frozenset[str]:
    return frozenset(
        text(arguments(call)[0])
        for call in script.calls
        if arguments(call) and script.origin(call.child_by_field_name("function")) in _RUNNERS
    )


_DEFINE = ("citty", "defineCommand")
_RUNNERS = frozenset({("citty", "runMain"), ("citty", "createMain"), ("citty", "runCommand")})


def _variable(call: Node) -> str:
    above = call.parent
    return text(above.child_by_field_name("name")) if above is not None and above.type == "variable_declarator" else ""


@dataclass
class _Reader:
    script: Script
    commands: list[CliCommand] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def command(self, call: Node, command: CliCommand) -> None:
        """Read the object that `defineCommand` is called with, and those below it."""
        self.seen.add(call.id)
        fields = self.script.fields(arguments(call)[0])
        meta = self.script.fields(fields.get("meta"))
        own = self.script.string(meta.get("name")) or ""
        command.word = command.word or own
        command.usage = command.word
        command.help = self.script.string(meta.get("description"), holes=True) or ""
        command.hidden = text(meta.get("hidden")) == "true"
        self.commands.append(command)
        for name, value in self.script.fields(fields.get("args")).items():
            self._argument(command, name, value)
        below = self._entries(fields.get("subCommands"))
        for word, value in below.items():
            self._subcommand(command, word, value)
        if not below and "subCommands" in fields and (reference := self._reference(fields["subCommands"])):
            command.links.append(CommandLink(parent=command.id, child=reference, line=line(fields["subCommands"])))
        if command.parent is None and "subCommands" in fields and not own:
            # Only the program itself may do without a name.
            command.root = True

    def tables(self) -> Iterator[CommandLink]:
        """Tables of commands that other files hand on as a whole: `const commands = { dev: () => import("./dev") }`."""
        for statement in self.script.root.named_children:
            declaration = statement.child_by_field_name("declaration") or statement
            for declarator in declaration.named_children if declaration.type == "lexical_declaration" else ():
                name, value = text(declarator.child_by_field_name("name")), declarator.child_by_field_name("value")
                for word, entry in self._entries(value).items():
                    if entry.type == "arrow_function" and (child := self._reference(entry)):
                        yield CommandLink(parent=name, child=child, line=line(entry), name=word)

    def _entries(self, node: Node | None) -> dict[str, Node]:
        resolved = self.script.resolve(node)
        if resolved is not None and resolved.type == "call_expression":
            is_merge = dotted(resolved.child_by_field_name("function")) == "Object.assign"
            merged = [self.script.fields(item) for item in arguments(resolved)] if is_merge else []
            return {word: value for fields in merged for word, value in fields.items()}
        return self.script.fields(resolved)

    def starts(self) -> Iterator[CommandLink]:
        """`runMain(main)` with a command of another file."""
        for call in self.script.calls:
            given = arguments(call)
            if given and self.script.origin(call.child_by_field_name("function")) in _RUNNERS:
                module, name = self.script.origin(given[0])
                if module:
                    yield CommandLink(parent="", child=f"{module}#{name}", line=line(call))

    def _argument(self, command: CliCommand, name: str, value: Node) -> None:
        fields = self.script.fields(value)
        kind = self.script.string(fields.get("type")) or "string"
        aliases = self.script.words(fields.get("alias"))
        positional = kind == "positional"
        command.options.append(
            Option(
                name=name,
                line=line(value),
                flags=() if positional else tuple(sorted(key_flags([name, *aliases]), key=len)),
                help=self.script.string(fields.get("description"), holes=True) or "",
                default=self.script.literal(fields.get("default")),
                type="" if positional else kind,
                choices=self.script.strings(fields.get("options")) or (),
                # citty asks for a positional argument unless it is told not to.
                required=text(fields.get("required")) == "true"
                or (positional and "default" not in fields and text(fields.get("required")) != "false"),
                metavar=self.script.string(fields.get("valueHint")) or "",
            )
        )

    def _subcommand(self, command: CliCommand, word: str, value: Node) -> None:
        resolved = self.script.resolve(value)
        is_call = resolved is not None and resolved.type == "call_expression"
        function = resolved.child_by_field_name("function") if resolved is not None and is_call else None
        if resolved is not None and self.script.origin(function) == _DEFINE:
            if resolved.id not in self.seen and arguments(resolved):
                self.command(resolved, command.subcommand(word, line(resolved)))
            return
        reference = self._reference(value)
        if reference:
            command.links.append(CommandLink(parent=command.id, child=reference, line=line(value), name=word))

    def _reference(self, value: Node) -> str:
        """An imported command, or one that is loaded on demand: `() => import("./x").then((m) => m.default)`."""
        module, name = self.script.origin(value)
        if module:
            return f"{module}#{name}"
        for node in walk(value):
            function = node.child_by_field_name("function") if node.type == "call_expression" else None
            if function is not None and function.type == "import":
                loaded = plain_string(next(iter(arguments(node)), None))
                return f"{loaded}#default" if loaded else ""
        return text(value) if value.type == "identifier" else ""
