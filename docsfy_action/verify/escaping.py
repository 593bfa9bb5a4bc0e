"""Writes characters so that CommonMark, GitHub and Python-Markdown all show them as they are, with as few marks as possible."""

import re

_ENTITY = r"&(?=\#|[A-Za-z][A-Za-z0-9]*;)"
# Each alternative is something that one of the three readers could take for markup.
_SPECIAL = re.compile(
    r"(?P<slash>\\(?=[!-/:-@\[-`{-~]|$))"
    r"|(?P<tick>`)"
    r"|(?P<under>_+)"
    r"|(?P<star>\*+)"
    r"|(?P<tilde>~+)"
    r"|(?P<less><(?=[A-Za-z/!?]|$))"
    rf"|(?P<amp>{_ENTITY})"
    r"|(?P<open>\[)"
    r"|(?P<close>\])"
    r"|(?P<pipe>\|)"
    r"|(?P<brace>\{)"
    r"|(?P<at>(?<=[\w.+-])@(?=[\w-]+\.))",
    re.ASCII,
)
_PLAIN = re.compile(r"[^\\`_*~<&\[\]|{@]*")
_FOOTNOTE_OR_TOC = re.compile(r"\[(?:\^|!|toc\]$)", re.IGNORECASE)
_UNSAFE_BRACKETS = re.compile(r"\][(\[:]")
# What opens a block at the start of a line, for any of the readers.
_LINE_START = re.compile(
    r"(?P<mark>[#>])"
    r"|(?P<bullet>[-+])(?=[ \-]|$)"
    r"|\d+(?P<number>[.)])(?=\s|$)"
    r"|(?P<entity>[=?:])(?=[= ?:-]|$)"
    r"|(?P<bang>!)(?=!!)",
    re.ASCII,
)
_ALIGNMENT_ROW = re.compile(r"[|:\- ]+")
_SPACES = re.compile(r"\s+")
_TICKS = re.compile(r"`+")
_BAD_IN_TARGET = re.compile(r"[\s\x00-\x20<>()\[\]{}\\`|\"']|&(?=#|[A-Za-z][A-Za-z0-9]*;)")
_BAD_IN_AUTOLINK = re.compile(r"[\s\x00-\x20<>\[\]{}\\`|\"']|&(?=#|[A-Za-z][A-Za-z0-9]*;)")


def has_unsafe_brackets(text: str) -> bool:
    """Whether brackets in `text` could be read as a link, so that all of a paragraph's must be escaped."""
    return _UNSAFE_BRACKETS.search(text) is not None


def escape_text(
    text: str,
    *,
    cell: bool = False,
    heading: bool = False,
    in_link: bool = False,
    brackets: bool = False,
    after: bool = False,
) -> str:
    """`text` with markup characters escaped. `after` says that an inline element stands right before it."""
    plain = _PLAIN.match(text)
    if plain is not None and plain.end() == len(text):
        return text
    tildes = text.count("~") > 1
    braces = heading or cell

    def replace(match: re.Match[str]) -> str:
        kind, found = match.lastgroup, match.group()
        start, end = match.span()
        match kind:
            case "under":
                inside = 0 < start and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
                return found if inside else found.replace("_", "\\_")
            case "star":
                alone = 0 < start and end < len(text) and text[start - 1].isspace() and text[end].isspace()
                return found if alone else found.replace("*", "\\*")
            case "tilde":
                return found.replace("~", "\\~") if tildes or len(found) > 1 else found
            case "less":
                return "&lt;"
            case "amp":
                return "&amp;"
            case "open":
                return "\\[" if in_link or brackets or _FOOTNOTE_OR_TOC.match(text, start) else found
            case "close":
                return "\\]" if in_link else found
            case "pipe":
                return "\\|" if cell else found
            case "brace":
                return "\\{" if braces or (start == 0 and after) else found
            case "at":
                return found if in_link else "&#64;"
            case _:
                return f"\\{found}"

    return _SPECIAL.sub(replace, text)


def escape_line_start(line: str) -> str:
    """`line`, already escaped, made safe to stand at the start of a line."""
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
