"""Turns blocks of raw HTML into Markdown blocks: what readers see of them, without the HTML."""

import re
from collections.abc import Sequence

from docsfy_action.verify.inline import InlineBuilder, LinkRewriter
from docsfy_action.verify.tags import SILENT, Tag, pieces
from docsfy_action.verify.tree import Block, Fence, Inline, Items, Paragraph, Rule, Span, Title

_HEADING = re.compile(r"h[1-6]")
_BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure"
    " footer form header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr"
    " ul".split()
)


def html_blocks(source: str, link: LinkRewriter | None) -> tuple[Block, ...]:
    """The readable content of an HTML block, which may be only the beginning or the end of an element."""
    reader = _HtmlReader(link)
    for piece in pieces(source):
        reader.piece(piece)
    return reader.result()


class _HtmlReader:
    def __init__(self, link: LinkRewriter | None) -> None:
        self._builder = InlineBuilder(link=link)
        self._out: list[Block] = []
        self._kind = ""
        self._pre: list[str] | None = None
        self._silent = 0

    def piece(self, piece: Tag | str) -> None:
        """Take in a tag or a text."""
        if isinstance(piece, str):
            if self._pre is not None:
                self._pre.append(piece)
            elif not self._silent:
                self._builder.text(piece)
        elif piece.name in SILENT:
            self._silent = max(0, self._silent + (-1 if piece.closing else 1))
        elif self._silent:
            return
        elif piece.name == "pre" and piece.closing:
            self._end_pre()
        elif self._pre is not None:
            return
        elif piece.name in _BLOCK or _HEADING.fullmatch(piece.name) is not None:
            self._flush()
            if piece.closing:
                self._kind = ""
            else:
                self._open(piece.name)
        else:
            self._builder.tag(piece)

    def result(self) -> tuple[Block, ...]:
        """All blocks."""
        self._end_pre()
        self._flush()
        return tuple(_gathered(self._out))

    def _end_pre(self) -> None:
        text = "".join(self._pre or ()).strip("\n")
        self._pre = None
        if text.strip():
            self._out.append(Fence(language="text", text=text))

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
