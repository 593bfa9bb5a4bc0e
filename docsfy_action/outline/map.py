"""The repository map: what a model needs to know of a repository to plan its documentation, in a bounded text."""

from collections.abc import Iterable, Iterator, Sequence

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Role
from docsfy_action.facts.modules import Module, top_level

MAP_CHARACTERS = 14_000
_NAMES_SHOWN = 8
_LINE = 110
_LISTED = 40


def repository_map(code: CodeBase, *, limit: int = MAP_CHARACTERS) -> str:
    """Manifests, programs, modules by importance, settings, tasks and documents, at most `limit` characters.

    What did not fit is counted, never silently left out.
    """
    parts = [
        ("Packages", tuple(_manifests(code))),
        ("Programs and commands", tuple(_programs(code))),
        ("Modules, the most imported first", tuple(_modules(code))),
        ("Environment variables and settings", tuple(_wrapped(use.name for use in code.settings))),
        ("Tasks of the developers", tuple(_wrapped(f"{t.item.runner} {t.item.name}" for t in code.tasks))),
        ("Existing documents", tuple(_documents(code))),
        ("Examples", tuple(_wrapped(file.path for file in code.sources(Role.EXAMPLE)))),
    ]
    parts = [(title, lines) for title, lines in parts if lines]
    # Modules may use what the other parts leave; each of those gets an equal share at least.
    share = limit // (len(parts) + 3) if parts else limit
    shown: dict[str, str] = {}
    left = limit
    for title, lines in sorted(parts, key=lambda part: part[0].startswith("Modules")):
        room = left if title.startswith("Modules") else share
        shown[title] = _fitting(title, lines, room)
        left -= len(shown[title])
    return "\n\n".join(shown[title] for title, _ in parts)


def _fitting(title: str, lines: Sequence[str], room: int) -> str:
    taken = [f"## {title}"]
    used = len(taken[0])
    for index, line in enumerate(lines):
        if used + len(line) + 40 > room:
            taken.append(f"({len(lines) - index} more lines are not shown here)")
            break
        taken.append(line)
        used += len(line) + 1
    return "\n".join(taken)


def _manifests(code: CodeBase) -> Iterator[str]:
    for manifest in code.manifests:
        item = manifest.item
        about = f": {_first(item.description)}" if item.description else ""
        yield f"- {manifest.path}: {item.ecosystem} {item.name or '(without a name)'}{about}"


def _programs(code: CodeBase) -> Iterator[str]:
    for program in code.programs:
        yield f"- {program.name} ({program.path})"
        for command in program.subcommands:
            about = f": {_first(command.command.item.help)}" if command.command.item.help else ""
            yield f"  - {program.name} {command.name}{about}"


def _modules(code: CodeBase) -> Iterator[str]:
    rank = code.graph.rank
    modules = [module for module in code.table.modules if not module.tool]
    for module in sorted(modules, key=lambda m: (not m.public, -rank.get(m.name, 0.0), m.name)):
        yield _module(module, code)


def _module(module: Module, code: CodeBase) -> str:
    symbols = (symbol for path in module.files for symbol in top_level(code.files[path].facts.symbols))
    names = list(dict.fromkeys(symbol.name for symbol in symbols if symbol.public))
    more = f", {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    doc = next((code.files[path].facts.doc for path in module.files if code.files[path].facts.doc), "")
    where = module.primary if len(module.files) == 1 else f"{module.primary} and {len(module.files) - 1} more files"
    about = f": {_first(doc)}" if doc else ""
    defines = f" [{', '.join(names[:_NAMES_SHOWN])}{more}]" if names else ""
    return f"- {where}{about}{defines}"


def _documents(code: CodeBase) -> Iterator[str]:
    for path, file in sorted(code.files.items(), key=lambda item: (item[0].count("/"), item[0])):
        if file.role is Role.DOCUMENT:
            for document in file.facts.documents:
                yield f"- {path}: {_first(document.title)}"


def _wrapped(names: Iterable[str]) -> Iterator[str]:
    every = sorted(set(names))
    for start in range(0, len(every), _LISTED):
        yield ", ".join(every[start : start + _LISTED])


def _first(text: str) -> str:
    """The first line of a text, shortened."""
    line = " ".join(next(iter(text.strip().splitlines()), "").split())
    return f"{line[:_LINE]}…" if len(line) > _LINE else line
