"""Commands while a file is being read, and the facts that come out of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.model import Command, CommandLink, Option, Setting, SettingKind

_PLACE = re.compile(r"([<\[])(\.\.\.)?([^>\]]+?)(\.\.\.)?[>\]]")
_SEPARATOR = re.compile(r"[\s,|]+")


@dataclass(eq=False)
class CliCommand:
    """A command under construction. `root` is the program itself; `foreign` one that a function is handed and whose
    place is known elsewhere only: `id` is then the name of that function. A program's default command is no command
    of its own: it `stands_for` the program."""

    framework: str
    line: int
    word: str = ""
    id: str = ""
    help: str = ""
    details: str = ""
    usage: str = ""
    handler: str = ""
    examples: str = ""
    aliases: tuple[str, ...] = ()
    hidden: bool = False
    root: bool = False
    foreign: bool = False
    parent: "CliCommand | None" = None
    stands_for: "CliCommand | None" = None
    options: list[Option] = field(default_factory=list)
    links: list[CommandLink] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The words after the program, from the topmost command of the file on."""
        words: list[str] = []
        command: CliCommand | None = self
        while command is not None and not command.root and not command.foreign:
            words.append(command.word)
            command = command.parent
        return " ".join(filter(None, reversed(words)))

    def is_below(self, other: "CliCommand") -> bool:
        """Whether this is `other`, or a command somewhere below it."""
        command: CliCommand | None = self
        while command is not None and command is not other:
            command = command.parent
        return command is not None

    def subcommand(self, word: str, line: int) -> "CliCommand":
        """A new command below this one."""
        return CliCommand(self.framework, line, word=word, id=f"{self.id}.{word}", parent=self)

    def option(self, name: str) -> Option | None:
        """The option of that name."""
        return next((option for option in self.options if option.name == name), None)

    def put(self, option: Option) -> None:
        """Add an option, in the place of one that has its name."""
        known = self.option(option.name)
        if known is None:
            self.options.append(option)
        else:
            self.options[self.options.index(known)] = option


def command_facts_of(commands: Sequence[CliCommand]) -> CommandFacts:
    """Commands, options and links as facts; environment variables that set options are settings too."""
    known = [command for command in commands if command.foreign or command.root or command.word]
    options = [
        replace(
            option,
            command=command.name,
            owner=option.owner or command.id,
            repeated=option.repeated or option.type == "array",
        )
        for command in known
        for option in command.options
    ]
    links = [link for command in known for link in command.links]
    links.extend(
        CommandLink(parent=command.parent.id, child=command.id, line=command.line, name=command.word)
        for command in known
        if command.parent is not None and not command.foreign
    )
    settings = [
        Setting(
            name=option.env,
            kind=SettingKind.ENVIRONMENT,
            line=option.line,
            default=option.default,
            doc=option.help,
        )
        for option in options
        if option.env
    ]
    return CommandFacts(
        commands=tuple(_command(command) for command in known if not command.foreign),
        options=tuple(options),
        links=tuple(links),
        settings=tuple(settings),
    )


def _command(command: CliCommand) -> Command:
    return Command(
        name=command.name,
        line=command.line,
        framework=command.framework,
        handler=command.handler,
        help=command.help,
        usage=command.usage or command.word,
        parent=command.parent.name if command.parent is not None else "",
        aliases=command.aliases,
        hidden=command.hidden,
        id=command.id,
        details=command.details,
        examples=command.examples,
    )


def usage_parts(usage: str, line: int) -> tuple[str, list[Option]]:
    """(words, positional arguments) of `serve <dir> [port...]`."""
    match = _PLACE.search(usage)
    words = usage[: match.start()] if match is not None else usage
    positional = [
        Option(name=found[3].strip(), line=line, required=found[1] == "<", repeated=bool(found[2] or found[4]))
        for found in _PLACE.finditer(usage)
        if found[3].strip() != "options"
    ]
    return " ".join(words.split()), positional


def flagged(raw: str, line: int) -> Option | None:
    """The option that `-p, --port <number>` describes."""
    match = _PLACE.search(raw)
    names = raw[: match.start()] if match is not None else raw
    flags = tuple(part for part in _SEPARATOR.split(names.strip().removesuffix("=")) if part.startswith("-"))
    if not flags:
        return None
    name = max(flags, key=len).lstrip("-")
    return Option(
        name=name,
        line=line,
        flags=flags,
        metavar=match[3].strip() if match is not None else "",
        repeated=match is not None and bool(match[2] or match[4]),
    )


def key_flags(names: Sequence[str]) -> tuple[str, ...]:
    """Flags of options that are declared by bare names: `-p`, `--port`."""
    return tuple(f"-{name}" if len(name) == 1 else f"--{name}" for name in dict.fromkeys(names))
