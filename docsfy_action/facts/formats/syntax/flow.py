"""The inline part of a Markdown paragraph: as Markdown without images and HTML, as plain text, its share of links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from markdown_it.token import Token

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_+|_+(?![^\W_])|&(?=#?\w+;)")
_TAG = re.compile(r"<(?P<end>/?)\s*(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^>]*)>")
_HREF = re.compile(r"""\bhref\s*=\s*["']?(?P<href>[^"'\s>]+)""", re.IGNORECASE)
_HTML_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*"}
_WORD = re.compile(r"[^\W_]{2,}|[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """`markdown` and `plain` are one line each; `links` counts the links, `loose` the words outside of them."""

    markdown: str
    plain: str
    links: int
    loose: int


@dataclass(slots=True, kw_only=True)
class _Frame:
    kind: str
    before: str = ""
    after: str = ""
    is_raw: bool = False
    pieces: list[str] = field(default_factory=list)


class _Writer:
    def __init__(self) -> None:
        self._frames = [_Frame(kind="")]
        self._plain: list[str] = []
        self._loose: list[str] = []
        self._links = 0

    def take(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                self._text(token.content)
            case "code_inline":
                self._text(token.content, code=True)
            case "softbreak" | "hardbreak":
                self._text(" ")
            case "link_open":
                self._open_link(str(token.attrs.get("href", "")), "link", is_bare=token.info == "auto")
            case "strong_open" | "em_open":
                self._frames.append(_Frame(kind=token.type[:-5], before=token.markup, after=token.markup))
            case "link_close" | "strong_close" | "em_close":
                self._close(token.type[:-6])
            case "html_inline":
                self._html(token.content)

    def done(self) -> Flow:
        while len(self._frames) > 1:  # tags that are never closed
            pieces = self._frames.pop().pieces
            self._frames[-1].pieces += pieces
        plain = " ".join("".join(self._plain).split())
        markdown = " ".join("".join(self._frames[0].pieces).split())
        loose = word_count("".join(self._loose))
        return Flow(markdown=markdown, plain=plain, links=self._links, loose=loose)

    def _text(self, text: str, *, code: bool = False) -> None:
        is_raw = self._frames[-1].is_raw
        self._frames[-1].pieces.append(code_span(text) if code else text if is_raw else escaped(text))
        self._plain.append(text)
        if not any(frame.kind in ("link", "a") for frame in self._frames):
            self._loose.append(text)

    def _open_link(self, href: str, kind: str, *, is_bare: bool = False) -> None:
        self._links += 1
        before, after = ("<", ">") if is_bare else ("[", f"]({link_target(href)})")
        self._frames.append(_Frame(kind=kind, before=before, after=after, is_raw=is_bare))

    def _close(self, kind: str) -> None:
        if len(self._frames) == 1 or self._frames[-1].kind != kind:
            return
        frame = self._frames.pop()
        content = "".join(frame.pieces)
        inside = content.strip()
        if not inside:  # held nothing but an image
            self._frames[-1].pieces.append(" ")
            return
        lead, tail = content[: len(content) - len(content.lstrip())], content[len(content.rstrip()) :]
        self._frames[-1].pieces.append(f"{lead}{frame.before}{inside}{frame.after}{tail}")

    def _html(self, text: str) -> None:
        tag = _TAG.match(text)
        if tag is None:
            return
        name = tag["name"].lower()
        if name in ("br", "p", "div", "img", "li"):
            self._text(" ")
        elif tag["end"]:
            self._close(name)
        elif name == "a" and (href := _HREF.search(tag["attributes"])):
            self._open_link(href["href"], "a")
        elif name in _HTML_MARKS:
            self._frames.append(_Frame(kind=name, before=_HTML_MARKS[name], after=_HTML_MARKS[name]))


def flow_of(children: Sequence[Token]) -> Flow:
    """The flow of an inline token's children."""
    writer = _Writer()
    for child in children:
        writer.take(child)
    return writer.done()


def html_text(html: str) -> str:
    """The text of a piece of HTML on one line, without comments, scripts, tables and what is folded away."""
    html = _dropped(html, "<!--", "-->")
    for name in ("script", "style", "table", "details", "picture", "h1", "h2", "h3"):
        html = _dropped(html, f"<{name}", f"</{name}>")
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())


def _dropped(html: str, start: str, end: str) -> str:
    """`html` without what stands from each `start` to the next `end`."""
    lower, kept, at = html.lower(), [], 0
    if len(lower) != len(html):
        lower = html  # letters whose small form is longer: then only small tags are found
    while (begin := lower.find(start, at)) >= 0:
        kept.append(html[at:begin])
        finish = lower.find(end, begin)
        at = len(html) if finish < 0 else finish + len(end)
    return "".join((*kept, html[at:]))


def escaped(text: str) -> str:
    """Plain text as Markdown."""
    return _SPECIAL.sub(lambda match: "".join(f"\\{letter}" for letter in match[0]), text)


def link_target(href: str) -> str:
    """An address as the target of a link."""
    return f"<{href}>" if re.search(r"[()\s]", href) else href


def code_span(text: str) -> str:
    """`text` as a code span."""
    runs = [len(run) for run in re.findall(r"`+", text)]
    mark = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{mark}{blank}{text}{blank}{mark}"


def word_count(text: str) -> int:
    """Words of a text; scripts without blanks between words count by letters."""
    if text.isascii():
        return len(_WORD.findall(text))
    dense = sum(1 for letter in text if "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af")
    return len(_WORD.findall(text)) + dense // 2
