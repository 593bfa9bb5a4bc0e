"""What the reference says of one command: how it is called, what it does, its arguments, options and examples."""

import re
from collections.abc import Callable, Iterator, Sequence

from docsfy_action.facts.model import Command, Option
from docsfy_action.facts.modules import Located
from docsfy_action.facts.programs import Program, ProgramCommand
from docsfy_action.verify.markdown import normalise
from docsfy_action.writers.builtin.prose import (
    code,
    fence,
    file_link,
    listing,
    literal_link,
    plain,
    quotation,
    quoted,
    table,
)

# Options that decorators bring along unnamed.
IMPLIED = frozenset({"--version", "--yes", "--password", "--help"})
FLAG_TYPES = frozenset({"flag", "bool", "boolean", "count"})
# Defaults that say no more than that there is none.
NOTHING = frozenset(
    {"[]", "()", "{}", "None", "nil", "null", "undefined", "''", '""', "``", "list()", "dict()", "tuple()"}
)
OFF = frozenset({"False", "false", "0"})
# What writers of usage lines call the parts that the synopsis names itself.
PLACEHOLDER = re.compile(
    r"\[(?:global |command )?(?:flags|options|OPTIONS|command|subcommand|command options)\](?:\.{3})?"
    r"|<(?:command|cmd|subcommand|options|flags)>|\[?\b(?:COMMAND|OPTIONS)\b\]?(?:\.{3})?"
)
PLAIN_STRING = re.compile(r"""[rRuUbB]?(?P<quote>["'`])(?P<text>[^"'`\\\s]+)(?P=quote)""")
INHERITED_NAMED = 6
# Frameworks whose help for a command leaves the short description out where there is a long one.
LONG_REPLACES = frozenset({"click", "typer", "cobra"})
# What stands for a part of a text that only the running program knows.
HOLE = "…"


def command_body(program: Program, command: ProgramCommand, link: Callable[[ProgramCommand], str]) -> Iterator[str]:
    """The blocks below a command's heading; `link` says where another command of the program is described."""
    item = command.command.item
    inherited = {option: origin for option in command.options if (origin := _origin(program, command, option))}
    own = [option for option in command.options if option not in inherited]
    positional = [option for option in own if not option.item.flags]
    flags = [option for option in own if option.item.flags]
    handed_on = [option for option in flags if option.item.inherited and _children(program, command)]
    yield fence("text", synopsis(program, command))
    yield quotation(_said(item))
    if item.aliases:
        yield f"Also called {listing(code(alias) for alias in item.aliases)}."
    yield from _table("Arguments", "Argument", positional, item)
    yield from _table("Options", "Option", [option for option in flags if option not in handed_on], item)
    yield from _table(f"Options of every {_below(program, command)}", "Option", handed_on, item)
    for origin in dict.fromkeys(inherited.values()):
        names = [code(max(o.item.flags, key=len)) for o, above in inherited.items() if above == origin and o.item.flags]
        # That every command explains itself need not be said at each of them.
        if names and names != ["`--help`"]:
            every = f"[every {plain(_below(program, origin))}]({link(origin)})"
            yield f"Like {every}, it also takes {listing(names, limit=INHERITED_NAMED)}."
    yield from _examples(item)
    if not command.options and not command.name and not program.subcommands:
        yield "Its options are put together while it runs, so they cannot be read from the code. It tells them itself:"
        yield fence("console", f"{program.name} --help")


def _children(program: Program, command: ProgramCommand) -> bool:
    prefix = f"{command.name} " if command.name else ""
    return any(other.name != command.name and other.name.startswith(prefix) for other in program.subcommands)


def _below(program: Program, command: ProgramCommand) -> str:
    return f"{program.name} {command.name}".strip() + " command"


def _origin(program: Program, command: ProgramCommand, option: Located[Option]) -> ProgramCommand | None:
    """The topmost command that hands an option on to this one, where readers can look it up."""
    if not option.item.inherited or not option.item.flags:
        return None
    words = command.name.split()
    above = {" ".join(words[:depth]) for depth in range(len(words))}
    found = (c for c in program.commands if c.name in above and not c.command.item.hidden and option in c.options)
    return min(found, key=lambda c: len(c.name), default=None)


def synopsis(program: Program, command: ProgramCommand) -> str:
    """How the command is called: one line, or two where it has commands below it and arguments of its own."""
    base = f"{program.name} {command.name}".strip()
    options = "[OPTIONS]" if any(option.item.flags for option in command.options) else ""
    positional = [option.item for option in command.options if not option.item.flags]
    arguments = " ".join(map(_argument, positional)) or _written_arguments(program, command)
    lines = []
    if _children(program, command):
        lines.append(f"{base} {options} COMMAND")
    if arguments or not lines:
        lines.insert(0, f"{base} {options} {arguments}")
    return "\n".join(" ".join(line.split()) for line in lines)


def _argument(option: Option) -> str:
    name = option.metavar or option.name.upper()
    shown = name if option.required and not option.default else f"[{name}]"
    return f"{shown}..." if option.repeated else shown


def _written_arguments(program: Program, command: ProgramCommand) -> str:
    """What a usage line says after the command's name and beside options and subcommands."""
    item = command.command.item
    word = item.name.rpartition(" ")[2]
    starts = ("%prog", f"{program.name} {command.name}".strip(), program.name, command.name, word)
    for line in item.usage.replace("%(prog)s", "%prog").split("\n"):
        text = re.sub(r"^\s*[Uu]sage:\s*", "", line).strip()
        start = next((s for s in starts if s and (text == s or text.startswith(f"{s} "))), None)
        if start is None and item.framework == "cobra":
            start = text.split(" ")[0]
        # What begins otherwise is prose, not a way to call the program.
        if start is not None or text.startswith(("<", "[", "{", "-")):
            return " ".join(PLACEHOLDER.sub(" ", text[len(start or "") :]).split())
    return ""


def _said(item: Command) -> str:
    """What the command's own help says: the long description, with the short one where that adds something."""
    short, long = _text(item.help), _text(item.details)
    first, _, rest = long.partition("\n\n")
    if HOLE in first and set(first.replace(HOLE, " ").split()) <= {*short.split(), "!", ".", ","}:
        long = rest
    head = " ".join(short.split()).rstrip(".").lower()
    replaced = item.framework in LONG_REPLACES and HOLE not in first
    if long and (replaced or " ".join(long.split()).lower().startswith(head)):
        return long
    return "\n\n".join(filter(None, (short, long)))


def _examples(item: Command) -> Iterator[str]:
    if not item.examples.strip():
        return
    yield "**Examples**"
    if "```" in item.examples:
        yield quotation(_text(item.examples))
    else:
        # Prompts and comments are what a console shows; where there are none the text may be anything.
        prompted = re.search(r"^\s*\$ ", item.examples, re.MULTILINE) and HOLE not in item.examples
        yield fence("console" if prompted else "text", item.examples)


def _table(title: str, column: str, options: Sequence[Located[Option]], item: Command) -> Iterator[str]:
    if options:
        yield f"**{plain(title)}**"
        yield table((column, "Default", "Type", "Description"), (_row(option, item) for option in options))


def _row(option: Located[Option], command: Command) -> tuple[str, str, str, str]:
    item = option.item
    shown = ", ".join(code(flag) for flag in item.flags or (item.name,))
    name = f"{shown} ({_source(option, command)})" if item.flags else shown
    kind = listing((code(choice) for choice in item.choices), word="or") if item.choices else _type(item.type)
    if item.repeated:
        kind = f"{kind}, repeatable" if kind else "repeatable"
    extra = f" Also set by {code(item.env)}." if item.env else ""
    return name, code(default_of(item)) or ("required" if item.required else ""), kind, quoted(_text(item.help)) + extra


def default_of(item: Option) -> str:
    """The default as a user would type it; empty where it says nothing."""
    text = item.default
    if (
        not text.strip("()[]{}, ").replace("None", "").strip(", ")
        or text in NOTHING
        or (item.type in FLAG_TYPES and text in OFF)
    ):
        return ""
    if item.type in FLAG_TYPES and text in ("True", "true"):
        negative = all(flag.startswith("--no-") for flag in item.flags if flag.startswith("--"))
        pair = len(item.flags) == 2 and all(flag.startswith("--") for flag in item.flags)
        return item.flags[0] if pair else "" if negative else text
    plain_string = PLAIN_STRING.fullmatch(text)
    return plain_string["text"] if plain_string is not None else text


def _type(text: str) -> str:
    """Simple types are the framework's words and need not stand in the code."""
    return text if text.isalpha() else code(text)


def _source(option: Located[Option], command: Command) -> str:
    """A link to the option in the source, or to the file where the framework made its name."""
    if option.item.literal:
        return literal_link(option.path, option.item.literal, "source")
    made = command.framework == "kong" or option.item.name in IMPLIED
    return file_link(option.path, "source") if made else literal_link(option.path, option.item.name, "source")


def _text(help_text: str) -> str:
    return normalise(help_text, headings="bold", link=lambda _: None).strip() if help_text else ""
