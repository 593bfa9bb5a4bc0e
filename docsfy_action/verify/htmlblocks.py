"""Turns blocks of raw HTML into Markdown blocks: what readers see of them, without the HTML."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from docsfy_action.verify.inline import InlineBuilder, LinkRewriter
from docsfy_action.verify.tags import SILENT, Tag, is_html
from docsfy_action.verify.tree import Block, Fence, Inline, Items, Paragraph, Rule, Span, Title

_HEADING = re.compile(r"h[1-6]")
_BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form"
    " header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset("br img hr wbr input source embed col".split())


def html_blocks(source: str, link: LinkRewriter | None) -> tuple[Block, ...]:
    """The readable content of an HTML block, which may be only the beginning or the end of an element."""
    reader = _HtmlReader(link)
    reader.feed(source)
    reader.close()
    return reader.result()


class _HtmlReader(HTMLParser):
    def __init__(self, link: LinkRewriter | None) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = InlineBuilder(link=link)
        self._out: list[Block] = []
        self._kind = ""
        self._pre: list[str] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not is_html(tag, attributes=bool(attrs)):
            self.handle_data(self.get_starttag_text() or "")
        elif tag in SILENT:
            self._silent += 1
        elif tag in _BLOCK or _HEADING.fullmatch(tag):
            self._flush()
            self._open(tag)
        elif not self._silent and self._pre is None:
            values = tuple((key, value or "") for key, value in attrs)
            self._builder.tag(Tag(name=tag, closing=False, attributes=values))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "pre" and self._pre is not None:
            text = "".join(self._pre).strip("\n")
            self._pre = None
            self._out += [Fence(language="text", text=text)] if text.strip() else []
        elif tag in _BLOCK or _HEADING.fullmatch(tag):
            self._flush()
            self._kind = ""
        elif not self._silent and self._pre is None and tag not in _VOID:
            if is_html(tag, attributes=False):
                self._builder.tag(Tag(name=tag, closing=True, attributes=()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID or not is_html(tag, attributes=bool(attrs)):
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._pre is not None:
            self._pre.append(data)
        else:
            self._builder.text(data)

    def result(self) -> tuple[Block, ...]:
        """All blocks."""
        if self._pre is not None:
            self.handle_endtag("pre")
        self._flush()
        return tuple(_gathered(self._out))

    def _open(self, tag: str) -> None:
        if tag == "hr":
            self._out.append(Rule())
        elif tag == "pre":
            self._pre = []
        elif tag in ("td", "th") or (tag == "p" and self._kind == "li"):
            pass
        else:
            self._kind = tag

    def _flush(self) -> None:
        children: tuple[Inline, ...] = self._builder.result()
        if not children:
            return
        if _HEADING.fullmatch(self._kind):
            self._out.append(Title(level=int(self._kind[1]), children=children))
        elif self._kind in ("summary", "caption", "legend", "dt"):
            self._out.append(Paragraph(children=(Span(kind="strong", children=_unmarked(children)),)))
        elif self._kind == "li":
            self._out.append(Items(start=None, loose=False, items=((Paragraph(children=children),),)))
        else:
            self._out.append(Paragraph(children=children))


def _unmarked(children: Sequence[Inline]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for child in children:
        out += child.children if isinstance(child, Span) and child.kind != "quote" else [child]
    return tuple(out)


def _gathered(blocks: Sequence[Block]) -> list[Block]:
    """Neighbouring list items as one list."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if isinstance(block, Items) and isinstance(last, Items):
            out[-1] = Items(start=None, loose=False, items=(*last.items, *block.items))
        else:
            out.append(block)
    return out
