"""Options declared as one table: meow, and `parseArgs` of Node.js itself."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.help_text import parse_help
from docsfy_action.facts.languages.ecmascript.syntax import arguments
from docsfy_action.facts.languages.ecmascript.values import Script
from docsfy_action.facts.model import Command, Option
from docsfy_action.facts.treesitter import line, text

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def parse_args_facts(script: Script) -> CommandFacts:
    """Options of `parseArgs({ options: { port: { type, short, default } } })`."""
    parts = []
    for call in script.calls:
        given = arguments(call)
        if script.origin(call.child_by_field_name("function")) in _PARSE_ARGS and given:
            table = script.fields(given[0]).get("options")
            options = tuple(_parsed(script, name, value) for name, value in script.fields(table).items())
            command = Command(name="", line=line(call), framework="node:util")
            parts.append(CommandFacts(commands=(command,), options=options))
    return CommandFacts.joined(parts)


_PARSE_ARGS = frozenset({("node:util", "parseArgs"), ("util", "parseArgs")})


def _parsed(script: Script, name: str, value: Node) -> Option:
    fields = script.fields(value)
    short = script.string(fields.get("short"))
    return Option(
        name=name,
        line=line(value),
        flags=(*((f"-{short}",) if short else ()), f"--{name}"),
        default=script.literal(fields.get("default")),
        type=script.string(fields.get("type")) or "",
    )


def meow_facts(script: Script) -> CommandFacts:
    """Options of `meow(helpText, { flags: { … } })`, described by the help text."""
    parts = []
    for call in script.calls:
        given = arguments(call)
        if script.origin(call.child_by_field_name("function"))[0] != "meow" or not given:
            continue
        said = next((found for item in given if (found := script.string(item, holes=True)) is not None), "")
        fields = next((table for item in given if (table := script.fields(item))), {})
        help_text = parse_help(said)
        described = {flag: entry.help for entry in help_text.options for flag in entry.flags}
        command = Command(
            name="",
            line=line(call),
            framework="meow",
            help=script.string(fields.get("description"), holes=True) or help_text.lead,
            usage=help_text.usage,
        )
        options = tuple(_flags(script, fields.get("flags"), described))
        parts.append(CommandFacts(commands=(command,), options=options))
    return CommandFacts.joined(parts)


def _flags(script: Script, table: Node | None, described: dict[str, str]) -> Iterator[Option]:
    for name, value in script.fields(table).items():
        fields = script.fields(value)
        written = "-".join(_CAMEL.split(name)).lower()
        short = script.string(fields.get("shortFlag") or fields.get("alias"))
        flags = (*((f"-{short}",) if short else ()), f"--{written}")
        yield Option(
            name=written,
            line=line(value),
            flags=flags,
            help=next((described[flag] for flag in reversed(flags) if flag in described), ""),
            default=script.literal(fields.get("default")),
            type=script.string(fields.get("type")) or "",
            choices=script.strings(fields.get("choices")) or (),
            required=text(fields.get("isRequired")) == "true",
        )
