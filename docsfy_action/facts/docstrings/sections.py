"""Docstrings cut into sections: Google's and NumPy's headings, Sphinx's fields, and the text between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docsfy_action.facts.docstrings.directives import dedent

_KINDS: dict[str, str] = {
    **dict.fromkeys(("args", "arguments", "parameters", "params", "parameter", "keyword args", "keyword arguments",
                     "keyword parameters", "other parameters", "other args", "other arguments", "kwargs"), "parameters"),
    **dict.fromkeys(("returns", "return", "return value", "return values"), "returns"),
    **dict.fromkeys(("yields", "yield"), "yields"),
    **dict.fromkeys(("raises", "raise", "exceptions", "except", "throws"), "raises"),
    **dict.fromkeys(("attributes", "attribute", "class attributes", "instance attributes", "fields", "members"), "attributes"),
    **dict.fromkeys(("example", "examples", "doctest", "doctests"), "examples"),
    **dict.fromkeys(("methods", "functions", "classes", "modules", "properties"), "members"),
    **dict.fromkeys(("see also", "see-also"), "see also"),
    **dict.fromkeys(("note", "notes", "warning", "warnings", "tip", "tips", "hint", "hints", "important", "caution", "danger",
                     "attention", "error", "info", "deprecated", "references", "version added", "version changed"), "note"),
    **dict.fromkeys(("warns", "receives"), "items note"),
    **dict.fromkeys(("todo", "todos", "to do"), "dropped"),
}  # fmt: skip
_FIELD_KINDS = {
    **dict.fromkeys(("param", "parameter", "arg", "argument", "key", "keyword", "kwarg", "kwparam", "kwarg"), "parameters"),
    **dict.fromkeys(("returns", "return"), "returns"),
    **dict.fromkeys(("yields", "yield"), "yields"),
    **dict.fromkeys(("raises", "raise", "except", "exception"), "raises"),
    **dict.fromkeys(("ivar", "cvar", "var"), "attributes"),
    "type": "type", "rtype": "rtype", "ytype": "ytype", "vartype": "vartype",
    "meta": "dropped", "no-index": "dropped", "noindex": "dropped",
}  # fmt: skip
_GOOGLE = re.compile(r"([A-Z][A-Za-z]+(?:[ -][A-Za-z]+)?)(?:\s*\([^)]*\))?\s*:\s*$")
_INLINE_RESULT = re.compile(r"(Returns?|Yields?):\s+(\S.*)$")
_NUMPY_RULE = re.compile(r"(?:-{3,}|={3,}|~{3,})\s*$")
_FIELD = re.compile(r":([a-z-]+)(?:\s+((?:[^:`]|`[^`]*`|:(?=\w))+?))?\s*:(?:\s+(.*))?$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a docstring. `kind` is `text`, `parameters`, `returns` …; `style` says how its items are written.

    `argument` is what stands between the colons of a Sphinx field: `int x` of `:param int x:`.
    """

    kind: str
    lines: tuple[str, ...]
    title: str = ""
    style: str = ""
    argument: str = ""


def split_sections(lines: Sequence[str]) -> Iterator[Section]:
    """The sections of a docstring in order; running text comes as sections of kind `text`."""
    text: list[str] = []
    at = 0
    fence = ""
    while at < len(lines):
        line = lines[at]
        ticks = _FENCE.match(line)
        if ticks is not None:
            fence = "" if fence and line.strip().startswith(fence) else fence or ticks[1]
        found = None if fence or ticks or line[:1] in ("", " ", "\t") else _section_at(lines, at)
        if found is None:
            text.append(line)
            at += 1
            continue
        if any(part.strip() for part in text):
            yield Section(kind="text", lines=tuple(text))
        text = []
        section, at = found
        yield section
    if any(part.strip() for part in text):
        yield Section(kind="text", lines=tuple(text))


def _section_at(lines: Sequence[str], at: int) -> tuple[Section, int] | None:
    """The section that begins at a line, and the line behind it."""
    line = lines[at]
    if line.startswith(":"):
        return _field(lines, at)
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if _NUMPY_RULE.match(following) and (kind := _KINDS.get(line.strip().rstrip(":").lower())):
        return _numpy(lines, at, kind)
    google = _GOOGLE.match(line)
    if google is not None and (kind := _KINDS.get(google[1].lower())):
        return _google(lines, at, kind, google[1])
    inline = _INLINE_RESULT.match(line) if at > 0 and not lines[at - 1].strip() else None
    if inline is not None:
        end = at + 1
        while end < len(lines) and lines[end].strip():
            end += 1
        kind = "returns" if inline[1].startswith("Return") else "yields"
        body = (inline[2], *(part.strip() for part in lines[at + 1 : end]))
        return Section(kind=kind, lines=body, style="google"), end
    return None


def _google(lines: Sequence[str], at: int, kind: str, title: str) -> tuple[Section, int] | None:
    """A heading with a colon; what belongs to it is indented."""
    end = at + 1
    last = at
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t"):
        last = end if lines[end].strip() else last
        end += 1
    if last == at:
        return None
    body = dedent(lines[at + 1 : last + 1])
    while body and not body[0]:
        body.pop(0)
    return Section(kind=kind, lines=tuple(body), title=title, style="google"), last + 1


def _numpy(lines: Sequence[str], at: int, kind: str) -> tuple[Section, int]:
    """A heading with a line under it; it goes on to the next heading of this kind."""
    end = at + 2
    while end < len(lines):
        following = lines[end + 1] if end + 1 < len(lines) else ""
        if lines[end].strip() and lines[end][0] not in " \t" and _NUMPY_RULE.match(following):
            break
        if lines[end].startswith(".. ") and not lines[end - 1].strip() and kind in ("parameters", "returns", "raises"):
            break
        end += 1
    body = dedent(lines[at + 2 : end])
    return Section(kind=kind, lines=tuple(body), title=lines[at].strip().rstrip(":"), style="numpy"), end


def _field(lines: Sequence[str], at: int) -> tuple[Section, int] | None:
    """A field such as `:param int x: text`; lines that follow it belong to it up to a blank line or the next field."""
    match = _FIELD.match(lines[at])
    kind = _FIELD_KINDS.get(match[1]) if match is not None else None
    if match is None or kind is None:
        return None
    end = at + 1
    body: list[str] = []
    while end < len(lines):
        line = lines[end]
        if not line.strip():
            following = next((index for index in range(end, len(lines)) if lines[index].strip()), len(lines))
            if following >= len(lines) or lines[following][0] not in " \t":
                break
        elif (line[0] not in " \t" and (line[0] in ":." or (not body and _GOOGLE.match(line)))) or (
            line[0] not in " \t" and body[-1:] == [""]
        ):
            break
        body.append(line if line[:1] in (" ", "\t", "") else f" {line}")
        end += 1
    rest = dedent(body)
    return (
        Section(kind=kind, lines=(match[3] or "", *rest), style="sphinx", argument=(match[2] or "").strip()),
        end,
    )
