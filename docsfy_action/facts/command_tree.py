"""Commands of many files as one tree: what files say about their own parts, joined by the links between them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

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
    started: set[str] = field(default_factory=set)


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
    for key, program in _tops(index):
        placed.extend(_tree(index, key, _top(index, key, program=program)))
    unique: dict[tuple[str, str, int], PlacedCommand] = {}
    for entry in placed:
        unique.setdefault((entry.name, entry.path, entry.command.line), entry)
    return tuple(sorted(unique.values(), key=lambda p: (p.name, p.path, p.command.line)))


def _absolute(reference: str, file: CommandFile, resolve: Resolve) -> str:
    if not reference:
        return ""
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
        found = {key for key, _ in _reached(index, start)}
        if start:
            index.above |= found
        else:
            index.started = found
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


def _tops(index: _Index) -> Iterator[tuple[str, bool]]:
    """(command, whether it is a program) of each tree: what is started, then what nothing adds, then circles."""
    started = [key for key in sorted(index.commands) if key in index.started or not index.commands[key].command.name]
    loose = [key for key in sorted(index.commands) if key not in index.above and key not in started]
    if not started:
        # The one command that has others below it is the program, by whatever way it is started.
        grown = [key for key in loose if next(_reached(index, key), None) is not None]
        started = grown if len(grown) == 1 else []
    seen: set[str] = set()
    for key in dict.fromkeys((*started, *loose, *sorted(index.commands))):
        if key not in seen:
            yield key, key in started
            seen |= _all_below(index, key)


def _all_below(index: _Index, start: str) -> set[str]:
    found = {start}
    frontier = [start]
    while frontier:
        below = {child for child, _ in _reached(index, frontier.pop())} - found
        found |= below
        frontier.extend(below)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in the tree a command stands: its name, what it inherits, and the commands above it."""

    name: str
    program: str
    rooted: bool
    inherited: tuple[PlacedOption, ...] = ()
    above: frozenset[str] = frozenset()


def _top(index: _Index, key: str, *, program: bool) -> _Place:
    """The place of a command that nothing else adds."""
    command = index.commands[key].command
    if not program:
        return _Place(name=command.name, program="", rooted=False)
    return _Place(name="", program=command.usage.split()[0] if command.usage else command.name, rooted=True)


def _tree(index: _Index, key: str, place: _Place) -> Iterator[PlacedCommand]:
    """A command at its place, and all commands below it."""
    part = index.commands[key]
    own = _own_options(index, key)
    flags = {flag for placed in own for flag in placed.option.flags}
    taken = tuple(p for p in place.inherited if not flags.intersection(p.option.flags))
    yield PlacedCommand(
        name=place.name,
        path=part.file.path,
        command=part.command,
        options=(*own, *taken),
        program=place.program,
        rooted=place.rooted,
    )
    here = place.name or place.program
    handed_on = (replace(p, inherited_from=here) for p in own if p.option.inherited)
    below = replace(place, inherited=(*taken, *handed_on), above=place.above | {key})
    for child, given in _reached(index, key):
        # Links may run in a circle.
        if child not in below.above and len(below.above) <= MAX_DEPTH:
            word = given or index.commands[child].command.name.rpartition(" ")[2]
            yield from _tree(index, child, replace(below, name=f"{place.name} {word}".strip()))


def by_module(files: Mapping[str, tuple[str, BlobFacts]]) -> list[CommandFile]:
    """Path → (module, facts) as the input of `join_commands`, without files that have nothing to join."""
    return [
        CommandFile(path=path, module=module, facts=facts)
        for path, (module, facts) in sorted(files.items())
        if facts.commands or facts.options or facts.command_links
    ]
