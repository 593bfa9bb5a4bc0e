"""What a page stands on: every name on it, looked up in the facts of a commit, as facets whose change makes it stale.

The record of a page that a model wrote keeps these; the same page grounded in a later commit shows what has changed for it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from docsfy_action.facts.codebase import CodeBase
from docsfy_action.facts.model import Option, Setting, Symbol
from docsfy_action.verify.citations import Citation
from docsfy_action.verify.common_words import COMMON
from docsfy_action.verify.diagrams import parse_diagram
from docsfy_action.verify.factindex import Fact, FactIndex, digest
from docsfy_action.verify.lines import Lines
from docsfy_action.verify.names import Claim, is_value, read_claim
from docsfy_action.verify.said import Said
from docsfy_action.verify.shell import SHELL_LANGUAGES, command_lines, simple_commands

# Of so many facts with the same name each gets a key of its own; more share one.
_FEW = 8
# Bodies are part of what a page stands on where the name leaves little doubt whose they are.
_CLEAR = 3
_MOST_LINES = 40
_JOINT = re.compile(r"\.|::|\?\.|#")
_CODE_NAME = re.compile(r"(?<![\w$-])--?[A-Za-z][\w-]*|[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*")
_KEYWORD = re.compile(r"\b([A-Za-z_]\w*)\s*[=:](?!=)")
_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_REQUIREMENT = re.compile(r"[@A-Za-z0-9][\w./@-]*")

Facets = Mapping[str, Mapping[str, str]]


class Grounds:
    """A commit that pages are grounded in. `read` gives a tracked file's bytes. What was looked up once is remembered."""

    def __init__(self, code: CodeBase, read: Callable[[str], bytes | None]) -> None:
        self.code = code
        self.read = read
        self.index = FactIndex(code=code)
        self.lines = Lines(code.files, read)


def ground(markdown: str, grounds: Grounds, *, opened: Collection[str] = ()) -> Facets:
    """Facet hashes of all facts that a page names, keyed as in `plan.provenance`; pure and complete over the page's names.

    `opened` are files that the writer looked at as a whole. Names without facts are held by the lines that they stand in.
    """
    page = Said(markdown)
    walk = _Walk(grounds=grounds, cited=frozenset(one.path for one in page.citations))
    for cited in page.citations:
        walk.citation(cited)
    for path in opened:
        walk.file(path)
    for text in page.spans:
        walk.span(text)
    walk.passing = True
    for language, text in page.fences:
        walk.fence(language, text)
    for name in page.prose:
        walk.name(tuple(_JOINT.split(name)), strict=False)
    return walk.facets()


def files_of(facets: Facets) -> tuple[str, ...]:
    """The files that a page stands on as a whole, cited or opened: what to hand on as `opened` when it is grounded again."""
    return tuple(key.removeprefix("file ").removesuffix("#") for key in facets if key.startswith("file "))


@dataclass(kw_only=True)
class _Walk:
    """Collects facets. Hashes of several facts with the same key are kept side by side until the end. What is named in
    `passing`, in code or running text, is used and not described: what its definition does is no matter there."""

    grounds: Grounds
    cited: frozenset[str]
    passing: bool = False
    _found: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def facets(self) -> Facets:
        """All that was collected, by key."""
        return {
            key: {name: self._joined(hashes) for name, hashes in sorted(facets.items())}
            for key, facets in sorted(self._found.items())
        }

    def _joined(self, hashes: Collection[str]) -> str:
        return next(iter(hashes)) if len(hashes) == 1 else digest(sorted(hashes))

    def _add(self, key: str, facet: str, value: str) -> None:
        self._found.setdefault(key, {}).setdefault(facet, set()).add(value)

    # What is cited

    def citation(self, cited: Citation) -> None:
        """A link into the repository: a definition, a line, a file or a folder."""
        if cited.symbol:
            symbols = self.grounds.index.symbols(cited.path, cited.symbol)
            for symbol in symbols:
                self._fact(symbol, whole=True)
                self._add(self.grounds.index.facets(symbol)[0], "body", symbol.item.body)
            if not symbols:
                self._add(f"symbol {cited.path}#{cited.symbol}", "content", "absent")
            self._known(tuple(_JOINT.split(cited.symbol)))
        elif cited.literal:
            self._literal(cited)
        elif cited.folder:
            inside = f"{cited.path}/" if cited.path else ""
            names = {
                path[len(inside) :].partition("/")[0] for path in self.grounds.code.files if path.startswith(inside)
            }
            self._add(f"folder {cited.path}#", "content", digest(sorted(names)))
        else:
            self.file(cited.path)

    def file(self, path: str) -> None:
        """A file as a whole."""
        file = self.grounds.code.files.get(path)
        self._add(f"file {path}#", "content", file.blob if file is not None else self._unknown(path))

    def _unknown(self, path: str) -> str:
        """A file that is left out of the documented ones is looked at itself."""
        data = self.grounds.read(path)
        return "absent" if data is None else digest([data.decode("utf-8", "surrogateescape")])

    def _literal(self, cited: Citation) -> None:
        data = (self.grounds.read(cited.path) or b"").decode("utf-8", "surrogateescape")
        lines = dict.fromkeys(
            data[data.rfind("\n", 0, at) + 1 : _line_end(data, at + len(cited.literal))].strip()
            for at in _occurrences(cited.literal, data)
        )
        self._add(f"literal {cited.path}#{cited.literal}", "content", digest(lines) if lines else "absent")
        for name in _names_in(cited.literal):
            facts = (*self.grounds.index.named(name), *self.grounds.index.package(name))
            for fact in facts:
                if fact.path == cited.path:
                    self._fact(fact, whole=True)

    # What is named

    def span(self, text: str) -> None:
        """A code span."""
        text = " ".join(text.split())
        if not text:
            return
        if text in self.grounds.code.files or self.grounds.index.files.holds(text.removeprefix("./").rstrip("/")):
            self._path(text)
            if "/" not in text and "." not in text:
                # `api` is a folder here, and may be a function just as well.
                self._known((text,), parameters=False)
            return
        bare = text.strip("\"'")
        if is_value(text) or bare != text:
            self._value(bare)
        named = self._facts_of((text,)) if " " not in text else ()
        claim = read_claim(text)
        if named:
            self._facts(text, named)
        elif claim is not None:
            self._claim(claim)
        if " " in text:
            self._command(text)

    def _claim(self, claim: Claim) -> None:
        if claim.kind in ("path", "pattern"):
            if not self._known((claim.text,)):
                self._path(claim.path)
        else:
            for parts in claim.words:
                self.name(parts)

    def name(self, parts: tuple[str, ...], *, strict: bool = True) -> None:
        """A name: by its facts as a whole, else part by part; where `strict`, by the lines that it stands in if it has none."""
        if self._known(parts):
            return
        for part in parts:
            known = len(parts) > 1 and (part in COMMON or self._known((part,)))
            if strict and part and not known:
                self._word(part)

    def _known(self, parts: tuple[str, ...], *, parameters: bool = True) -> bool:
        """Take in the facts of a name, if there are any."""
        facts = self._facts_of(parts)
        self._facts(".".join(parts), facts)
        module = self._module(parts)
        taken = parameters and len(parts) == 1 and parts[0] not in COMMON and self._parameter(parts[0])
        return bool(facts) or module or taken

    def _parameter(self, name: str) -> bool:
        taking = self.grounds.index.taking(name)
        if len(taking) > _FEW:
            # A name that half of the code uses: what the page is about is near, or nobody can tell.
            taking = tuple(one for one in taking if one.path in self.cited) or taking
        if taking:
            hashes = sorted(self.grounds.index.facets(symbol)[1]["api"] for symbol in taking)
            self._add(f"parameter #{name}", "content", digest(hashes))
        return bool(taking)

    def _module(self, parts: tuple[str, ...]) -> bool:
        if not all(parts):
            return False
        found = self.grounds.index.files.module(parts)
        if found:
            self._add(f"path #{'.'.join(parts)}", "content", digest(found))
        return bool(found)

    def _facts_of(self, parts: tuple[str, ...]) -> tuple[Fact, ...]:
        index = self.grounds.index
        if len(parts) == 1:
            word = parts[0].partition("(")[0].lstrip("@") or parts[0]
            found = (*index.named(word), *index.package(word))
            if not found and word.startswith("--no-"):
                found = index.named(f"--{word[5:]}")
            return found
        return tuple(fact for fact in index.named(parts[-1]) if _is_called(fact, parts))

    def _facts(self, name: str, facts: Collection[Fact]) -> None:
        if len(facts) > _FEW:
            hashes = [self.grounds.index.facets(fact) for fact in facts]
            self._add(
                f"names #{name}", "content", digest(sorted(f"{key} {sorted(hash_.items())}" for key, hash_ in hashes))
            )
        for fact in facts:
            near = fact.path in self.cited
            if near or len(facts) <= _FEW:
                self._fact(fact, whole=not self.passing and (near or len(facts) <= _CLEAR))

    def _fact(self, fact: Fact, *, whole: bool) -> None:
        """One fact; `whole` with what its definition does, or has: the members of a type do the rest by their own names."""
        key, hashes = self.grounds.index.facets(fact)
        for name, value in hashes.items():
            self._add(key, name, value)
        if whole and isinstance(fact.item, Symbol):
            members = self.grounds.index.members(fact)
            if members:
                self._add(key, "members", members)
            else:
                self._add(key, "body", fact.item.body)

    def _path(self, path: str) -> None:
        """A path or pattern that is named in passing: whether, and as what, it is there."""
        bare = path.removeprefix("./").rstrip("/")
        files = self.grounds.index.files
        found: tuple[str, ...] = (bare,) if files.holds(bare) else files.ending(bare) if bare else ()
        if not found and any(mark in path for mark in "*?["):
            found = (files.match(path),)
        if not found:
            found = files.module(tuple(bare.split("/"))) if bare else ()
        if any(found):
            self._add(f"path #{path}", "content", digest(found))
        else:
            self._word(bare)

    def _value(self, value: str) -> None:
        """A value: what in the cited files and manifests has it."""
        if len(value) < 2 or value in COMMON:
            return
        owners = self.grounds.index.valued(value)
        near = [f"{path} {name}" for path, name in owners if path in self.cited or name.startswith("manifest ")]
        if near:
            self._add(f"value #{value}", "content", digest(near))

    def _word(self, word: str) -> None:
        """A name that no fact knows: the lines that it stands in, in the files that the page cites where there are many."""
        forms = [word]
        if word.startswith("-") and (bare := word.lstrip("-")):
            forms += [bare.replace("-", "_")] if "-" in bare else [f'"{bare}"', f"'{bare}'"]
        found: dict[str, tuple[str, ...]] = {}
        for form in forms:
            for path, held in self.grounds.lines.of(form).items():
                found[path] = (*found.get(path, ()), *held)
        if sum(map(len, found.values())) > _MOST_LINES:
            found = {path: held for path, held in found.items() if path in self.cited}
            self._add(f"word #{word}", "frequent", "1")
        lines = sorted({line for held in found.values() for line in held})
        self._add(f"word #{word}", "content", digest(lines) if lines else "absent")

    # What is shown

    def fence(self, language: str, text: str) -> None:
        """A code block: commands, a diagram, or code."""
        if language in SHELL_LANGUAGES:
            for line in command_lines(text):
                self._command(line.text)
                self._line(line.text)
        elif language == "mermaid":
            diagram = parse_diagram(text)
            labels = [one.label for one in diagram.nodes] + [one.label for one in diagram.groups] if diagram else []
            for label in labels:
                self.span(label)
        else:
            self._code(text)

    def _line(self, line: str) -> None:
        for fact in self.grounds.index.running(line):
            self._fact(fact, whole=True)
        held = self.grounds.lines.holding(line)
        if held:
            self._add(f"line #{line}", "content", digest(held))

    def _command(self, line: str) -> None:
        for command in simple_commands(line.removeprefix("$ ")) or ():
            for word in command:
                self._argument(word)

    def _argument(self, word: str) -> None:
        """A word of a command: a flag or variable, else a command, task, package or path, if there is one of that name."""
        head, equals, value = word.partition("=")
        if head.startswith("-") or (equals and _ENVIRONMENT.fullmatch(head) is not None):
            self.name((head,))
        elif not self._known((word,), parameters=False):
            bare = word.removeprefix("./").rstrip("/")
            package = _REQUIREMENT.match(word)
            if bare and self.grounds.index.files.holds(bare):
                self._path(bare)
            elif package is not None:
                self._known((package.group().partition("@")[0] or package.group(),), parameters=False)
        if equals and value:
            self._value(value)

    def _code(self, text: str) -> None:
        """Names in code: those that facts know; local ones are the page's own."""
        for name in dict.fromkeys(_CODE_NAME.findall(text)):
            parts = tuple(part for part in _JOINT.split(name) if part)
            if name.startswith("-") or _ENVIRONMENT.fullmatch(name) is not None:
                if not self._known((name,)) and self.grounds.lines.of(name):
                    self._word(name)
            elif parts and not self._known(parts, parameters=False) and len(parts) > 1:
                for part in parts:
                    if part not in COMMON:
                        self._known((part,), parameters=False)
        for name in dict.fromkeys(_KEYWORD.findall(text)):
            if name not in COMMON:
                self._parameter(name)
        for value in dict.fromkeys(re.findall(r"\"([^\"\n]+)\"|'([^'\n]+)'", text)):
            self._value(value[0] or value[1])


def _is_called(fact: Fact, parts: tuple[str, ...]) -> bool:
    """Whether a dotted name is this fact's: qualified by its owner, or by the module that it stands in."""
    item = fact.item
    if isinstance(item, Setting | Option):
        owner = item.owner.rpartition(".")[2]
        return bool(owner) and owner == parts[-2]
    if not isinstance(item, Symbol):
        return False
    own = tuple(item.name.split("."))
    if len(own) >= 2:
        return own[-2:] == parts[-2:]
    stem = fact.path.rpartition(".")[0].split("/")
    return parts[-2] in stem[-2:]


def _names_in(text: str) -> Iterable[str]:
    return dict.fromkeys((*re.findall(r"--?[\w-]+|[@\w][\w./@-]*", text), *re.findall(r"\w+", text)))


def _occurrences(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, _line_end(text, at + len(wanted)))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)
