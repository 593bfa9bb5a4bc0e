"""Reads a Markdown document with a CommonMark parser: blocks by the parser, their text sliced from the source."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docsfy_action.facts.formats.syntax.document import MAX_BODY, MAX_SAMPLE, Parts, Sample, Section, document
from docsfy_action.facts.formats.syntax.flow import Flow, escaped, flow_of, html_text, word_count
from docsfy_action.facts.formats.syntax.lead import Candidate, Kind, choose_lead, is_admonition
from docsfy_action.facts.formats.syntax.text import one_line
from docsfy_action.facts.model import Document, Heading

_FRONT_TITLE = re.compile(r"""title:[ \t]*(?P<quote>["']?)(?P<title>.*?)(?P=quote)[ \t]*""")
_HEADING_TAIL = re.compile(r"(?:\s\{[#.:][^{}]*\}|\s?\[[¶#]\]\([^)]*\))$")
_HTML_TITLE = re.compile(r"<h1\b[^>]*>")
_LABEL = re.compile(r"\[([^\[\]]{1,200})\]")
_DEFINED = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:", re.MULTILINE)
_EMOJI_NAME = re.compile(r":[a-z0-9_+-]{2,40}:")
_LANGUAGE = re.compile(r"\{?\s*\.?(?P<name>[A-Za-z][\w+#.-]*)")
_PLAIN_HEADING = re.compile(r"[^\[\]!<&*_`\\:{]*")
MAX_LINES = 20_000
_MAX_SECTIONS = 2_000
_MAX_PARAGRAPH = 2_500
_MAX_HEADING = 300
_MAX_FRONT_MATTER = 200
_MAX_CANDIDATES = 60

References = dict[str, dict[str, str]]


@cache
def _blocks() -> MarkdownIt:
    # Inline rules take most of a parser's time; they run only on the few paragraphs and headings that need them.
    return MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])


@cache
def _inline() -> MarkdownIt:
    return MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    lines: Sequence[str]
    tokens: Sequence[Token]
    references: References
    comments: frozenset[int]
    block_ends: Sequence[int]

    def flow(self, content: str) -> Flow:
        tokens = _inline().parseInline(content, {"references": self.references})
        return flow_of(tokens[0].children or ())

    def body(self, start: int, end: int) -> str:
        """Lines from `start` up to `end` with the definitions of the links they use, comments taken out."""
        lines = range(start, self._bounded(start, end))
        text = "\n".join(self.lines[line] for line in lines if line not in self.comments).strip("\n")
        return "\n\n".join(filter(None, (text, "\n".join(self._definitions(text)))))

    def _bounded(self, start: int, end: int) -> int:
        """`end`, or the end of the last block before which the text stays within bounds."""
        size, limit = 0, start
        while limit < end and size <= MAX_BODY:
            size += len(self.lines[limit]) + 1
            limit += 1
        if size <= MAX_BODY:
            return end
        return max((line for line in self.block_ends if start < line < limit), default=start)

    def _definitions(self, text: str) -> Iterator[str]:
        if not self.references:
            return
        defined = {_normal(label) for label in _DEFINED.findall(text)}
        for label in dict.fromkeys(_normal(label) for label in _LABEL.findall(text)):
            if label in self.references and label not in defined:
                yield f"[{label.lower()}]: <{self.references[label]['href']}>"


def _normal(label: str) -> str:
    return " ".join(label.split()).upper()


def _is_comment(token: Token) -> bool:
    said = token.content.strip() if token.type == "html_block" else ""
    return said.startswith("<!--") and said.find("-->") == len(said) - 3


def read_markdown(text: str) -> Document:
    """The document that a Markdown text is; of a very long one its first `MAX_LINES` lines."""
    lines = text.split("\n")[:MAX_LINES]
    front_title = _take_front_matter(lines)
    environment: dict[str, References] = {}
    tokens = _blocks().parse("\n".join(lines), environment)
    references = {_normal(label): value for label, value in environment.get("references", {}).items()}
    comments = (line for token in tokens if token.map and _is_comment(token) for line in range(*token.map))
    source = _Source(
        lines=lines,
        tokens=tokens,
        references=references,
        comments=frozenset(comments),
        block_ends=[token.map[1] for token in tokens if token.level == 0 and token.map],
    )
    sections = tuple(islice(_sections(source), _MAX_SECTIONS))
    html_title = front_title or _html_title(tokens)
    title = _title(sections, tokens, has_other=bool(html_title))
    return document(
        Parts(
            sections=sections,
            samples=tuple(_samples(tokens)),
            lead=choose_lead(_candidates(source, sections, title)),
            title=html_title,
            title_heading=title.heading if title else None,
            lines=len(lines),
            body=source.body,
        )
    )


def _take_front_matter(lines: list[str]) -> str:
    """Blanks out the metadata before a document, so that line numbers stay; its title."""
    if not lines or lines[0].rstrip() != "---":
        return ""
    ends = (at for at, line in enumerate(lines[1:_MAX_FRONT_MATTER], start=1) if line.rstrip() in ("---", "..."))
    end = next(ends, 0)
    titles = (match["title"] for line in lines[1:end] if (match := _FRONT_TITLE.fullmatch(line)))
    title = one_line(next(titles, ""))
    lines[: end + 1] = [""] * (end + 1) if end else lines[:1]
    return title


def _sections(source: _Source) -> Iterator[Section]:
    for token, inside in zip(source.tokens, source.tokens[1:], strict=False):
        if token.type == "heading_open" and token.level == 0 and token.map:
            text = plain_heading(source, inside.content)
            if text:
                heading = Heading(level=int(token.tag[1:]), text=text, line=token.map[0] + 1)
                yield Section(heading=heading, start=token.map[0], end=token.map[1])


def plain_heading(source: _Source, content: str) -> str:
    """A heading's text without marks, images, anchors and the names of emoji."""
    content = _HEADING_TAIL.sub("", " ".join(content.split())[:_MAX_HEADING])
    if _PLAIN_HEADING.fullmatch(content):
        return one_line(content)
    return one_line(_EMOJI_NAME.sub("", source.flow(content).plain))


def _html_title(tokens: Sequence[Token]) -> str:
    for token in tokens[:30]:
        if token.type == "html_block" and (start := _HTML_TITLE.search(token.content.lower())):
            inside = token.content[start.end() :]
            end = inside.lower().find("</h1>")
            return one_line(html_text(inside[: end if end >= 0 else None]))
    return ""


def _candidates(source: _Source, sections: Sequence[Section], title: Section | None) -> Iterator[Candidate]:
    starts = [section.start for section in sections]
    in_container = False
    found = 0
    for at, token in enumerate(source.tokens):
        in_container, skipped = _container(token, in_container)
        if skipped or token.map is None:
            continue
        place = bisect_right(starts, token.map[0])
        above = sections[place - 1] if place else title
        section = "" if above is title or above is None else above.heading.text
        flow: Flow | None = None
        if token.type == "html_block":
            text = html_text(token.content)
            if token.content.count("<a") < 2:
                flow = Flow(markdown=escaped(text), plain=text, links=0, loose=word_count(text))
        elif token.type == "paragraph_open" and _is_prose(source.tokens, at):
            content = source.tokens[at + 1].content
            flow = None if is_admonition(content) or len(content) > _MAX_PARAGRAPH else source.flow(content)
        if flow is not None:
            found += 1
            kind = Kind.HTML if token.type == "html_block" else Kind.PARAGRAPH
            yield Candidate(flow=flow, section=section, kind=kind)
        if found > _MAX_CANDIDATES:
            return


def _is_prose(tokens: Sequence[Token], at: int) -> bool:
    """Whether a paragraph stands by itself, or alone in a quotation: many projects put their one sentence there."""
    if tokens[at].level == 0:
        return True
    is_quoted = tokens[at].level == 1 and tokens[at - 1].type == "blockquote_open"
    # A quotation that is one, with its marks, is somebody's word or a joke.
    return is_quoted and tokens[at + 1].content.lstrip("*_ ")[:1] not in "\"'“‘«"


def _container(token: Token, inside: bool) -> tuple[bool, bool]:
    """(whether a `:::` container is open after this token, whether the token belongs to one)."""
    if token.type != "inline" or ":::" not in token.content:
        return inside, inside
    for line in token.content.split("\n"):
        if line.startswith(":::"):
            inside = bool(line.strip(": "))
    return inside, True


def _title(sections: Sequence[Section], tokens: Sequence[Token], *, has_other: bool) -> Section | None:
    """The heading that is the document's title: one of level 1, or the first if nothing else is before it."""
    top = next((section for section in sections if section.heading.level == 1), None)
    if top is not None or not sections or has_other:
        return top
    before = (token for token in tokens if token.map and token.map[0] < sections[0].start)
    return None if any(token.type == "paragraph_open" for token in before) else sections[0]


def _samples(tokens: Sequence[Token]) -> Iterator[Sample]:
    for token in tokens:
        text = token.content.strip("\n")
        if token.type not in ("fence", "code_block") or not text.strip() or len(text) > MAX_SAMPLE or not token.map:
            continue
        language = _LANGUAGE.match(token.info.strip())
        above = token.content[: len(token.content) - len(token.content.lstrip("\n"))].count("\n")
        line = token.map[0] + 1 + (token.type == "fence") + above
        yield Sample(language=language["name"] if language else "", text=text, line=line)
