"""Commands of many files as one tree: what files say about their own parts, joined by the links between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.model import BlobFacts, Command, Option

# Trees are shallow; a cycle of links ends here.
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOption:
    """An option of a command and the file that defines it. `inherited_from` is the command it was declared on."""

    path: str
    option: Option
    inherited_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCommand:
    """A command under the name that its user types after the program, empty for the program itself.

    `program` is the word that the code has for the program, where it has one. `rooted` is False where nothing is known
    to add the command to a program: its name then starts with its own word.
    """

    name: str
    path: str
    command: Command
    options: tuple[PlacedOption, ...] = ()
    program: str = ""
    rooted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFile:
    """A file's facts with its path and the name of its module, by which links in other files refer to it."""

    path: str
    module: str
    facts: BlobFacts


Resolve = Callable[[str, str], str]


def _as_written(_: str, module: str) -> str:
    return module


@dataclass(frozen=True)
class _Part:
    file: CommandFile
    command: Command


@dataclass
class _Index:
    """References made absolute: `module#id` → commands, options, and what is below."""

    commands: dict[str, _Part] = field(default_factory=dict)
    options: dict[str, list[PlacedOption]] = field(default_factory=dict)
    below: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    above: set[str] = field(default_factory=set)


def join_commands(files: list[CommandFile], resolve: Resolve = _as_written) -> tuple[PlacedCommand, ...]:
    """All commands of files that belong to one program or several, each as often as it is added, by name and path.

    `resolve` turns (path of the importing file, module as written there) into the module's name: in Go the two are the
    same, a script imports `./serve.js`.
    """
    index = _index(files, resolve)
    placed: list[PlacedCommand] = []
    for file in sorted(files, key=lambda f: f.path):
        for command in file.facts.commands:
            if command.id:
                continue
            options = tuple(
                PlacedOption(path=file.path, option=option)
                for option in file.facts.options
                if option.command == command.name and not option.owner
            )
            placed.append(PlacedCommand(name=command.name, path=file.path, command=command, options=options))
    for key, part in sorted(index.commands.items()):
        if key not in index.above:
            placed.extend(_tree(index, key, part))
    unique: dict[tuple[str, str, int], PlacedCommand] = {}
    for entry in placed:
        unique.setdefault((entry.name, entry.path, entry.command.line), entry)
    return tuple(sorted(unique.values(), key=lambda p: (p.name, p.path, p.command.line)))


def _absolute(reference: str, file: CommandFile, resolve: Resolve) -> str:
    module, mark, name = reference.rpartition("#")
    return f"{resolve(file.path, module)}#{name}" if mark else f"{file.module}#{name}"


def _index(files: list[CommandFile], resolve: Resolve) -> _Index:
    index = _Index()
    links: list[tuple[str, str, str]] = []
    aliases: dict[str, str] = {}
    for file in sorted(files, key=lambda f: f.path):
        aliases.update((f"{file.module}#{there}", f"{file.module}#{here}") for there, here in file.facts.export_aliases)
        for command in file.facts.commands:
            if command.id:
                index.commands.setdefault(_absolute(command.id, file, resolve), _Part(file, command))
        for option in file.facts.options:
            if option.owner:
                placed = PlacedOption(path=file.path, option=option)
                index.options.setdefault(_absolute(option.owner, file, resolve), []).append(placed)
        links.extend(
            (_absolute(link.parent, file, resolve), _absolute(link.child, file, resolve), link.name)
            for link in file.facts.command_links
        )
    for parent, child, word in links:
        index.below.setdefault(aliases.get(parent, parent), []).append((aliases.get(child, child), word))
    for start in index.below:
        index.above.update(key for key, _ in _reached(index, start))
    return index


def _reached(index: _Index, start: str) -> Iterator[tuple[str, str]]:
    """(command, word given by the parent) right below `start`, through functions that stand between."""
    seen = {start}
    frontier = [start]
    while frontier:
        following: list[str] = []
        for key in frontier:
            for child, word in index.below.get(key, ()):
                if child in seen:
                    continue
                seen.add(child)
                if child in index.commands:
                    yield child, word
                else:
                    following.append(child)
        frontier = following


def _own_options(index: _Index, start: str) -> list[PlacedOption]:
    """Options of a command, and of the functions that are handed it."""
    found = list(index.options.get(start, ()))
    seen = {start}
    frontier = [start]
    while frontier:
        key = frontier.pop()
        for child, _ in index.below.get(key, ()):
            if child not in seen and child not in index.commands:
                seen.add(child)
                frontier.append(child)
                found.extend(index.options.get(child, ()))
    return found


def _tree(index: _Index, key: str, part: _Part) -> Iterator[PlacedCommand]:
    """A command that nothing else adds, with all below it; it is a program if it is started or has commands below."""
    program = not part.command.name or bool(next(_reached(index, key), None))
    word = part.command.usage.split()[0] if part.command.usage else part.command.name
    # A command may be reached again below itself where links run in a circle.
    yield from _below(index, key, "" if program else part.command.name, word if program else "", (), {key})


def _below(
    index: _Index, key: str, name: str, program: str, inherited: tuple[PlacedOption, ...], seen: set[str]
) -> Iterator[PlacedCommand]:
    part = index.commands[key]
    own = _own_options(index, key)
    flags = {flag for placed in own for flag in placed.option.flags}
    taken = tuple(p for p in inherited if not flags.intersection(p.option.flags))
    yield PlacedCommand(
        name=name,
        path=part.file.path,
        command=part.command,
        options=(*own, *taken),
        program=program,
        rooted=bool(program) or not name,
    )
    handed = (
        *taken,
        *(
            PlacedOption(path=p.path, option=p.option, inherited_from=name or program)
            for p in own
            if p.option.inherited
        ),
    )
    for child, given in _reached(index, key):
        if child in seen or len(seen) > MAX_DEPTH:
            continue
        word = given or index.commands[child].command.name.rpartition(" ")[2]
        yield from _below(index, child, f"{name} {word}".strip(), program, handed, seen | {child})


def by_module(files: Mapping[str, tuple[str, BlobFacts]]) -> list[CommandFile]:
    """Path → (module, facts) as the input of `join_commands`, without files that have nothing to join."""
    return [
        CommandFile(path=path, module=module, facts=facts)
        for path, (module, facts) in sorted(files.items())
        if facts.commands or facts.options or facts.command_links
    ]
