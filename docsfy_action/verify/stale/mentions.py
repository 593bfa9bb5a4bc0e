"""Where a document mentions a name, told so that other things of the same name are not taken for it."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from docsfy_action.lifecycle import Mention
from docsfy_action.verify.stale.documents import Line, read_lines
from docsfy_action.verify.stale.names import GoneName, Kind

_FILE_END = r"(?!\.(?:py|pyi|go|js|jsx|ts|tsx|mjs|md|rst|json|toml|ya?ml|html|txt|cfg|ini|sh)\b)"
_SEGMENT = re.compile(r"&&|\|\||[|;]")
_PROMPT = re.compile(r"^\s*(?:[$>%#]|\(\w+\)\s*\$)\s+")
_LINK = re.compile(r"\]\(<?(?P<target>[^)\s>#?]+)")
_DISTINCT = re.compile(r"[a-z0-9]_[a-z0-9]|[a-z0-9][A-Z]|[A-Z]{2,}[a-z]|[A-Z]_[A-Z]")
_SHORT = 5

Matcher = Callable[[Line], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that people wrote."""

    path: str
    text: str

    @property
    def is_restructured(self) -> bool:
        """Whether it is reStructuredText."""
        return self.path.endswith((".rst", ".txt"))


def find_mentions(
    names: Sequence[GoneName], documents: Iterable[Document], programs: frozenset[str]
) -> Mapping[GoneName, tuple[Mention, ...]]:
    """The mentions of each name that has any, by document and line. `programs` are the commands that the project installs,
    by which its flags are told from those of others."""
    found: dict[GoneName, list[Mention]] = {}
    for document in documents:
        likely = [name for name in names if _last(name) in document.text]
        if not likely:
            continue
        matchers = [(name, _matcher(name, document.path, programs)) for name in likely]
        for line in read_lines(document.text, restructured=document.is_restructured):
            for name, matches in matchers:
                if matches(line):
                    found.setdefault(name, []).append(Mention(path=document.path, line=line.number))
    return {name: tuple(mentions) for name, mentions in found.items()}


def _last(name: GoneName) -> str:
    if name.kind is Kind.FILE:
        return name.name.rpartition("/")[2]
    return name.name.rpartition(".")[2] if name.kind in {Kind.SYMBOL, Kind.SETTING} else name.name


def _matcher(name: GoneName, document: str, programs: frozenset[str]) -> Matcher:
    match name.kind:
        case Kind.SYMBOL | Kind.SETTING:
            return _symbol(name)
        case Kind.FLAG:
            return _flag(name.name, programs)
        case Kind.VARIABLE:
            return _variable(name.name)
        case Kind.COMMAND:
            return _command(name.name, programs)
        case Kind.PROGRAM:
            return _in_code(rf"(?:^|\s){re.escape(name.name)}(?=\s|$)", first=True)
        case Kind.TASK:
            return _in_code(rf"(?:^|\s){_runner(name.runner)}\s(?:.*\s)?{re.escape(name.name)}(?![\w:-])")
        case Kind.INPUT:
            return _in_code(rf"(?<![\w-]){re.escape(name.name)}(?![\w-])") if "-" in name.name else _never
        case Kind.FILE:
            return _file(name.name, document)


def _never(_: Line) -> bool:
    return False


def _distinct(word: str) -> bool:
    """Whether a word can hardly be anything but a name."""
    return len(word) >= _SHORT and _DISTINCT.search(word) is not None


def _symbol(name: GoneName) -> Matcher:
    owner, _, last = name.name.rpartition(".")
    bare, whole = re.escape(last), re.escape(name.name).replace(r"\.", r"(?:\.|::|\#)")
    end = rf"(?![\w-]){_FILE_END}"
    # With an owner that is still there, another thing may have the same last name: only both together are certain.
    alone = not owner or bool(name.absent)
    anywhere = [rf"(?<![\w/-]){whole}{end}"] if owner else []
    in_code = []
    if owner:
        instance = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", owner.rpartition(".")[2]).lower()
        in_code.append(rf"(?<![\w/-]){re.escape(instance)}\.{bare}{end}")
    if alone and _distinct(last):
        anywhere.append(rf"(?<![\w/-]){bare}{end}")
    elif alone:
        in_code += [rf"^\s*{bare}(?:\(\))?\s*$", rf"(?<![\w./-]){bare}\(", rf"\bimport\b.*(?<![\w.]){bare}(?!\w)"]
    prose = re.compile("|".join(anywhere)) if anywhere else None
    code = re.compile("|".join([*anywhere, *in_code])) if anywhere or in_code else None

    def matches(line: Line) -> bool:
        if prose is not None and prose.search(line.prose):
            return True
        if code is not None and any(code.search(part) for part in line.code):
            return True
        return any(_names(written, name.name, alone=alone) for written in line.names)

    return matches


def _names(written: str, name: str, *, alone: bool) -> bool:
    """Whether a name of Sphinx's markup is this one, with its module before it or without."""
    written = written.partition("(")[0].strip().removeprefix("~")
    if written == name or written.endswith(f".{name}"):
        return True
    return alone and "." not in written and written == name.rpartition(".")[2]


def _flag(flag: str, programs: frozenset[str]) -> Matcher:
    pattern = re.compile(rf"(?<![\w-]){re.escape(flag)}(?![\w-])")

    def ours(part: str) -> bool:
        """Whether a piece of code gives the flag to a program of the project, or to none that it names."""
        for segment in _SEGMENT.split(_PROMPT.sub("", part)):
            found = pattern.search(segment)
            if found is None:
                continue
            words = segment[: found.start()].split()
            command = [word for word in words if not word.startswith("-")]
            if not command or any(word.rpartition("/")[2].removesuffix(".py") in programs for word in command):
                return True
        return False

    def matches(line: Line) -> bool:
        named = any(pattern.search(one) for one in line.names)
        return named or pattern.search(line.prose) is not None or any(map(ours, line.code))

    return matches


def _variable(name: str) -> Matcher:
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    only_code = "_" not in name

    def matches(line: Line) -> bool:
        in_prose = not only_code and pattern.search(line.prose) is not None
        return in_prose or name in line.names or any(pattern.search(part) for part in line.code)

    return matches


def _command(word: str, programs: frozenset[str]) -> Matcher:
    if not programs:
        return _never
    some = "|".join(sorted(map(re.escape, programs)))
    # Options may stand between, and words of the commands above.
    return _in_code(rf"(?:^|[\s/])(?:{some})(?:\s+[\w=./-]+){{0,3}}?\s+{re.escape(word)}(?![\w=.-])")


def _in_code(pattern: str, *, first: bool = False) -> Matcher:
    compiled = re.compile(pattern)

    def matches(line: Line) -> bool:
        parts = [segment for part in line.code for segment in _SEGMENT.split(_PROMPT.sub("", part))]
        return any(compiled.match(part.lstrip()) if first else compiled.search(part) for part in parts)

    return matches


def _runner(runner: str) -> str:
    return r"(?:npm|pnpm|yarn|bun)" if runner == "npm" else re.escape(runner)


def _file(path: str, document: str) -> Matcher:
    pattern = re.compile(rf"(?<![\w/.-])(?:\./)?{re.escape(path)}(?![\w/-]|\.\w)")
    folder = posixpath.dirname(document)

    def matches(line: Line) -> bool:
        for link in _LINK.finditer(line.prose):
            if posixpath.normpath(posixpath.join(folder, unquote(link["target"]))) == path:
                return True
        # A name without a folder may be that of a file in anybody's project: it has to stand alone.
        if "/" not in path:
            return path in line.code
        return pattern.search(_LINK.sub("] (", line.prose)) is not None or any(map(pattern.search, line.code))

    return matches
