"""Checks the claim of a bare code span against a commit."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from docsfy_action.facts.model import BlobFacts, Symbol, SymbolKind
from docsfy_action.repository.words import is_document
from docsfy_action.verify.evidence import Evidence
from docsfy_action.verify.names import Claim
from docsfy_action.verify.offers import package_name
from docsfy_action.verify.outcomes import PROVEN, Need, Outcome, joined, refuted, words

_OWNERS = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM})
_VERSION = re.compile(r"v\d+")
_MAJOR = re.compile(r"/v\d+$")
_STRING = re.compile(r"([\"'])(?:(?!\1)[^\\\n]){1,200}\1")
# In parts between dots.
_LONGEST_NAME = 20


class Scope:
    """A page's view of the commit: the files it cites are looked at first."""

    def __init__(self, evidence: Evidence, cited: Sequence[str]) -> None:
        self.evidence = evidence
        self.cited = tuple(dict.fromkeys(path for path in cited if path in evidence.files.paths))
        # Read one after the other, each once: a page may cite more than the evidence can remember.
        self._unread = iter([path for path in self.cited if not is_document(path)])
        self._words: set[str] = set()

    def says(self, word: str) -> bool:
        """Whether a file that the page cites holds a word; documents may speak of things that do not exist."""
        while word not in self._words:
            path = next(self._unread, None)
            if path is None:
                return False
            self._words |= self.evidence.words(path)
        return True

    def has_literal(self, text: str) -> bool:
        """Whether `text` is a string with its quotes and stands in a file that the page cites, character for character: what it
        says is then a text of the program's, whatever it looks like."""
        if _STRING.fullmatch(text) is None:
            return False
        data = text.encode("utf-8", "surrogateescape")
        return any(data in (self.evidence.read(path) or b"") for path in self.cited if not is_document(path))

    @cached_property
    def flags(self) -> frozenset[str]:
        """Flags that cited files define."""
        return frozenset(flag for facts in self._facts for option in facts.options for flag in option.flags)

    @cached_property
    def environment(self) -> frozenset[str]:
        """Environment variables and settings that cited files read."""
        names = {setting.name for facts in self._facts for setting in facts.settings}
        names |= {option.env for facts in self._facts for option in facts.options}
        names |= {name for facts in self._facts for setting in facts.settings for name in setting.env}
        return frozenset(names) | self.evidence.commands.environment

    @cached_property
    def symbols(self) -> dict[str, tuple[str, Symbol]]:
        """Definitions of cited files by qualified name, with their file."""
        found: dict[str, tuple[str, Symbol]] = {}
        for path in self.cited:
            facts = self.evidence.facts(path)
            for symbol in facts.symbols if facts is not None else ():
                found.setdefault(symbol.name, (path, symbol))
        return found

    @cached_property
    def aliases(self) -> frozenset[tuple[str, str]]:
        """(name there, name here) of what cited files import under another name."""
        return frozenset(pair for facts in self._facts for one in facts.imports for pair in one.aliases)

    def writes_through(self, module: str, name: str) -> bool:
        """Whether a cited file imports something as `module` and has the text `name` outside of comments."""
        return any(
            module in self._imported(path) and name in self.evidence.folded(path)
            for path in self.cited
            if not is_document(path)
        )

    def _imported(self, path: str) -> set[str]:
        facts = self.evidence.facts(path)
        imports = facts.imports if facts is not None else ()
        return {name for one in imports for name in (*one.names, *(here for _, here in one.aliases))}

    @cached_property
    def _facts(self) -> tuple[BlobFacts, ...]:
        found = (self.evidence.facts(path) for path in self.cited)
        return tuple(facts for facts in found if facts is not None)


def check_claim(claim: Claim, scope: Scope) -> Outcome:
    """The outcome of a claim."""
    if package_name(claim.text) in _packages(scope):
        return PROVEN
    match claim.kind:
        case "path":
            return check_path(claim, scope)
        case "pattern":
            return _check_pattern(claim, scope)
        case "flag":
            return joined([check_flag(word, scope) for (word,) in claim.words])
        case "environment":
            return _check_environment(claim.words[0][0], scope)
        case _:
            return joined([check_name(parts, scope) for parts in claim.words])


def check_path(claim: Claim, scope: Scope) -> Outcome:
    """A path: tracked as it stands or as the end of a tracked path, else a text that the commit knows."""
    path = claim.path.removeprefix("./").rstrip("/")
    files = scope.evidence.files
    if not path or files.holds(path) or files.ending(path):
        return PROVEN
    if path.startswith(".") and "/" not in path and files.with_suffix(path):
        return PROVEN
    if (go_package := check_go_package(path, scope)) is not None:
        return go_package
    if files.module(tuple(path.split("/"))) or files.module(tuple(path.split("."))):
        return PROVEN
    whole = words(claim.path, path)
    last = posixpath.basename(path)
    if "/" in path and files.ending(last):
        # The name exists elsewhere: words alone would call any folder for it right.
        return Outcome(needs=(whole,))
    parts = frozenset(word for (word,) in claim.words)
    dotted = _dotted_need(path) if "/" not in path else ()
    return Outcome(needs=((*whole, parts, *dotted) if parts else whole,))


def check_go_package(name: str, scope: Scope) -> Outcome | None:
    """A package below one of the commit's own Go modules; None for other names."""
    for module in sorted(scope.evidence.commands.go_modules, key=len, reverse=True):
        if name == module or name.startswith(f"{module}/"):
            inside = name[len(module) + 1 :]
            known = not inside or _VERSION.fullmatch(inside) is not None or _holds_package(module, inside, scope)
            return PROVEN if known else refuted(f"There is no package `{name}`.")
    return None


def _holds_package(module: str, inside: str, scope: Scope) -> bool:
    files = scope.evidence.files
    # A module below the root lies in a folder of its own name.
    home = posixpath.basename(_MAJOR.sub("", module))
    return files.holds(inside) or bool(files.ending(f"{home}/{inside}"))


def _dotted_need(path: str) -> Need:
    parts = path.split(".")
    return (frozenset(parts),) if all(part.isidentifier() for part in parts) else ()


def _check_pattern(claim: Claim, scope: Scope) -> Outcome:
    # Brackets may be part of a name: `app/[slug]/page.tsx`.
    if scope.evidence.files.holds(claim.text) or scope.evidence.files.match(claim.path):
        return PROVEN
    if "/" not in claim.path and claim.path.startswith("*."):
        return Outcome(needs=(words(claim.path, claim.path[1:]),))
    return Outcome(needs=((*words(claim.path), frozenset(word for (word,) in claim.words)),))


def check_flag(flag: str, scope: Scope) -> Outcome:
    """A command-line flag: defined by a cited file, else written somewhere as a flag or as the name that makes one."""
    if scope.says(flag) or flag in scope.flags:
        return PROVEN
    name = flag.lstrip("-")
    positive = name.removeprefix("no-")
    if flag.startswith("--no-") and f"--{positive}" in scope.flags:
        return PROVEN
    forms = [flag, f'"{name}"', f"'{name}'"]
    if "-" in name:
        first, *rest = name.split("-")
        forms += [name.replace("-", "_"), first + "".join(map(str.capitalize, rest))]
        forms.append("".join(map(str.capitalize, [first, *rest])))
    if positive != name:
        forms += [f"--{positive}", positive.replace("-", "_")] if "-" in positive else [f"--{positive}"]
    return Outcome(needs=(words(*forms),))


def _check_environment(name: str, scope: Scope) -> Outcome:
    if scope.says(name) or name in scope.environment:
        return PROVEN
    return Outcome(needs=(words(name),))


def check_name(parts: tuple[str, ...], scope: Scope) -> Outcome:
    """A name, dotted or not."""
    if len(parts) > _LONGEST_NAME:
        return refuted("No name is that long.")
    if len(parts) > 1:
        return _check_dotted(parts, scope)
    word = parts[0]
    commands = scope.evidence.commands
    known = (
        word in commands.programs
        or package_name(word) in _packages(scope)
        or commands.has_task(word)
        or word in commands.services
        or scope.evidence.files.holds(word)
        or bool(scope.evidence.files.module((word,)))
    )
    if known:
        return PROVEN
    if word.startswith("-"):
        return check_flag(word, scope)
    if scope.says(word):
        return PROVEN
    alternatives = [word]
    if word.isupper() and len(word) > 1:
        alternatives.append(word.lower())
    return Outcome(needs=(words(*alternatives),))


def _packages(scope: Scope) -> frozenset[str]:
    return scope.evidence.commands.packages | scope.evidence.commands.dependencies


def _check_dotted(parts: tuple[str, ...], scope: Scope) -> Outcome:
    name = ".".join(parts)
    if name in scope.symbols or scope.evidence.files.module(parts):
        return PROVEN
    for outcome in (_as_member_of_module(parts, scope), _as_member(parts, scope)):
        if outcome is not None:
            return outcome
    return joined([check_name((part,), scope) for part in parts if part not in ("self", "cls", "this")])


def _as_member_of_module(parts: tuple[str, ...], scope: Scope) -> Outcome | None:
    """`pkg.mod.name`, where the module is the commit's own."""
    for size in range(len(parts) - 1, 0, -1):
        modules = [path for path in scope.evidence.files.module(parts[:size]) if path in scope.evidence.files.paths]
        if not modules:
            continue
        rest = ".".join(parts[size:])
        if any(rest in scope.evidence.definitions(path) for path in modules):
            return PROVEN
        if size == 1 and not _is_package(parts[0], scope):
            return None
        offering = [*modules, *_taken_whole(modules, scope)]
        if any(all(part in scope.evidence.words(path) for part in parts[size:]) for path in offering):
            return PROVEN
        return refuted(f"`{'.'.join(parts[:size])}` has no `{rest}`.")
    return None


def _taken_whole(modules: Iterable[str], scope: Scope) -> Iterator[str]:
    """Files whose names these modules offer as their own, by `from module import *`."""
    seen = set(modules)
    pending = sorted(seen)
    while pending:
        path = pending.pop()
        facts = scope.evidence.facts(path)
        for one in facts.imports if facts is not None and path.endswith((".py", ".pyi")) else ():
            found = _modules_of(one.module, path, scope) if "*" in one.names else ()
            for target in found:
                if target not in seen and target in scope.evidence.files.paths:
                    seen.add(target)
                    pending.append(target)
                    yield target


def _modules_of(module: str, path: str, scope: Scope) -> tuple[str, ...]:
    """The files of a Python module as an import in the file `path` names it."""
    name = module.lstrip(".")
    level = len(module) - len(name)
    # One dot is the file's own folder, each further one the folder above.
    folder = path.split("/")[:-level] if level else []
    parts = (*folder, *filter(None, name.split(".")))
    return scope.evidence.files.module(parts) if parts else ()


def _is_package(name: str, scope: Scope) -> bool:
    return package_name(name) in scope.evidence.commands.packages


def _as_member(parts: tuple[str, ...], scope: Scope) -> Outcome | None:
    """`Owner.member`, where a cited file defines the owner."""
    for split in range(len(parts) - 1, 0, -1):
        owner, member = ".".join(parts[:split]), parts[split]
        found = scope.symbols.get(owner)
        if found is None or found[1].kind not in _OWNERS:
            continue
        path, symbol = found
        if member in _words_inside(path, symbol, scope):
            return PROVEN
        inherited = list(_inherited(symbol, scope))
        if any(f"{base}.{member}" in scope.symbols for base in inherited):
            return PROVEN
        if symbol.bases:
            return check_name((member,), scope)
        return refuted(f"`{owner}` has no `{member}`.")
    return None


def _inherited(symbol: Symbol, scope: Scope) -> Iterator[str]:
    seen = {symbol.name}
    queue = list(symbol.bases)
    while queue:
        base = re.split(r"[\[(<]", queue.pop())[0].rpartition(".")[2].strip()
        if base and base not in seen:
            seen.add(base)
            yield base
            if base in scope.symbols:
                queue.extend(scope.symbols[base][1].bases)


def _words_inside(path: str, symbol: Symbol, scope: Scope) -> frozenset[str]:
    data = scope.evidence.read(path) or b""
    lines = data.decode("utf-8", "replace").split("\n")[symbol.span.start - 1 : symbol.span.end]
    return frozenset(re.findall(r"\w+", "\n".join(lines)))
