"""Recognises blocks that stand in the page format already, so that only the others need to be parsed and written anew.

The embedded writer's text is nearly all of that kind. What is not certain counts as unknown: the forms below are a small
part of the page format, chosen so that each reads the same wherever it stands between two blank lines.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from functools import cache
from typing import NamedTuple

from docsfy_action.verify.fences import known_language

# Characters that no reader takes for markup: no white space but single blanks, nothing invisible, no half of a pair.
_SAFE = (
    "A-Za-z0-9,.;()}'\"/=+%$#?^>\\-"
    "\xa1-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\ue000-\ufefe\uff00-\U0010ffff"
)
_TEXT = rf"[{_SAFE}]++|(?<=[A-Za-z0-9])_++(?=[A-Za-z0-9])| (?! )"
# Marks that are escaped because of what stands beside them, as the writer of the format does it; a bracket is none where
# nothing behind it could make a link of it.
_PLAIN = (
    rf"(?:{_TEXT}|:(?!//)|!(?!\[)|(?<![^ (\"'>])@|&lt;(?![= ])|\[(?![!^`<]|toc)|\](?![(\[`<:])"
    r"|(?:(?<=[ -/:-@`])(?:\\_)++|(?:\\_)++(?![^\s!-/:-@]))|(?:(?<=[!-~])(?:\\\*)++|(?:\\\*)++(?=[!-~])))"
)
_WORDS = r"[^`\s|]++(?: [^`\s|]++)*+"
_CODE = rf"(?:`{_WORDS}`(?!`)|``{_WORDS}(?: ?`(?!`) ?{_WORDS})++``(?!`))"
_TARGET = r"(?:(?:src|doc|commit):|https?://)?+[\w.\-/#%+~,=?;]++"
_LINK = rf"(?:\[(?:{_CODE}|(?! )(?:{_TEXT}|:|!(?!\[))++(?<! ))\]\({_TARGET}\))"
_IN_CELL = rf"(?:{_LINK}|{_PLAIN}|{_CODE}|\\\|)"
_IN_LINE = rf"(?:{_LINK}|{_PLAIN}|{_CODE}|(?<=[A-Za-z0-9 (.,]){{)"
# At the start of a line digits, dashes and the like could open a block.
_START = r"(?=[A-Za-z`@]|\[[^\[\]]++\]\()"
_HASHES = re.compile(r"\#{1,6} ")
_BOLD = re.compile(r"\*\*[A-Za-z0-9](?:[A-Za-z0-9 .]*+(?<=[A-Za-z0-9]))?\*\*")
_RULER = re.compile(r"\|(?: (?:---|:---|:---:|---:) \|)++")
_OPENING = re.compile(r"(`{3,})([\w.+#-]+)")
_BACKTICKS = re.compile(r"`{3,}")
# White space and line ends that readers disagree about, and bare addresses, which become links.
_UNEVEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WEB = re.compile(r"www\.", re.IGNORECASE)
# What may change how text behind the next blank line is read: definitions, fences, HTML that blank lines do not end.
_REACHING = re.compile(r"\]:|```|~~~|<(?:script|pre|style|textarea|!|\?)", re.IGNORECASE)
_LIST = "-   "


@cache
def _line() -> re.Pattern[str]:
    """A line of running text. These two take long to compile, which a run that writes nothing need not wait for."""
    return re.compile(_START + _with_quotations(_IN_LINE))


@cache
def _cell() -> re.Pattern[str]:
    return re.compile(rf"(?! ){_with_quotations(_IN_CELL)}")


def _with_quotations(piece: str) -> str:
    return rf"(?:{piece}|<q>(?! ){piece}++(?<! )</q>)++(?<! )"


class _Form(Enum):
    KNOWN = auto()
    LIST = auto()
    UNKNOWN = auto()


class _Allowed(NamedTuple):
    """What may stand as it is."""

    titles: bool
    links: bool
    quotations: bool = True


class _Part(NamedTuple):
    form: _Form
    start: int
    end: int


def settle(markdown: str, rewrite: Callable[[str], str], *, titles: bool, links: bool) -> str:
    """`rewrite(markdown)`, where `rewrite` brings Markdown into the page format, but called for no more than is needed.

    `titles` and `links` say that headings and links may stand as they are.
    """
    if _UNEVEN.search(markdown) is not None or markdown.startswith("---"):
        return rewrite(markdown)
    lines = markdown.split("\n")
    parts = _joined(_parts(lines, _Allowed(titles, links)))
    if all(part.form is _Form.UNKNOWN for part in parts):
        return rewrite(markdown)
    texts: list[str] = []
    for part in parts:
        text = "\n".join(lines[part.start : part.end])
        if part.form is _Form.UNKNOWN:
            if _REACHING.search(text) is not None:
                return rewrite(markdown)
            text = rewrite(text).rstrip("\n")
        if text:
            texts.append(text)
    return "\n\n".join([*texts[:-1], f"{texts[-1]}\n"])


def _parts(lines: Sequence[str], allowed: _Allowed) -> Iterator[_Part]:
    """The blocks between blank lines; a fence is one with the blank lines in it."""
    at = 0
    while at < len(lines):
        if not lines[at].strip(" \t"):
            at += 1
            continue
        end = _fence_end(lines, at)
        form = _Form.KNOWN
        if not end and lines[at].startswith("```"):
            # How far it reaches is for the parser to say.
            form, end = _Form.UNKNOWN, len(lines)
        elif not end:
            end = next((index for index in range(at, len(lines)) if not lines[index].strip(" \t")), len(lines))
            form = _form(lines[at:end], allowed)
        yield _Part(form, at, end)
        at = end


def _joined(parts: Iterator[_Part]) -> list[_Part]:
    """Parts that may belong together in one, with the blank lines between them: unknown ones, and lists beside them or
    beside each other."""
    out: list[_Part] = []
    for part in parts:
        last = out[-1] if out else None
        if last is not None and _Form.KNOWN not in (last.form, part.form):
            out[-1] = _Part(_Form.UNKNOWN, last.start, part.end)
        else:
            out.append(part)
    return out


def _fence_end(lines: Sequence[str], at: int) -> int:
    """The line behind a fence in the page format that opens at `at`; 0 where there is none."""
    opening = _OPENING.fullmatch(lines[at])
    if opening is None:
        return 0
    mark, language = opening.groups()
    end = next((index for index in range(at + 1, len(lines)) if lines[index] == mark), 0)
    if not end or (end + 1 < len(lines) and lines[end + 1].strip(" \t")):
        return 0
    text = "\n".join(lines[at + 1 : end])
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    return end + 1 if text.strip() and len(mark) == longest + 1 and known_language(language, text) == language else 0


def _form(lines: Sequence[str], allowed: _Allowed) -> _Form:
    first = lines[0]
    if not allowed.links and any("](" in line for line in lines):
        return _Form.UNKNOWN
    if first.startswith("> "):
        return _quotation(lines, allowed)
    if any(_WEB.search(line) is not None for line in lines):
        return _Form.UNKNOWN
    if len(lines) == 1 and _is_line(first, titles=allowed.titles):
        return _Form.KNOWN
    if first.startswith("| ") and _is_table(lines):
        return _Form.KNOWN
    if first.startswith(_LIST) and all(_is_item(line) for line in lines):
        return _Form.LIST
    return _Form.UNKNOWN


def _is_line(line: str, *, titles: bool) -> bool:
    hashes = _HASHES.match(line)
    if hashes is None:
        return _line().fullmatch(line) is not None or _BOLD.fullmatch(line) is not None
    # At the end of a title, attributes and number signs are read as such.
    return titles and not line.endswith("#") and "{" not in line and _line().fullmatch(line, hashes.end()) is not None


def _is_item(line: str) -> bool:
    return line.startswith(_LIST) and _line().fullmatch(line, len(_LIST)) is not None


def _is_table(lines: Sequence[str]) -> bool:
    if len(lines) < 2 or _RULER.fullmatch(lines[1]) is None:
        return False
    columns = lines[1].count("|") - 1
    return all(_is_row(line, columns) for line in (lines[0], *lines[2:]))


def _is_row(line: str, columns: int) -> bool:
    if not (line.startswith("| ") and line.endswith(" |") and len(line) > 4):
        return False
    cells = line[2:-2].split(" | ")
    return len(cells) == columns and all(_cell().fullmatch(cell) is not None for cell in cells)


def _quotation(lines: Sequence[str], allowed: _Allowed) -> _Form:
    """A quotation is known if all in it is, and one blank line stands between its blocks."""
    if not allowed.quotations or not all(line == ">" or line.startswith("> ") for line in lines):
        return _Form.UNKNOWN
    inside = [line[2:] for line in lines]
    parts = _joined(_parts(inside, _Allowed(titles=False, links=allowed.links, quotations=False)))
    if not parts or any(part.form is _Form.UNKNOWN for part in parts):
        return _Form.UNKNOWN
    tidy = "\n\n".join("\n".join(inside[part.start : part.end]) for part in parts).split("\n")
    return _Form.KNOWN if inside == tidy else _Form.UNKNOWN
