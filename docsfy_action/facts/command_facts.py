"""What a framework's reader finds in one file."""

from collections.abc import Iterable
from dataclasses import dataclass

from docsfy_action.facts.model import Command, CommandLink, Option, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFacts:
    """Commands, their options, the links between them, and the environment variables that set options."""

    commands: tuple[Command, ...] = ()
    options: tuple[Option, ...] = ()
    links: tuple[CommandLink, ...] = ()
    settings: tuple[Setting, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable["CommandFacts"]) -> "CommandFacts":
        """All parts in source order, without repetitions."""
        found = list(parts)
        commands = dict.fromkeys(item for part in found for item in part.commands)
        options = dict.fromkeys(item for part in found for item in part.options)
        links = dict.fromkeys(item for part in found for item in part.links)
        return cls(
            commands=tuple(sorted(commands, key=lambda item: item.line)),
            options=tuple(sorted(options, key=lambda item: item.line)),
            links=tuple(sorted(links, key=lambda item: item.line)),
            settings=tuple(dict.fromkeys(item for part in found for item in part.settings)),
        )
