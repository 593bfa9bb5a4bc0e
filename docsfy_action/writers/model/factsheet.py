"""The facts of a page's sources as a compact text: what matters most first, bounded, and with a count of what was left out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.docstrings import parse_doc
from docsfy_action.facts.model import BlobFacts, Document, Option, Role, SourceFile, Symbol
from docsfy_action.writers.builtin.prose import first_sentence

FACT_CHARACTERS = 24_000
_MOST_FILES = 300
_SIGNATURE = 300
_DOC = 240
_SAMPLE = 1_500
_SECTION = 700
_MOST_SAMPLES = 6
_NAME = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"[\w$]+")
_ROLES = (Role.SOURCE, Role.DOCUMENT, Role.CONFIG, Role.EXAMPLE, Role.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line or two of the sheet. Items of a lower `rank` are left out last; `order` is their place in a file."""

    rank: int
    path: str
    text: str


def fact_sheet(
    code: CodeBase, sources: Sequence[str], *, limit: int = FACT_CHARACTERS, names: AbstractSet[str] | None = None
) -> str:
    """Signatures, first sentences, options, settings, tasks, packages and samples of these paths (folders end in `/`), or of
    the whole project where none is given; at most about `limit` characters. `names`: only facts whose name ends in one of these
    words, and those of packages themselves."""
    files = list(source_files(code, sources)) or list(source_files(code, ()))
    items = [item for file in files[:_MOST_FILES] for item in _items(file) if names is None or _is_named(item, names)]
    kept: set[int] = set()
    used = 0
    for at in sorted(range(len(items)), key=lambda at: (items[at].rank, at)):
        size = len(items[at].text) + 1
        if used + size <= limit:
            kept.add(at)
            used += size
    lines: list[str] = []
    path = ""
    for at in sorted(kept):
        if items[at].path != path:
            path = items[at].path
            lines += ["", _head(code.files[path])]
        lines.append(items[at].text)
    missing = len(items) - len(kept) + sum(1 for _ in files[_MOST_FILES:])
    if missing:
        lines += ["", f"({missing} more facts of these files are left out here.)"]
    return "\n".join(lines).strip("\n")


def _is_named(item: _Item, names: AbstractSet[str]) -> bool:
    name = _NAME.search(item.text)
    if item.rank == 0:  # what the package is: nobody spells its whole name in running text
        return True
    return name is not None and not names.isdisjoint(_WORD.findall(name[1])[-1:])


def source_files(code: CodeBase, sources: Sequence[str]) -> Iterator[SourceFile]:
    """The documented files that sources name, in the order in which they are named; without sources, those that tell most about
    the project as a whole."""
    seen: set[str] = set()
    for path in _paths(code, sources) if sources else _telling(code):
        file = code.files.get(path)
        if file is not None and path not in seen and file.role in _ROLES:
            seen.add(path)
            yield file


def _paths(code: CodeBase, sources: Sequence[str]) -> Iterator[str]:
    rank = code.graph.rank
    names = {path: module.name for path, module in code.table.by_file.items()}
    for source in sources:
        if source in code.files:
            yield source
            continue
        folder = f"{source.rstrip('/')}/" if source.strip("./") else ""
        inside = (path for path in code.files if path.startswith(folder))
        yield from sorted(inside, key=lambda path: (-rank.get(names.get(path, ""), 0.0), path))


def _telling(code: CodeBase) -> Iterator[str]:
    main = code.main_manifest
    if main is not None:
        yield main.path
    if code.readme is not None:
        yield code.readme.path
    yield from (program.path for program in code.programs)
    rank = code.graph.rank
    public = (module for module in code.table.modules if module.public)
    for module in sorted(public, key=lambda module: (-rank.get(module.name, 0.0), module.name)):
        yield from module.files
    yield from (task.path for task in code.tasks)


def _head(file: SourceFile) -> str:
    language = f"{file.language}, " if file.language else ""
    return f"### {file.path} ({language}{file.facts.lines} lines)"


def _items(file: SourceFile) -> Iterator[_Item]:
    for rank, text in _texts(file.facts, file.language):
        yield _Item(rank=rank, path=file.path, text=text)


def _texts(facts: BlobFacts, language: str) -> Iterator[tuple[int, str]]:
    if facts.doc:
        yield 1, _cut(_first(facts.doc, language), _DOC)
    yield from _manifest(facts)
    for command in facts.commands:
        yield 1, f"- command `{command.name or '(the program itself)'}`{_about(command.help)}"
    for option in facts.options:
        yield 2, _option(option)
    for setting in facts.settings:
        parts = (
            f"default {setting.default}" if setting.default else "",
            setting.type,
            "required" if setting.required else "",
        )
        owner = f"{setting.owner}." if setting.owner else ""
        yield 2, f"- {setting.kind.value} `{owner}{setting.name}`{_details(parts)}{_about(setting.doc)}"
    for symbol in facts.symbols:
        yield _rank(symbol), _symbol(symbol, language)
    for document in facts.documents:
        yield from _document(document)


def _manifest(facts: BlobFacts) -> Iterator[tuple[int, str]]:
    for manifest in facts.manifests:
        requires = f"needs {manifest.requires}" if manifest.requires else ""
        details = _details((manifest.ecosystem, f"version {manifest.version}" if manifest.version else "", requires))
        yield 0, f"- package `{manifest.name}`{details}{_about(manifest.description)}"
    for entry in facts.entry_points:
        yield 0, f"- program `{entry.name}` starts `{entry.target}`"
    for dependency in facts.dependencies:
        yield 3, f"- depends on `{dependency.name}`{_details((dependency.constraint, dependency.group))}"
    for task in facts.tasks:
        runs = f" runs `{_cut('; '.join(task.run), _DOC)}`" if task.run else ""
        yield 2, f"- {task.runner} task `{task.name}`{runs}{_about(task.doc)}"
    for one in facts.action_inputs:
        default = f"default {one.default}" if one.default else ""
        yield 1, f"- {'output' if one.output else 'input'} `{one.name}`{_details((default,))}{_about(one.description)}"
    for container in facts.containers:
        details = _details(
            (
                f"from {container.base}" if container.base else "",
                f"ports {' '.join(container.ports)}" if container.ports else "",
            )
        )
        yield 2, f"- {container.kind} `{container.name}`{details}"
    for workflow in facts.workflows:
        events = ", ".join(event for event, _ in workflow.triggers)
        yield 3, f"- workflow `{workflow.name}` on {events}: jobs {', '.join(job.id for job in workflow.jobs)}"


def _option(option: Option) -> str:
    name = ", ".join(option.flags) or option.name
    parts = (
        f"of {option.command}" if option.command else "",
        "argument" if not option.flags else "",
        option.type,
        f"default {option.default}" if option.default else "",
        f"one of {', '.join(option.choices)}" if option.choices else "",
        f"variable {option.env}" if option.env else "",
        "required" if option.required else "",
    )
    return f"- option `{name}`{_details(parts)}{_about(option.help)}"


def _rank(symbol: Symbol) -> int:
    nested = "." in symbol.name
    return (2 if nested else 1) if symbol.public else (5 if nested else 4)


def _symbol(symbol: Symbol, language: str) -> str:
    about = _about(_first(symbol.doc, language)) if symbol.doc else ""
    signature = " ".join(symbol.signature.split())
    shown = f": `{_cut(signature, _SIGNATURE)}`" if signature != symbol.name.rpartition(".")[2] else ""
    return f"- `{symbol.name}`{shown}{about}"


def _document(document: Document) -> Iterator[tuple[int, str]]:
    if document.lead:
        yield 1, _cut(document.lead, _SECTION)
    for sample in document.samples[:_MOST_SAMPLES]:
        if len(sample.text) <= _SAMPLE:
            under = f" under “{sample.heading}”" if sample.heading else ""
            yield 2, f"Sample{under}:\n~~~{sample.language}\n{sample.text}\n~~~"
    for heading, body in document.sections:
        if body.strip():
            yield 4, f"Section “{heading}”: {_cut(' '.join(body.split()), _SECTION)}"


def _first(doc: str, language: str) -> str:
    return " ".join(first_sentence(parse_doc(doc, language).summary).split())


def _about(text: str) -> str:
    text = " ".join(text.split())
    return f": {_cut(text, _DOC)}" if text else ""


def _details(parts: Iterable[str]) -> str:
    said = [part for part in parts if part]
    return f" ({', '.join(said)})" if said else ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
