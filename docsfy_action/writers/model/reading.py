"""Reads a completion as a page: what stands around the page is taken off, what is no whole page is rejected with reasons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from docsfy_action.verify.findings import Finding
from docsfy_action.verify.inline import LinkRewriter
from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.reading import parser, read
from docsfy_action.verify.slugs import slugify
from docsfy_action.verify.writing import write
from docsfy_action.writers.model.diagrams import draw_diagrams
from docsfy_action.writers.model.shaping import shape

END = "<!-- end of page -->"
LONGEST = 300_000

_THINKING = re.compile(r"<(/?)think(?:ing)?>", re.IGNORECASE)
_BLANK = re.compile(r"\s*")
_WRAPPER = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?:(?:markdown|md|mdx|commonmark|gfm)[ \t]*)?", re.IGNORECASE)
_TITLE = re.compile(r" {0,3}#[ \t].*")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_REFUSAL = re.compile(
    r"(?:i['’]?m sorry|sorry|i apologi[sz]e|unfortunately|i (?:can(?:no|['’])t|am (?:un|not )able|won['’]t)|as an ai)\b",
    re.IGNORECASE,
)
# What is looked at of a text to see whether a page begins there.
_WINDOW = 500
# A remark before the page is no longer than this, in lines and characters.
_REMARK_LINES = 6
_REMARK_CHARACTERS = 600


class Rejection(StrEnum):
    """What a completion is that is no page."""

    EMPTY = "empty"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    NO_PAGE = "no page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page in the page format, with the title asked for. `notes` say what was taken off or put right, `findings` what
    is wrong with its form and cannot be put right here; their `text` stands on the page as it is."""

    markdown: str
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """No page, and why, in sentences for the model that is asked again and for people."""

    kind: Rejection
    reasons: tuple[str, ...]


def read_completion(text: str, *, title: str, slug: str = "", link: LinkRewriter | None = None) -> Read | Rejected:
    """The page in a completion. Any text is accepted, in time that grows with its length; code on the page stays as it
    is, character for character. `link` is asked about relative link targets, as by `normalise`."""
    if not text.strip():
        return Rejected(kind=Rejection.EMPTY, reasons=("The answer was empty.",))
    if len(text) > LONGEST:
        reason = f"The answer has {len(text)} characters; a page has at most {LONGEST}."
        return Rejected(kind=Rejection.NO_PAGE, reasons=(reason,))
    notes: list[str] = []
    said = _without_thinking(_plain_lines(text), title, notes)
    if said is None:
        return Rejected(kind=Rejection.TRUNCATED, reasons=("The answer holds thoughts, and no page after them.",))
    body = _body(said, title, notes)
    if body is None:
        return _incomplete(said)
    tokens = parser().parse(f"{body}\n\n{END}\n")
    if not (tokens[-1].type == "html_block" and tokens[-1].content.strip() == END):
        reason = "A code fence, HTML element or HTML comment is opened and never closed, so the page does not end."
        return Rejected(kind=Rejection.TRUNCATED, reasons=(reason,))
    if any(_THINKING.search(piece) for piece in _markup(tokens[:-1])):
        reason = "Thoughts in `<think>` stand inside the page. Answer with the page alone."
        return Rejected(kind=Rejection.NO_PAGE, reasons=(reason,))
    return _page(body, tokens[:-1], title, slug, link, notes)


def _page(
    body: str, tokens: list[Token], title: str, slug: str, link: LinkRewriter | None, notes: list[str]
) -> Read | Rejected:
    drawn = draw_diagrams(read(body, link=link), tokens, slug)
    shaped = shape(drawn.blocks, title)
    if not any(len(write((block,)).strip()) > 0 for block in shaped.blocks[1:]):
        first = next((line for line in body.split("\n") if line.strip()), "")
        return Rejected(kind=Rejection.NO_PAGE, reasons=(f"The answer holds no page, only: {first[:200]}",))
    if not shaped.titled and _is_remark(body):
        return _refused(body)
    markdown = _stable(write(shaped.blocks))
    findings = list(drawn.findings)
    if not shaped.titled:
        message = f"The page does not begin with its title, `# {title}`; it was put there."
        findings.append(Finding(kind="format", slug=slug, text="", heading="", line=1, message=message))
    return Read(markdown=markdown, notes=(*notes, *shaped.notes), findings=tuple(findings))


def _stable(markdown: str) -> str:
    """The same page in the form that is not changed any more."""
    for _ in range(4):
        again = normalise(markdown)
        if again == markdown:
            break
        markdown = again
    return markdown


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").lstrip("\ufeff")


def _incomplete(said: str) -> Rejected:
    """Why an answer without the end mark is none."""
    if _is_remark(said):
        return _refused(said)
    reason = f"The last line is not `{END}`: the answer was cut off or not finished."
    return Rejected(kind=Rejection.TRUNCATED, reasons=(reason,))


def _refused(said: str) -> Rejected:
    first = " ".join(said.split())[:200]
    if _REFUSAL.match(said.strip()) is not None:
        return Rejected(kind=Rejection.REFUSED, reasons=(f"The model would not write the page: {first}",))
    return Rejected(kind=Rejection.NO_PAGE, reasons=(f"The answer holds no page, only: {first}",))


def _is_remark(said: str) -> bool:
    """Whether this is a few sentences without any heading."""
    lines = [line for line in said.split("\n") if line.strip()]
    no_page = not any(_HEADING.match(line) for line in lines)
    return no_page and len(lines) <= _REMARK_LINES and len(said.strip()) <= _REMARK_CHARACTERS


def _without_thinking(text: str, title: str, notes: list[str]) -> str | None:
    """The text without thoughts in front of the page; None where nothing but thoughts is left."""
    at = _after_blank(text, 0)
    opened = _THINKING.match(text, at)
    if opened is not None and not opened[1]:
        notes.append("thoughts before the page were left out")
    while (opened := _THINKING.match(text, at)) is not None and not opened[1]:
        end = _end_of_thinking(text, at)
        if end is None:
            return _after_open_thinking(text, at, title)
        at = _after_blank(text, end)
    return _after_stray_end(text[at:], title, notes) if at < len(text) else None


def _after_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank is not None else at


def _end_of_thinking(text: str, at: int) -> int | None:
    """Where the thoughts that begin at `at` end; marks may be nested."""
    depth = 0
    for tag in _THINKING.finditer(text, at):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return None


def _after_stray_end(text: str, title: str, notes: list[str]) -> str:
    """Some services keep the opening mark to themselves. Only what cannot be the page is taken for thoughts."""
    if _begins_page(text, 0):
        return text
    start = _last_start(text, 0, _first_title(text, title))
    if start is None:
        return text
    notes.append("thoughts before the page were left out")
    return text[start:]


def _after_open_thinking(text: str, at: int, title: str) -> str | None:
    """Thoughts whose end is not marked: the page begins behind the last mark before a title, else at its own title."""
    start = _last_start(text, at, len(text))
    if start is not None:
        return text[start:]
    wanted = slugify(title)
    starts = [begin for begin, line in _lines(text) if begin >= at and _is_title(line, wanted)]
    return text[starts[-1] :] if starts else None


def _last_start(text: str, begin: int, end: int) -> int | None:
    """Behind the last closing mark, and other marks right behind it, after which a page begins."""
    found: int | None = None
    closed, reached = False, -1
    for tag in _THINKING.finditer(text, begin, end):
        closed = bool(tag[1]) or (closed and tag.start() == reached)
        reached = _after_blank(text, tag.end())
        if closed and _begins_page(text, reached):
            found = reached
    return found


def _begins_page(text: str, at: int) -> bool:
    """Whether a title, a fence around one, or front matter begins at `at`."""
    first, *rest = text[at : at + _WINDOW].split("\n")
    if _TITLE.fullmatch(first) is not None or first.strip() == "---":
        return True
    following = next((line for line in rest if line.strip()), "")
    return _WRAPPER.fullmatch(first) is not None and _TITLE.fullmatch(following) is not None


def _first_title(text: str, title: str) -> int:
    wanted = slugify(title)
    return next((start for start, line in _lines(text) if _is_title(line, wanted)), len(text))


def _is_title(line: str, wanted: str) -> bool:
    return _TITLE.fullmatch(line) is not None and slugify(line.lstrip(" #\t").rstrip(" #\t")) == wanted


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _body(said: str, title: str, notes: list[str]) -> str | None:
    """The lines of the page, without a fence around all of it; None where the end mark is missing."""
    lines = said.split("\n")
    end = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].rstrip().endswith(END)), None)
    if end is None:
        return None
    if any(line.strip() and _WRAPPER.fullmatch(line) is None for line in lines[end + 1 :]):
        notes.append("a remark behind the page was left out")
    lines = [*lines[:end], lines[end].rstrip().removesuffix(END)]
    start = _wrapper(lines, slugify(title))
    if start is None:
        return "\n".join(lines)
    notes.append("a fence around the page was taken off")
    mark = _WRAPPER.fullmatch(lines[start])
    inner = lines[start + 1 :]
    last = next((at for at in range(len(inner) - 1, -1, -1) if inner[at].strip()), -1)
    if mark is not None and last >= 0 and _closes(inner[last], mark["mark"]) and not _is_closed("\n".join(inner)):
        inner = inner[:last]
    return "\n".join(inner)


def _wrapper(lines: list[str], wanted: str) -> int | None:
    """The line of a fence that holds the whole page, behind at most a remark."""
    remarks = 0
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if _WRAPPER.fullmatch(line) is not None:
            following = next((one for one in lines[at + 1 :] if one.strip()), "")
            first = not remarks and _begins_page(following, 0)
            return at if first or _is_title(following, wanted) else None
        remarks += 1
        if remarks > _REMARK_LINES or _HEADING.match(line) is not None or line.lstrip().startswith(("```", "~~~")):
            return None
    return None


def _closes(line: str, mark: str) -> bool:
    bare = line.strip()
    return bare.startswith(mark) and not bare.strip(mark[0])


def _is_closed(body: str) -> bool:
    """Whether no fence is open at the end of the text."""
    tokens = parser().parse(f"{body}\n\n{END}\n")
    return tokens[-1].type == "html_block"


def _markup(tokens: list[Token]) -> Iterator[str]:
    """Raw HTML outside code."""
    for token in tokens:
        if token.type == "html_block":
            yield token.content
        for child in token.children or ():
            if child.type == "html_inline":
                yield child.content
