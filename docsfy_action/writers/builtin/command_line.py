"""The command-line reference: every program with its commands, arguments and options, as the code defines them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from docsfy_action.facts.model import Command, Option
from docsfy_action.facts.modules import Located
from docsfy_action.facts.programs import Program, ProgramCommand
from docsfy_action.facts.surface import Surface
from docsfy_action.outline.model import PageSpec
from docsfy_action.verify.markdown import normalise, slugify
from docsfy_action.writers.builtin.command_body import command_body
from docsfy_action.writers.builtin.context import Context
from docsfy_action.writers.builtin.prose import (
    code,
    count,
    document,
    fact_link,
    fence,
    file_link,
    first_sentence,
    heading,
    listing,
    literal_link,
    plain,
    quoted,
    source_link,
    table,
)

# Frameworks that make a command's word from a function's name.
DERIVING = frozenset({"click", "typer"})
CONSTANT = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
LITERAL = re.compile(r"""-?\d[\d_.]*|"[^"\\]*"|'[^'\\]*'|`[^`\\]*`|[Tt]rue|[Ff]alse""")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLineInput:
    """Programs in full, and for programs with pages of their own the slugs of those."""

    title: str
    programs: tuple[Program, ...]
    only: tuple[str, ...] = ()
    split: tuple[tuple[str, str, str], ...] = ()
    main: str = ""
    handlers: tuple[tuple[str, str], ...] = ()


def select(spec: PageSpec, context: Context) -> CommandLineInput:
    """The programs named by the page's subjects; `program/command` narrows a page to one group of commands."""
    programs = {program.name: program for program in context.code.programs}
    groups = tuple(subject.partition("\n")[2] for subject in spec.subjects if "\n" in subject)
    names = dict.fromkeys(subject.partition("\n")[0] for subject in spec.subjects)
    pages = [page for page in context.outline.pages() if page.writer == "command_line" and page.slug != spec.slug]
    chosen = tuple(_with_values(programs[name], context.code.surface) for name in names)
    places = {(c.command.path, c.command.item.handler) for program in chosen for c in program.commands}
    return CommandLineInput(
        title=spec.title,
        handlers=tuple(sorted(place for place in places if context.code.surface.definition(*place) is not None)),
        programs=chosen,
        only=groups,
        main=next((_main(page, *names) for page in pages if groups and names.keys() <= set(page.subjects)), ""),
        split=tuple(
            (subject, page.slug, page.title)
            for page in pages
            for subject in page.subjects
            if "\n" in subject and subject.partition("\n")[0] in names and not groups
        ),
    )


def _with_values(program: Program, surface: Surface) -> Program:
    """The program with the values of constants that its options name as their defaults."""
    commands = (
        replace(command, options=tuple(_with_value(option, surface) for option in command.options))
        for command in program.commands
    )
    return replace(program, commands=tuple(commands))


def _with_value(option: Located[Option], surface: Surface) -> Located[Option]:
    named = CONSTANT.fullmatch(option.item.default) and surface.lookup(option.path, option.item.default)
    value = named.item.value if named else ""
    if not LITERAL.fullmatch(value):
        return option
    return Located(path=option.path, item=replace(option.item, default=value))


def _main(page: PageSpec, program: str) -> str:
    """Where the page of all programs describes one of them."""
    return f"{page.slug}.md#{slugify(page.title if len(page.subjects) == 1 else program)}"


def write(page: CommandLineInput) -> str:
    """The page's Markdown."""
    blocks = [heading(1, f"The {page.title} commands" if page.only else page.title)]
    single = len(page.programs) == 1
    if not single:
        names = (f"[{code(program.name)}](#{slugify(program.name)})" for program in page.programs)
        blocks.append(f"The project offers {count(len(page.programs), 'program')}: {listing(names)}.")
    for program in page.programs:
        if not single:
            blocks.append(heading(2, program.name))
        blocks.extend(_program(program, page, 2 if single else 3))
    return document(blocks)


def _program(program: Program, page: CommandLineInput, level: int) -> list[str]:
    blocks: list[str] = []
    parted = ((*subject.partition("\n"), slug, title) for subject, slug, title in page.split)
    split = {group: (slug, title) for name, _, group, slug, title in parted if name == program.name}
    titles = _titles(program)
    shown = [c for c in program.subcommands if _shown(c.name, page.only, split)]

    def place(command: ProgramCommand) -> str:
        if command.name:
            group = split.get(command.name.split()[0])
            return f"{group[0]}.md#{slugify(titles[command.name])}" if group else f"#{slugify(titles[command.name])}"
        anchor = page.title if len(page.programs) == 1 else program.name
        return page.main or f"#{slugify(anchor)}"

    if not page.only:
        blocks.append(_where(program))
        root = program.root
        if root is not None:
            if root.command.path != program.path:
                blocks.append(
                    f"Its commands and options are defined in {_defined(root, code(root.command.path), page)}."
                )
            blocks.extend(command_body(program, root, place))
        elif not program.commands:
            blocks.append("Its options could not be read from the code; ask the program itself:")
            blocks.append(fence("console", f"{program.name} --help"))
    if len(program.subcommands) > 1 and not page.only:
        blocks.append(heading(level, "Commands" if level == 2 else f"Commands of {program.name}"))
        blocks.append(table(("Command", "What it does", "Source"), (_row(c, place, page) for c in program.subcommands)))
    for command in shown:
        blocks.append(heading(level, titles[command.name]))
        blocks.append(f"Defined in {_defined(command, code(command.command.path), page)}.")
        blocks.extend(command_body(program, command, place))
    return blocks


def _shown(name: str, only: tuple[str, ...], split: dict[str, tuple[str, str]]) -> bool:
    group = name.split(maxsplit=1)[0]
    return group in only if only else group not in split


def _where(program: Program) -> str:
    if program.entry is not None:
        declared = fact_link(program.entry.path, program.entry.item)
        return f"{declared} is declared in {file_link(program.entry.path)} and starts in {file_link(program.path)}."
    return f"{code(program.name)} starts in {file_link(program.path)}."


def _row(
    command: ProgramCommand, place: Callable[[ProgramCommand], str], page: CommandLineInput
) -> tuple[str, str, str]:
    derived = any(_derived(word, command.command.item) for word in command.name.split())
    return (
        f"[{plain(command.name) if derived else code(command.name)}]({place(command)})",
        quoted(first_sentence(normalise(command.command.item.help, headings="bold", link=lambda _: None).strip())),
        _defined(command, "source", page),
    )


def _defined(command: ProgramCommand, text: str, page: CommandLineInput) -> str:
    """A link to where a command is defined: the function that runs it, else its own word in the file."""
    path, item = command.command.path, command.command.item
    if (path, item.handler) in page.handlers:
        return source_link(path, item.handler, text)
    word = item.name.rpartition(" ")[2]
    return literal_link(path, word, text) if word and not _derived(word, item) else file_link(path, text)


def _derived(word: str, item: Command) -> bool:
    """Whether a framework made the word out of a function's name, so that it need not stand in the code."""
    return item.framework in DERIVING and "-" in word


def _titles(program: Program) -> dict[str, str]:
    """Headings of the commands by name; no two share an anchor."""
    titles: dict[str, str] = {}
    taken: set[str] = set()
    for command in program.subcommands:
        title, number = f"{program.name} {command.name}", 2
        while slugify(title) in taken:
            title, number = f"{program.name} {command.name} ({number})", number + 1
        taken.add(slugify(title))
        titles[command.name] = title
    return titles
