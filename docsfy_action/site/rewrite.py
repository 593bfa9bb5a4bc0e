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
    return "".join(text if is_code else _rewrite_block(text, link, deeper) for text, is_code in _blocks(markdown))


def _blocks(markdown: str) -> Iterator[tuple[str, bool]]:
    """Pieces of the page in order: runs of lines between blank lines, and code blocks with True."""
    run: list[str] = []
    fence, in_list, blank = "", False, True
    for line in markdown.splitlines(keepends=True):
        match = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            run.append(line)
            if match and match["mark"].startswith(fence) and not line[match.end() :].strip():
                yield "".join(run), True
                run, fence = [], ""
            continue
        indented = line.startswith(("    ", "\t"))
        starts_code = match is not None or (indented and blank and not in_list)
        if not line.strip() or starts_code:
            yield "".join(run), False
            run = []
        if match is not None:
            fence = match["mark"]
            run = [line]
        elif not line.strip() or starts_code:
            yield line, True
        else:
            run.append(line)
        if line.strip() and not indented:
            in_list = bool(_ITEM.match(line)) or (in_list and not blank)
        blank = not line.strip() or (starts_code and match is None)
    yield "".join(run), bool(fence)


def _rewrite_block(text: str, link: Callable[[str], str], deeper: int) -> str:
    if deeper:
        text = "".join(_deeper(line, deeper) for line in text.splitlines(keepends=True))
    if "](" not in text and "]:" not in text:
        return text
    return _INLINE.sub(lambda match: _replace(match, link), text)


def _replace(match: re.Match[str], link: Callable[[str], str]) -> str:
    if match["start"] is not None:
        target = match["target"]
        new = f"<{link(target[1:-1])}>" if target.startswith("<") else link(target)
        return match["start"] + new
    if match["definition"] is not None:
        return str(match["definition"]) + link(match["defined"])
    return match[0]


def _deeper(line: str, deeper: int) -> str:
    match = _HEADING.match(line)
    if match is None:
        return line
    return "#" * min(6, len(match[1]) + deeper) + line[match.end() :]
