"""What is read about command lines before names are final: commands with their parents, options with their commands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from docsfy_action.facts.model import Command, CommandLink, Option, Setting, SettingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """The commands and options of a file, and the environment variables that set options."""

    commands: tuple[Command, ...] = ()
    options: tuple[Option, ...] = ()
    settings: tuple[Setting, ...] = ()
    links: tuple[CommandLink, ...] = ()

    def __add__(self, other: "CommandLine") -> "CommandLine":
        """Both together."""
        return CommandLine(
            commands=self.commands + other.commands,
            options=self.options + other.options,
            settings=self.settings + other.settings,
            links=self.links + other.links,
        )


def command_line(
    commands: list[Command],
    options: list[Option],
    links: list[CommandLink],
    derived: frozenset[str] = frozenset(),
) -> CommandLine:
    """Puts everything in source order, each once; an option without owner gets its command's id, if only one has that.

    `derived` are environment variables of options whose names do not stand in the source.
    """
    ids = [command.id for command in commands if command.id]
    owners = {command.name: command.id for command in commands if command.id and ids.count(command.id) == 1}
    owned = dict.fromkeys(replace(option, owner=option.owner or owners.get(option.command, "")) for option in options)
    return CommandLine(
        commands=tuple(sorted(dict.fromkeys(commands), key=lambda command: (command.line, command.name))),
        options=tuple(sorted(owned, key=lambda option: option.line)),
        settings=tuple(_variables(owned, derived)),
        links=tuple(sorted(dict.fromkeys(links), key=lambda link: (link.line, link.parent, link.child))),
    )


def reference(dotted: str) -> str:
    """`pkg.mod.name` as the reference `pkg.mod#name`, `.mod.name` as `.mod#name`."""
    module, _, name = dotted.rpartition(".")
    # `from . import name` is the name in the package itself, whose module is written `.`.
    dots = dotted[: len(dotted) - len(dotted.lstrip("."))]
    return f"{module if module.strip('.') else dots}#{name}"


def _variables(options: dict[Option, None], derived: frozenset[str]) -> Iterator[Setting]:
    """Variables that the source spells out; those derived from a prefix stand with their option only."""
    seen: set[str] = set()
    for option in options:
        if option.env and option.env not in seen and option.env not in derived:
            seen.add(option.env)
            yield Setting(
                name=option.env,
                kind=SettingKind.ENVIRONMENT,
                line=option.line,
                default=option.default,
                type="" if option.type in ("flag", "count") else option.type,
                doc=option.help,
            )


def long_flag(flags: tuple[str, ...]) -> str:
    """The flag by which an option is known: the first one with two dashes, else the first."""
    return next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")


def summary(text: str) -> str:
    """The first paragraph on one line."""
    return " ".join(text.strip().partition("\n\n")[0].split())


def details(text: str) -> str:
    """The whole text where it says more than its first paragraph."""
    return text.strip() if "\n\n" in text.strip() else ""
