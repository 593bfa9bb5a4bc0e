"""Help texts that programs print, read back: the usage line and the options listed below it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from docsfy_action.facts.command_facts import CommandFacts
from docsfy_action.facts.model import Command, Option

# Fewer may be an example in a text about something else.
MIN_OPTIONS = 3
# A description below its flag is indented at least that much further.
MIN_INDENT = 4

_USAGE = re.compile(r"^\s*usage:?\s*(.*)$", re.IGNORECASE)
_FLAG = r"(?:-{1,2}[A-Za-z0-9?][\w.-]*|\+[a-z])"
_VALUE = r"(?:\[?=\S+|[ ](?:<[^>\n]+>|\[[^\]\n]+\]|[A-Z][A-Z0-9_|.:-]*))?"
_BETWEEN = r"(?:,[ ]?|[ ]?\|[ ]?|[ ])"
# A flag with others after it, each with an optional value; then at least two blanks and the description, or nothing.
_ENTRY = re.compile(
    rf"^[ ]{{1,16}}(?P<flags>{_FLAG}{_VALUE}(?:{_BETWEEN}{_FLAG}{_VALUE})*)(?:[ ]{{2,}}(?P<help>\S.*))?[ ]*$"
)
_METAVAR = re.compile(r"[ =]\[?=?<?([^\]>=]+?)[\]>]?(?:\[[^\]]*\])?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpOption:
    """An entry of the options' list; `line` is counted from 0, the line of the text's beginning."""

    flags: tuple[str, ...]
    line: int = 0
    help: str = ""
    metavar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpText:
    """`usage` is the first usage line without the word; `lead` the line of prose above it."""

    usage: str = ""
    lead: str = ""
    options: tuple[HelpOption, ...] = ()


def parse_help(source: str) -> HelpText:
    """What a help text says; empty where it is not one."""
    usage = lead = ""
    options: list[HelpOption] = []
    wants_usage, column = False, 0
    for number, raw in enumerate(source.expandtabs(4).split("\n")):
        entry = _ENTRY.match(raw)
        header = _USAGE.match(raw)
        if entry is not None and "-" in raw:
            options.append(_option(number, entry["flags"], entry["help"] or ""))
            column = entry.start("help") if entry["help"] else entry.start("flags") + MIN_INDENT
        elif header is not None and not usage:
            usage, wants_usage = header[1].strip(), not header[1].strip()
        elif wants_usage and raw.strip():
            usage, wants_usage = raw.strip().removeprefix("$ "), False
        elif options and column and raw[:column].isspace() and raw[column:].strip():
            options[-1] = replace(options[-1], help=f"{options[-1].help} {raw.strip()}".lstrip())
        else:
            column = 0
            is_prose = not usage and not options and " " in raw.strip()
            lead = lead or (raw.strip() if is_prose else "")
    return HelpText(usage=usage, lead=lead, options=tuple(options))


def _option(line: int, written: str, help_text: str) -> HelpOption:
    parts = re.findall(rf"({_FLAG})({_VALUE})", written)
    values = [found[1] for _, value in parts if (found := _METAVAR.search(value))]
    return HelpOption(
        line=line,
        flags=tuple(dict.fromkeys(f for f, _ in parts)),
        help=help_text.strip(),
        metavar=next(iter(values), ""),
    )


def help_facts(texts: Iterable[tuple[int, str]]) -> CommandFacts:
    """Options of a program that parses its arguments itself: those of the first text, by (line, text), that is a help
    text with a usage line and several options. Each stands on the line where the text lists it."""
    for start, source in texts:
        found = parse_help(source)
        if not found.usage or len(found.options) < MIN_OPTIONS:
            continue
        command = Command(name="", line=start, framework="help text", help=found.lead, usage=found.usage)
        return CommandFacts(
            commands=(command,),
            options=tuple(
                Option(
                    name=max(option.flags, key=len).lstrip("-"),
                    line=start + option.line,
                    flags=option.flags,
                    help=option.help,
                    metavar=option.metavar,
                )
                for option in found.options
            ),
        )
    return CommandFacts()
