"""Which public definitions users meet first: those that examples, documents and tests name most."""

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import CodeSample, Role, SymbolKind
from docsfy_action.facts.modules import Module
from docsfy_action.facts.roles import is_translation
from docsfy_action.facts.script_packages import split_specifier
from docsfy_action.facts.surface import Member

TOPICS = 6
# What is named so often says enough by its signature and its samples.
WELL_KNOWN = 12
# A dotted name with what stands around it: a decorator's sign, and the bracket of a call, maybe behind type arguments.
NAME = re.compile(r"(?P<sign>@?)(?<![\w.$])(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?P<call>(?:<[^<>\n()]*>)?\()?")
# Comments and strings: words in them are prose.
PROSE = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/\*.*?\*/|(?<![:\w])//[^\n]*|\#[^\n]*""",
    re.DOTALL,
)
TAKEN = re.compile(r"\bimport\s*(\([^)]*\)|[^\n(;]*)|\{([^{}]*)\}\s*=\s*require\b")
# How samples of scripts call the packages that they import as a whole, or by names in braces.
WHOLE = re.compile(
    r"""\bimport\s+(?:\*\s*as\s+)?(?P<name>\w+)\s+from\s*["'](?P<from>[^"'\n]+)["']"""
    r"""|\bimport\s*\{(?P<names>[^{}]*)\}\s*from\s*["'](?P<of>[^"'\n]+)["']"""
    r"""|\b(?P<called>\w+)\s*=\s*require\(["'](?P<required>[^"'\n]+)["']\)"""
)
ALIAS = re.compile(r"""\bas\s+(\w+)|\b(\w+)\s*=\s*require\(|\bimport\s+(\w+)\s+(?:from\b|["'])""")
# What stands in such a sample are words of programs and settings.
NO_CODE = frozenset(
    """sh bash shell zsh fish console shell-session shellsession sh-session terminal powershell ps1 pwsh bat batch cmd
    text txt plain plaintext none output log diff json jsonc json5 yaml yml toml ini cfg conf dotenv env xml html css
    dockerfile docker make makefile mermaid md markdown rst http sql""".split()
)
WORD = re.compile(r"[A-Za-z_]\w*")
TYPES = frozenset(
    {SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE, SymbolKind.NAMESPACE}
)
CALLABLE = (SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.STRUCT, SymbolKind.INTERFACE)


def popularity(code: CodeBase) -> Mapping[str, int]:
    """How often examples, documents and tests name something; the documents at the root count three times."""
    named: Counter[str] = Counter()
    modules = frozenset(part for module in code.table.modules for part in re.split(r"[./]", module.name))
    samples: list[tuple[CodeSample, int]] = []
    for file in code.files.values():
        if file.role in (Role.TEST, Role.EXAMPLE):
            for item in file.facts.imports:
                named.update(item.names)
        if not is_translation(file.path):
            weight = 3 if "/" not in file.path else 1
            samples.extend((sample, weight) for document in file.facts.documents for sample in document.samples)
    known = modules | _called(code, [sample for sample, _ in samples])
    for sample, weight in samples:
        for word in names_in(sample, known):
            named[word] += weight
    return named


def _called(code: CodeBase, samples: Iterable[CodeSample]) -> frozenset[str]:
    """Names under which samples import the project's own packages for scripts, as `z` in `import * as z from "zod"`:
    most samples do not repeat the import. A name in braces is one of these where no definition has it."""
    own = code.table.script_packages
    if not own:
        return frozenset()
    defined = {symbol.name for file in code.sources() for symbol in file.facts.symbols}
    found: set[str] = set()
    for sample in samples:
        for match in WHOLE.finditer(sample.text):
            source = match["from"] or match["of"] or match["required"]
            if split_specifier(source)[0] in own:
                listed = (match["names"] or "").replace("type ", "").split(",")
                taken = {name.rpartition(" as ")[2].strip() for name in listed} - defined
                found.update({match["name"] or "", match["called"] or "", *taken} - {""})
    return frozenset(found)


def names_in(sample: CodeSample, known: frozenset[str]) -> frozenset[str]:
    """Words of a sample that may name definitions: what is imported, called, decorates or is written like a type. What is
    taken from an object, as `run` in `client.run()`, is a member of it; what is taken from one of the modules that are
    `known`, or under a name that the sample imports something as, is a definition."""
    if sample.language.lower() in NO_CODE or sample.text.lstrip().startswith("$ "):
        return frozenset()
    aliases = known | {name for groups in ALIAS.findall(sample.text) for name in groups if name}
    text = PROSE.sub(" ", sample.text)
    found: set[str] = set()
    for groups in TAKEN.findall(text):
        found.update(WORD.findall(" ".join(groups)))
    for match in NAME.finditer(text):
        head, *rest = match["name"].split(".")
        if rest or match["sign"] or match["call"] or head[0].isupper():
            found.add(head)
        if head in aliases:
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
    """The definitions a guide should show, the most named first: named outside the code, and documented or well known."""
    named = popularity(code)
    started = _started(code)
    candidates = [
        member
        for members in code.surface.members.values()
        for member in members
        if member.symbol.item.kind in CALLABLE
        and named.get(member.name, 0) > 1
        and (member.symbol.item.doc or member.symbol.item.bases or named.get(member.name, 0) >= WELL_KNOWN)
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
