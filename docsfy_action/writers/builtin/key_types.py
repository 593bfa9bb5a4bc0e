"""Key types of the code: those of its own types that most of its signatures name."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Symbol
from docsfy_action.facts.modules import Located
from docsfy_action.facts.surface import is_type
from docsfy_action.writers.builtin.context import summary_of

# Names with what they are taken from: `*cobra.Command`, `t.Optional["Flask"]`, `$ZodType<Output>`.
NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRow:
    """A type with the number of signatures that name it."""

    path: str
    name: str
    mentions: int
    documented: bool
    summary: str


def key_types(code_base: CodeBase) -> tuple[TypeRow, ...]:
    """Types by how many signatures of the code name them, most named first. A name counts for the definition that it
    stands for where it is used: `context.Context` of the standard library is not the project's own `Context`."""
    surface = code_base.surface
    types: dict[tuple[str, str], Symbol] = {
        (file.path, symbol.name): symbol
        for file in code_base.sources()
        for symbol in file.facts.symbols
        if is_type(symbol) and "." not in symbol.name and not symbol.name.startswith("_")
    }
    known = {name for _, name in types}
    mentions: Counter[tuple[str, str]] = Counter()
    for file in code_base.sources():
        found: dict[str, tuple[str, str] | None] = {}
        for symbol in file.facts.symbols:
            named: set[tuple[str, str]] = set()
            for name in _names(symbol):
                if name not in found:
                    is_known = name.rpartition(".")[2] in known or "." not in name
                    definition = _definition(file.path, name, code_base) if is_known else None
                    found[name] = (definition.path, definition.item.name) if definition is not None else None
                if (place := found[name]) is not None:
                    named.add(place)
            mentions.update(named)
    rows = [
        TypeRow(
            path=path,
            name=name,
            mentions=mentions[path, name],
            documented=(path, name) in surface.homes,
            summary=summary_of(symbol.doc, code_base.files[path].language),
        )
        for (path, name), symbol in types.items()
        if mentions[path, name] > 1
    ]
    return tuple(sorted(rows, key=lambda row: (-row.mentions, row.name, row.path)))


def _definition(path: str, name: str, code_base: CodeBase) -> Located[Symbol] | None:
    """What `name` stands for in `path`, also where it is taken from a module under that module's own or another name."""
    surface = code_base.surface
    head, _, rest = name.partition(".")
    if (found := surface.lookup(path, name)) is not None or not rest:
        return found
    for item, target in surface.imported(path):
        if ("*", head) in item.aliases:
            return surface.resolve_export(target, rest)
        called = next((there for there, here in item.aliases if here == head), head)
        part = code_base.table.by_name.get(f"{target.name}.{called}") if called in item.names else None
        if part is not None:
            return surface.resolve_export(part, rest)
    return None


def _names(symbol: Symbol) -> Iterable[str]:
    text = " ".join((*(p.annotation for p in symbol.parameters), symbol.returns, *symbol.bases))
    return sorted(set(NAME.findall(text)))
