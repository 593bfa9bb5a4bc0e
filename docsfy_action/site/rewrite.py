"""Changes links and heading levels of a Markdown page without touching a byte of its code."""

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^[ >]*(?P<mark>`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})(?=\s|$)")
_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_INLINE = re.compile(
    r"\\."  # an escaped character
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"  # a code span
    r"|(?P<start>\]\([ \t]*)(?P<target><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"|(?P<definition>^ {0,3}\[[^\]\n]+\]:[ \t]*)(?P<defined>\S+)",
    re.DOTALL | re.MULTILINE,
)


def rewrite(markdown: str, *, link: Callable[[str], str], deeper: int = 0) -> str:
    """The page with `link` applied to every link target and headings moved down by `deeper` levels (at most to 6)."""

    def replaced(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind == "target":
            target = match["target"]
            return match["start"] + (f"<{link(target[1:-1])}>" if target.startswith("<") else link(target))
        return str(match["definition"]) + link(match["defined"]) if kind == "defined" else match[0]

    parts = []
    for text, is_code in _blocks(markdown):
        if is_code:
            parts.append(text)
            continue
        block = "".join(_deeper(line, deeper) for line in text.splitlines(keepends=True)) if deeper else text
        parts.append(_INLINE.sub(replaced, block) if "](" in block or "]:" in block else block)
    return "".join(parts)


def _blocks(markdown: str) -> Iterator[tuple[str, bool]]:
    """Pieces of the page in order: runs of lines between blank lines, and code blocks with True."""
    run: list[str] = []
    fence, in_list, blank = "", False, True
    for line in markdown.splitlines(keepends=True):
        empty = not line.strip()
        if empty and not fence:
            if run:
                yield "".join(run), False
                run = []
            yield line, True
            blank = True
            continue
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            run.append(line)
            if match and match["mark"].startswith(fence) and not line[match.end() :].strip():
                yield "".join(run), True
                run, fence = [], ""
            continue
        indented = line.startswith(("    ", "\t"))
        starts_code = match is not None or (indented and blank and not in_list)
        if starts_code:
            yield "".join(run), False
            run = []
        if match is not None:
            fence = match["mark"]
            run = [line]
        elif starts_code:
            yield line, True
        else:
            run.append(line)
        if not indented:
            in_list = bool(_ITEM.match(line)) or (in_list and not blank)
        blank = starts_code and match is None
    yield "".join(run), bool(fence)


def _deeper(line: str, deeper: int) -> str:
    match = _HEADING.match(line)
    if match is None:
        return line
    return "#" * min(6, len(match[1]) + deeper) + line[match.end() :]
