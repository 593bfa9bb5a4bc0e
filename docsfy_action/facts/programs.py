"""Programs and their commands: entry points of manifests joined with the command-line definitions that their code reaches."""

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docsfy_action.facts.command_tree import PlacedCommand, by_module, join_commands
from docsfy_action.facts.graph import ImportGraph
from docsfy_action.facts.model import Command, EntryPoint, Import, Option, Role, SourceFile
from docsfy_action.facts.modules import Located, Module, ModuleTable
from docsfy_action.facts.script_packages import BUILT_FOLDERS, script_candidates

# What developers run from these is none of the programs that the project offers, as long as it offers others.
TOOL_FOLDERS = frozenset({"script", "scripts", "hack", "tool", "tools", "_tools", "build", "ci", "dev"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCommand:
    """A command as the user types it after the program's name; `name` is empty for the program itself."""

    name: str
    command: Located[Command]
    options: tuple[Located[Option], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Something that can be started by `name`. `path` is the file it starts in; `entry` where a manifest declares it.

    `commands` holds the program itself first (where the code says anything about it), then its commands by name.
    """

    name: str
    path: str
    entry: Located[EntryPoint] | None = None
    commands: tuple[ProgramCommand, ...] = field(default=())

    @property
    def root(self) -> ProgramCommand | None:
        """The command that is the program itself."""
        return next((command for command in self.commands if not command.name), None)

    @property
    def subcommands(self) -> tuple[ProgramCommand, ...]:
        """All other commands that are not hidden."""
        return tuple(c for c in self.commands if c.name and not c.command.item.hidden)


def build_programs(files: Mapping[str, SourceFile], table: ModuleTable, graph: ImportGraph) -> tuple[Program, ...]:
    """All programs of the commit, by name."""
    starts = list(_starts(files, table))
    reach = {
        start.name: _distances(graph, table.by_file[start.path].name) for start in starts if start.path in table.by_file
    }
    modules = {
        path: (table.by_file[path].name if path in table.by_file else path, file.facts)
        for path, file in sorted(files.items())
        if file.role is Role.SOURCE
    }
    owned: dict[str, list[PlacedCommand]] = defaultdict(list)

    def resolve(path: str, written: str) -> str:
        found = table.resolve(path, Import(module=written, line=0))
        return found.name if found is not None else written

    for placed in join_commands(by_module(modules), resolve=resolve):
        # What the command line library calls the program wins over who is nearest: tools that print the documentation
        # of a program load its commands too.
        named = [start.name for start in starts if placed.program and placed.program == start.name]
        for name in named or _nearest(placed.path, starts, reach, table):
            owned[name].append(placed)
    return tuple(
        Program(
            name=start.name, path=start.path, entry=start.entry, commands=_commands(_function(start), owned[start.name])
        )
        for start in starts
    )


def _nearest(
    path: str, starts: Sequence[Program], reach: Mapping[str, Mapping[str, int]], table: ModuleTable
) -> list[str]:
    """The programs whose code reaches `path` in the fewest imports."""
    own = [start.name for start in starts if start.path == path]
    if own:
        return own
    module = table.by_file.get(path)
    found = [
        (reach[start.name][module.name], start.name)
        for start in starts
        if module is not None and module.name in reach.get(start.name, {})
    ]
    if found:
        return [name for distance, name in found if distance == min(found)[0]]
    return [starts[0].name] if len(starts) == 1 and module is not None and _loads(starts[0], module, table) else []


def _loads(start: Program, module: Module, table: ModuleTable) -> bool:
    """Whether a program may load a module that it does not import: plugins lie in the program's own package."""
    own = table.by_file.get(start.path)
    if own is None or module.tool or own.language == "go":
        return False
    if own.language == "python":
        return module.language == "python" and module.name.split(".")[0] == own.name.split(".")[0]
    return module.language != "python" and module.package == own.package


def _function(start: Program) -> str:
    return start.entry.item.target.partition(":")[2].strip() if start.entry is not None else ""


def _commands(function: str, placed_commands: Sequence[PlacedCommand]) -> tuple[ProgramCommand, ...]:
    """The program's commands, itself first. What the entry point calls is the program, whatever its own word is."""
    found: dict[str, ProgramCommand] = {}
    for placed in placed_commands:
        name = placed.name
        if function and placed.command.handler == function and " " not in name and not placed.command.parent:
            name = ""
        options = tuple(Located(path=o.path, item=o.option) for o in placed.options if not o.option.hidden)
        known = found.get(name)
        if known is None or (options and not known.options):
            command = Located(path=placed.path, item=placed.command)
            found[name] = ProgramCommand(name=name, command=command, options=options)
    return tuple(found[name] for name in sorted(found))


def _starts(files: Mapping[str, SourceFile], table: ModuleTable) -> Iterator[Program]:
    seen: set[str] = set()
    for path, file in sorted(files.items(), key=lambda item: (item[0].count("/"), item[0])):
        for entry in file.facts.entry_points:
            target = _target_file(path, entry, files, table)
            if target is not None and entry.name not in seen:
                seen.add(entry.name)
                yield Program(name=entry.name, path=target, entry=Located(path=path, item=entry))
    taken = {path for path, file in files.items() for entry in file.facts.entry_points} and seen
    mains = [
        (name, path)
        for path, file in sorted(files.items())
        if file.role is Role.SOURCE
        and file.facts.main
        and not (taken and file.language != "go")
        and (name := _main_name(path, file, table))
    ]
    offered = [(name, path) for name, path in mains if TOOL_FOLDERS.isdisjoint(path.split("/")[:-1])]
    for name, path in offered or (() if seen else mains):
        if name not in seen:
            seen.add(name)
            yield Program(name=name, path=path)


def _target_file(manifest: str, entry: EntryPoint, files: Mapping[str, SourceFile], table: ModuleTable) -> str | None:
    if ":" in entry.target or files[manifest].language in ("pyproject", "setup-cfg", "setup-py"):
        module = table.by_name.get(entry.target.partition(":")[0].strip())
        return module.primary if module is not None else None
    folder = posixpath.dirname(manifest)
    inside = entry.target.removeprefix("./")
    head, _, rest = inside.partition("/")
    for option in (inside, f"src/{rest}" if head in BUILT_FOLDERS and rest else "", rest):
        base = posixpath.join(folder, option) if option else ""
        for candidate in script_candidates(base) if base else ():
            if candidate in files:
                return candidate
    return None


def _main_name(path: str, file: SourceFile, table: ModuleTable) -> str:
    module = table.by_file.get(path)
    if file.language == "go" and file.facts.package == "main" and module is not None:
        parts = [part for part in module.name.split("/") if not (part[:1] == "v" and part[1:].isdigit())]
        return parts[-1]
    if file.language == "python" and (file.facts.commands or file.facts.options):
        if posixpath.basename(path) == "__main__.py" and module is not None:
            return f"python -m {module.name.removesuffix('.__main__')}"
        return f"python {path}"
    return ""


def _distances(graph: ImportGraph, start: str) -> Mapping[str, int]:
    distance = {start: 0}
    frontier = [start]
    while frontier:
        following: list[str] = []
        for name in frontier:
            for target in sorted(graph.running.get(name, ())):
                if target not in distance:
                    distance[target] = distance[name] + 1
                    following.append(target)
        frontier = following
    return distance
