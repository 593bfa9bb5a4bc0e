"""Dockerfiles and Containerfiles: the stages with what they are made from, offer and run."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from docsfy_action.facts.extractor import Extractor
from docsfy_action.facts.formats.syntax.tables import unique
from docsfy_action.facts.formats.syntax.text import is_name, one_line, reader
from docsfy_action.facts.model import BlobFacts, Container

_FILE = re.compile(
    r"(?:^|/)(?:(?:Dockerfile|Containerfile)(?:[-_.][\w.-]+)?|[\w.-]+\.(?:[Dd]ockerfile|[Cc]ontainerfile))$"
)
_NOT = re.compile(r"\.(?:dockerignore|md|rst|txt|ya?ml|json|py|go|js|ts|sh)$")
_INSTRUCTION = re.compile(r"\s*(?P<name>[A-Za-z]+)\s+(?P<rest>.*)", re.DOTALL)
_ESCAPE_DIRECTIVE = re.compile(r"#\s*escape\s*=\s*(?P<escape>[`\\])\s*", re.IGNORECASE)
_HEREDOC = re.compile(r"<<(?P<strip>-?)(?P<quote>[\"']?)(?P<word>[A-Za-z_]\w*)(?P=quote)")
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
_FROM = re.compile(r"(?:--|[,=])from=([^\s,]+)")
_MAX_STAGES = 100
_ENV = re.compile(r"""(?<!\w)([A-Za-z_]\w*+)=(?:"(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)""", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class _Stage:
    line: int
    name: str
    base: str
    needs: list[str]
    entry: str = ""
    command: str = ""
    ports: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)
    environment: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)


def _read(text: str) -> BlobFacts:
    stages: list[_Stage] = []
    arguments: dict[str, str] = {}
    for line, name, rest in _instructions(text):
        if name == "FROM" and len(stages) < _MAX_STAGES:
            stages.append(_stage(rest, line, arguments, stages))
        elif name == "ARG" and not stages:
            key, _, value = rest.strip().partition("=")
            arguments[key] = _unquoted(value)
        elif stages:
            _take(stages[-1], name, rest)
            stages[-1].needs += _stages_copied_from(rest, stages[:-1]) if name in ("COPY", "ADD", "RUN") else []
    return BlobFacts(containers=tuple(_container(stage) for stage in stages))


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """(line, NAME, what follows) of each instruction: continued lines joined, comments and here-documents left out."""
    lines = text.split("\n")
    directive = _ESCAPE_DIRECTIVE.fullmatch(lines[0])
    escape = directive["escape"] if directive else "\\"
    ends: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        ends.setdefault(line.lstrip("\t"), []).append(at)
    after = 0
    while after < len(lines):
        start, whole, after = _instruction(lines, after, escape)
        found = _INSTRUCTION.fullmatch(whole)
        if found is None:
            continue
        name = found["name"].upper()
        yield start + 1, name, found["rest"]
        if name in ("RUN", "COPY", "ADD"):
            for heredoc in islice(_HEREDOC.finditer(found["rest"]), 10):
                places = ends.get(heredoc["word"], [])
                place = bisect_left(places, after)
                # Without an end the operator was part of a shell command, or the file is cut off.
                after = places[place] + 1 if place < len(places) else after


def _instruction(lines: list[str], at: int, escape: str) -> tuple[int, str, int]:
    """(first line, text, line after it) of what begins at `at` or after it."""
    pieces: list[str] = []
    start = at
    while at < len(lines):
        said = lines[at].strip()
        at += 1
        if not said or said.startswith("#"):
            continue
        start = start if pieces else at - 1
        continued = said.endswith(escape)
        pieces.append(said.removesuffix(escape).rstrip())
        if not continued:
            break
    return start, " ".join(pieces), at


def _stage(rest: str, line: int, arguments: dict[str, str], before: list[_Stage]) -> _Stage:
    words = [word for word in rest.split() if not word.startswith("--")]
    base = words[0] if words else ""
    name = words[2] if len(words) > 2 and words[1].lower() == "as" else ""
    if whole := _VARIABLE.fullmatch(base):
        # Only a base that is one variable is filled in: its value stands in the file as it is shown here.
        known = arguments.get(whole["braced"] or whole["bare"], "") or whole["default"] or ""
        base = known if known and "$" not in known else base
    needs = [base] if base in {stage.name for stage in before if stage.name} else []
    return _Stage(line=line, name=name if is_name(name) else "", base=one_line(base), needs=needs)


def _take(stage: _Stage, name: str, rest: str) -> None:
    match name:
        case "ENTRYPOINT":
            stage.entry = _command(rest)
        case "CMD":
            stage.command = _command(rest)
        case "EXPOSE":
            stage.ports.extend(word for word in one_line(rest).split(" ") if is_name(word))
        case "VOLUME":
            stage.volumes.extend(word for word in _command(rest).split(" ") if is_name(word, 200))
        case "ENV":
            stage.environment.extend(_environment(rest))
        case "COPY" | "ADD":
            stage.copies.extend(_copied(rest))


def _copied(rest: str) -> list[str]:
    """Files and folders of the build's own folder that an instruction copies."""
    said = re.sub(r"^(?:\s*--\S+)*\s*", "", rest)
    if _FROM.search(rest) or "<<" in rest:
        return []
    sources = _command(said).split(" ")[:-1]
    return [source for source in sources if is_name(source, 200) and "$" not in source and ":" not in source]


def _stages_copied_from(rest: str, before: list[_Stage]) -> list[str]:
    """The stages of this file that an instruction takes files from; those without a name go by their number."""
    names = {stage.name: stage.name for stage in before} | {str(n): stage.name for n, stage in enumerate(before)}
    return [names[found] for found in _FROM.findall(rest) if names.get(found)]


def _command(rest: str) -> str:
    """A command as a person would type it; the JSON form loses its brackets, quotes and commas."""
    said = one_line(rest)
    if said.startswith("[") and said.endswith("]"):
        words = re.findall(r'"((?:[^"\\]|\\.)*)"', said)
        if words or said == "[]":
            return " ".join(f'"{word}"' if " " in word else word for word in words)
    return said


def _environment(rest: str) -> list[str]:
    said = rest.strip()
    first = said.split(None, 1)[0] if said else ""
    names = _ENV.findall(said) if "=" in first else [first]
    return [name for name in names if re.fullmatch(r"[A-Za-z_]\w*", name) and is_name(name)]


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else value


def _container(stage: _Stage) -> Container:
    return Container(
        name=stage.name,
        kind="image",
        line=stage.line,
        base=stage.base,
        command=" ".join(filter(None, (stage.entry, stage.command))),
        ports=unique(stage.ports),
        volumes=unique(stage.volumes),
        environment=unique(stage.environment),
        depends_on=unique(stage.needs),
        copies=unique(stage.copies),
    )


def _claims(path: str) -> bool:
    return "file" in path and _FILE.search(path) is not None and _NOT.search(path) is None


EXTRACTORS = (Extractor(name="dockerfile", version=2, claims=_claims, extract=reader(_read)),)
