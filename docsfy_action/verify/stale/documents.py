"""A document that people wrote, line by line: its words, the code in them, and whether it tells of the past."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

DOCUMENT_SUFFIXES = (".md", ".markdown", ".mdx", ".rst", ".txt")
_PAST_NAMES = frozenset(
    "changelog changelogs changes history news release releases releasenotes upgrade upgrading migration migrating migrate"
    " whatsnew whats new deprecations deprecated roadmap newsfragments changeset adr rfc rfcs proposals blog".split()
) - {"new"}
_PAST = re.compile(
    r"\b(?:(?:was|were|been|is now|are now|got) (?:removed|dropped|renamed|replaced|called)"
    r"|(?:removed|dropped|renamed) (?:in|from|to|since)"
    r"|deprecat\w+|no longer|formerly|previously|used to be|replaced by|superseded|obsolete|versionremoved|versionchanged)\b",
    re.IGNORECASE,
)
_PAST_HEADING = re.compile(r"changelog|what.s new|release notes|migrat|upgrad|removed|deprecat|breaking", re.IGNORECASE)
_FENCE = re.compile(r"^[ >\t]*(?:[-*+] +|\d+[.)] +)?(?P<mark>`{3,}|~{3,})")
_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)")
_HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<text>.*)")
_ROLE = re.compile(r":(?:[a-z]+:)?(?P<role>[a-z]+):`(?:[^`<]*<)?[~!]?(?P<target>[^`<>]+)>?`")
_DIRECTIVE = re.compile(r"^\s*\.\. (?:[a-z]+:)?(?P<name>[a-z-]+):: *(?P<argument>.*)$")
_CODE_DIRECTIVES = frozenset({"code-block", "sourcecode", "code", "prompt", "parsed-literal", "program-output"})
_VERSIONS = frozenset({"versionadded", "versionchanged", "versionremoved", "deprecated", "deprecated-removed"})
_NAMING = frozenset(
    "func meth class attr data exc obj mod const function method attribute exception autofunction autoclass automethod"
    " autoattribute autodata autoexception option envvar program cmdoption".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, counted from 1: its prose with every code span taken out, the code in it, and names that markup says are
    names (roles and directives of Sphinx)."""

    number: int
    prose: str = ""
    code: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def tells_of_the_past(path: str) -> bool:
    """Whether a document is about former versions, and rightly names what is gone: a changelog, a guide to upgrading."""
    place = PurePosixPath(path.lower())
    words = [re.split(r"[^a-z]+", part) for part in (*place.parts[:-1], place.stem)]
    return any(not _PAST_NAMES.isdisjoint(("".join(part), *part)) for part in words)


def read_lines(text: str, *, restructured: bool) -> Iterator[Line]:
    """The lines that say something about the present."""
    lines = text.expandtabs(4).split("\n")
    yield from _restructured(lines) if restructured else _markdown(lines)


def _markdown(lines: Sequence[str]) -> Iterator[Line]:
    past = _past_lines(lines)
    fence, hidden = "", 0
    in_comment = False
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence) and not line.strip(" >\t`~"):
                fence = ""
            elif not hidden:
                yield Line(number=number, code=(line,))
            continue
        if mark:
            fence = mark["mark"]
            continue
        if in_comment or "<!--" in line:
            in_comment = "-->" not in line.rpartition("<!--")[2]
            continue
        if heading := _HEADING.match(line):
            level = len(heading["level"])
            hidden = 0 if hidden and level <= hidden else hidden
            hidden = hidden or (level if _PAST_HEADING.search(heading["text"]) else 0)
        if not hidden and number not in past:
            yield _line(number, line)


def _restructured(lines: Sequence[str]) -> Iterator[Line]:
    past = _past_lines(lines)
    literal: int | None = None
    about_versions: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        about_versions = about_versions if about_versions is not None and indent > about_versions else None
        if literal is not None and indent > literal:
            if about_versions is None:
                yield Line(number=number, code=(line,))
            continue
        literal = None
        directive = _DIRECTIVE.match(line)
        if (directive and directive["name"] in _CODE_DIRECTIVES) or (line.rstrip().endswith("::") and not directive):
            literal = indent
        if directive and directive["name"] in _VERSIONS:
            about_versions = indent
        if about_versions is None and number not in past:
            yield _marked_up(number, line, directive)


def _marked_up(number: int, line: str, directive: re.Match[str] | None) -> Line:
    """A line of prose or a directive of reStructuredText."""
    if directive:
        names = (directive["argument"].strip(),) if directive["name"] in _NAMING else ()
        return Line(number=number, names=names)
    roles = tuple(match["target"] for match in _ROLE.finditer(line) if match["role"] in _NAMING)
    found = _line(number, _ROLE.sub(" ", line))
    return Line(number=number, prose=found.prose, code=found.code, names=roles)


def _line(number: int, line: str) -> Line:
    spans = tuple(match["code"].strip() for match in _SPAN.finditer(line))
    return Line(number=number, prose=_SPAN.sub(" ` ", line), code=spans)


def _past_lines(lines: Sequence[str]) -> frozenset[int]:
    """Lines of paragraphs that speak of what was."""
    found: set[int] = set()
    start = 0
    for end in range(len(lines) + 1):
        if end == len(lines) or not lines[end].strip() or _FENCE.match(lines[end]):
            if _PAST.search(" ".join(lines[start:end])):
                found.update(range(start + 1, end + 1))
            start = end + 1
    return frozenset(found)
