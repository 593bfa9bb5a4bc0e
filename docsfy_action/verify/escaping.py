"""Writes characters so that CommonMark, GitHub and Python-Markdown all show them as they are, with few marks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from docsfy_action.verify.tree import Emphasis

_ENTITY = r"&(?=\#|[A-Za-z][A-Za-z0-9]*;)"
# Each alternative is something that one of the three readers could take for markup.
_SPECIAL = re.compile(
    r"(?P<slash>\\(?=[!-/:-@\[-`{-~]|$))"
    r"|(?P<tick>`)"
    r"|(?P<under>_+)"
    r"|(?P<star>\*+)"
    r"|(?P<tilde>~+)"
    r"|(?P<less><(?!=? ))"
    rf"|(?P<amp>{_ENTITY})"
    r"|(?P<open>\[)"
    r"|(?P<close>\])"
    r"|(?P<pipe>\|)"
    r"|(?P<brace>\{)"
    r"|(?P<at>(?<=[\w.+-])@(?=[\w.-]*\.[\w.-]*[A-Za-z]))",
    re.ASCII,
)
_PLAIN = re.compile(r"[^\\`_*~<&\[\]|{@]*")
# A character without width: something for an empty list item, or between two lists, that every reader keeps.
NOTHING = "\u200b"
_FOOTNOTE_OR_TOC = re.compile(r"\[(?:\^|!|toc\]$)", re.IGNORECASE)
_UNSAFE_BRACKETS = re.compile(r"\]\(")
# What opens a block at the start of a line, for any of the readers.
_LINE_START = re.compile(
    r"(?P<mark>[#>])"
    r"|(?P<bullet>[-+])(?=[ \-]|$)"
    r"|\d+(?P<number>[.)])(?=\s|$)"
    r"|(?P<entity>[=?:])(?=[= ?:-]|$)"
    r"|(?P<bang>!)(?=!!)",
    re.ASCII,
)
# The label of a definition may go over several lines.
_DEFINITION = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:", re.DOTALL)
_ALIGNMENT_ROW = re.compile(r"[|:\- ]+")
_SPACES = re.compile(r"\s+")
_TICKS = re.compile(r"`+")
_BAD_IN_TARGET = re.compile(r"[\s\x00-\x20<>()\[\]{}\\`|\"']|&(?=#|[A-Za-z][A-Za-z0-9]*;)")
_BAD_IN_AUTOLINK = re.compile(r"[\s\x00-\x20<>\[\]{}\\`|\"']|&(?=#|[A-Za-z][A-Za-z0-9]*;)")


def has_unsafe_brackets(text: str) -> bool:
    """Whether brackets in `text` could be read as a link, so that all of a paragraph's must be escaped."""
    return _UNSAFE_BRACKETS.search(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where inline text stands; each place has characters of its own that must be escaped.

    `brackets` says that brackets in the paragraph could be read as links, `inside` which emphasis is open around.
    """

    cell: bool = False
    heading: bool = False
    in_link: bool = False
    brackets: bool = False
    inside: frozenset[Emphasis] = frozenset()


def escape_text(text: str, setting: Setting, *, after: bool = False) -> str:
    """`text` with markup characters escaped. `after` says that an inline element stands right before it."""
    if text == NOTHING:
        return "&#8203;"
    plain = _PLAIN.match(text)
    if plain is not None and plain.end() == len(text):
        return text
    return _SPECIAL.sub(lambda match: _ESCAPES[match.lastgroup or ""](match, setting, after), text)


def _is_between(match: re.Match[str], test: Callable[[str], bool]) -> bool:
    start, end, text = match.start(), match.end(), match.string
    return bool(start) and end < len(text) and test(text[start - 1]) and test(text[end])


def _escaped_underscores(match: re.Match[str], setting: Setting, after: bool) -> str:
    found = match.group()
    return found if _is_between(match, str.isalnum) else found.replace("_", "\\_")


def _escaped_stars(match: re.Match[str], setting: Setting, after: bool) -> str:
    found = match.group()
    return found if _is_between(match, str.isspace) else found.replace("*", "\\*")


def _escaped_tildes(match: re.Match[str], setting: Setting, after: bool) -> str:
    # GitHub takes single tildes for marks as well, where there are two.
    alone = len(match.group()) == 1 and match.string.count("~") == 1
    return "~" if alone else match.group().replace("~", "\\~")


def _escaped_opening(match: re.Match[str], setting: Setting, after: bool) -> str:
    unsafe = setting.in_link or setting.brackets or _FOOTNOTE_OR_TOC.match(match.string, match.start()) is not None
    return "\\[" if unsafe else "["


def _escaped_brace(match: re.Match[str], setting: Setting, after: bool) -> str:
    # Python-Markdown reads attributes behind an inline element and at the end of headings and cells.
    at_end = (setting.heading or setting.cell) and match.string.rstrip().endswith("}")
    unsafe = at_end or (after and match.start() == 0)
    return "\\{" if unsafe else "{"


_ESCAPES: Mapping[str, Callable[[re.Match[str], Setting, bool], str]] = {
    "slash": lambda match, setting, after: "\\\\",
    "tick": lambda match, setting, after: "\\`",
    "under": _escaped_underscores,
    "star": _escaped_stars,
    "tilde": _escaped_tildes,
    "less": lambda match, setting, after: "&lt;",
    "amp": lambda match, setting, after: "&amp;",
    "open": _escaped_opening,
    "close": lambda match, setting, after: "\\]" if setting.in_link else "]",
    "pipe": lambda match, setting, after: "\\|" if setting.cell else "|",
    "brace": _escaped_brace,
    "at": lambda match, setting, after: "@" if setting.in_link else "&#64;",
}


def escape_line_start(line: str, following: str = "", *, link: bool = False) -> str:
    """`line`, already escaped, made safe to stand at the start of a line.

    `following` is the rest of the paragraph; `link` says that the line begins with a link, which must stay one.
    """
    if line.startswith("[") and _DEFINITION.match(f"{line}\n{following}") is not None:
        return f"&#{ord(NOTHING)};{line}" if link else f"\\{line}"
    if _ALIGNMENT_ROW.fullmatch(line) is not None:
        return re.sub(r"[|\-]", r"\\\g<0>", line.replace(":", "&#58;"))
    found = _LINE_START.match(line)
    if found is None:
        return line
    at = found.start(found.lastgroup or 0)
    if found.lastgroup == "entity":
        return f"{line[:at]}&#{ord(line[at])};{line[at + 1 :]}"
    return f"{line[:at]}\\{line[at:]}"


def code_span(text: str, *, cell: bool = False) -> str:
    """`text` as a code span; empty for blank text.

    In a table cell (`cell`) a `|` cannot stand inside a code span that all readers understand: it is put between two.
    """
    text = _SPACES.sub(" ", text).strip()
    if not text:
        return ""
    if cell and "|" in text:
        parts = re.split(r"( ?\| ?)", text)
        return "".join(_joint(part) if index % 2 else code_span(part) for index, part in enumerate(parts)).strip()
    runs = {len(run) for run in _TICKS.findall(text)}
    width = next(size for size in range(1, len(runs) + 2) if size not in runs)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{'`' * width}{pad}{text}{pad}{'`' * width}"


def _joint(part: str) -> str:
    return part.replace("|", "\\|")


def link_target(target: str) -> str:
    """`target` percent-encoded as far as Markdown needs it."""
    return _BAD_IN_TARGET.sub(_percent, target)


def autolink_target(target: str) -> str:
    """`target` percent-encoded as far as `<…>` needs it."""
    return _BAD_IN_AUTOLINK.sub(_percent, target)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogatepass"))
