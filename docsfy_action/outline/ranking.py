"""Which public definitions users meet first: those that examples, documents and tests name most."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import CodeSample, Role, SymbolKind
from docsfy_action.facts.modules import Module
from docsfy_action.facts.surface import Member

TOPICS = 6
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
ALIAS = re.compile(r"""\bas\s+(\w+)|\b(\w+)\s*=\s*require\(|\bimport\s+(\w+)\s+(?:from\b|["'])""")
# What stands in such a sample are words of programs and settings.
NO_CODE = frozenset(
    """sh bash shell zsh fish console shell-session shellsession sh-session terminal powershell ps1 pwsh bat batch cmd
    text txt plain plaintext none output log diff json jsonc json5 yaml yml toml ini cfg conf dotenv env xml html css
    dockerfile docker make makefile mermaid md markdown rst http sql""".split()
)
TYPES = frozenset(
    {SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE, SymbolKind.NAMESPACE}
)
CALLABLE = (SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.STRUCT, SymbolKind.INTERFACE)


def popularity(code: CodeBase) -> Mapping[str, int]:
    """How often examples, documents and tests name something; the documents at the root count three times."""
    named: Counter[str] = Counter()
    modules = frozenset(part for module in code.table.modules for part in re.split(r"[./]", module.name))
    for file in code.files.values():
        if file.role in (Role.TEST, Role.EXAMPLE):
            for item in file.facts.imports:
                named.update(item.names)
        for document in file.facts.documents:
            weight = 3 if "/" not in file.path else 1
            for sample in document.samples:
                for word in names_in(sample, modules):
                    named[word] += weight
    return named


def names_in(sample: CodeSample, modules: frozenset[str]) -> frozenset[str]:
    """Words of a sample that may name definitions. What is taken from an object, as `run` in `client.run()`, is a member of
    it; what is taken from one of the `modules`, or under a name that the sample imports something as, is a definition."""
    if sample.language.lower() in NO_CODE or sample.text.lstrip().startswith("$ "):
        return frozenset()
    aliases = {name for groups in ALIAS.findall(sample.text) for name in groups if name}
    found: set[str] = set()
    for dotted in NAME.findall(sample.text):
        head, *rest = dotted.split(".")
        found.add(head)
        if head in modules or head in aliases:
            found.update(rest)
    return frozenset(found)


def _started(code: CodeBase) -> frozenset[tuple[str, str]]:
    """(path, name) of the functions that run commands: users meet them on the command line, not in code."""
    handlers = {(path, command.handler) for path, file in code.files.items() for command in file.facts.commands}
    entries = {
        (program.path, program.entry.item.target.partition(":")[2]) for program in code.programs if program.entry
    }
    return frozenset(handlers | entries)


def main_members(code: CodeBase) -> tuple[Member, ...]:
    """The definitions a guide should show, the most named first; they are documented and named outside the code."""
    named = popularity(code)
    started = _started(code)
    candidates = [
        member
        for members in code.surface.members.values()
        for member in members
        if member.symbol.item.kind in CALLABLE
        and named.get(member.name, 0) > 1
        and (member.symbol.item.doc or member.symbol.item.bases)
        and (member.symbol.path, member.symbol.item.name) not in started
    ]
    ranked = sorted(
        candidates,
        key=lambda member: (-named.get(member.name, 0), member.module.count("."), member.module, member.name),
    )
    unique: dict[str, Member] = {}
    for member in ranked:
        unique.setdefault(member.name, member)
    return tuple(unique.values())[:TOPICS]


def leading(members: Iterable[Member], named: Mapping[str, int]) -> tuple[Member, ...]:
    """Members in the order in which they say what a module is for: types, functions, then data, the most named first."""
    return tuple(sorted(members, key=lambda member: (_standing(member), -named.get(member.name, 0))))


def _standing(member: Member) -> int:
    kind = member.symbol.item.kind
    if member.name.startswith("_"):
        return 3
    return 0 if kind in TYPES else 1 if kind is SymbolKind.FUNCTION else 2


def main_modules(code: CodeBase) -> tuple[Module, ...]:
    """Modules with public definitions: first the packages at the top that gather what stands in other files, then those
    that the rest of the code leans on most."""
    members = code.surface.members
    rank = code.graph.rank
    shown = [module for module in code.table.modules if members.get(module.name)]
    folders = {posixpath.dirname(module.primary) for module in shown}

    def place(module: Module) -> tuple[bool, float, str]:
        return not gathers(module, members[module.name], folders), -round(rank.get(module.name, 0), 6), module.name

    return tuple(sorted(shown, key=place))


def gathers(module: Module, members: Sequence[Member], folders: Collection[str]) -> bool:
    """Whether a module is the front of a package: at least half of what it offers stands in other files, and no module
    is in a folder above."""
    folder = posixpath.dirname(module.primary)
    above = any(folder != other and (not other or folder.startswith(f"{other}/")) for other in folders)
    named = [member for member in members if _standing(member) < 2]
    return not above and bool(named) and 2 * sum(m.symbol.path not in module.files for m in named) >= len(named)


def shown_name(member: Member) -> str:
    """What to call a member: a default export has the name that it is defined by."""
    return member.symbol.item.name if member.name == "default" else member.name
