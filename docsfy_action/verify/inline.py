"""Builds inline nodes out of markdown-it's tokens and out of the inline HTML that foreign Markdown is full of."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from markdown_it.token import Token

from docsfy_action.verify.images import image
from docsfy_action.verify.tags import CODE, EMPHASIS, SILENT, Tag, read_tag
from docsfy_action.verify.tidying import emphasised, text_of, tidy, tidy_edges, trimmed, without_breaks
from docsfy_action.verify.tree import Autolink, Break, Code, Emphasis, Inline, Link, Text

LinkRewriter: TypeAlias = Callable[[str], "str | None"]
_EMPHASIS_TOKENS: Mapping[str, "_Kind"] = {"strong": "strong", "em": "em", "s": "strike", "link": "link"}
_Kind: TypeAlias = Literal["root", "silent", "code", "link"] | Emphasis

_TAG_KINDS: Mapping[str, _Kind] = {
    **EMPHASIS,
    **dict.fromkeys(CODE, "code"),
    **dict.fromkeys(SILENT, "silent"),
    "a": "link",
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ALLOWED_SCHEMES = frozenset({"http:", "https:", "mailto:", "src:", "doc:", "commit:"})
_LOWER_NAME = re.compile(r"[a-z][a-z0-9_]*")
# The names that Python gives a meaning when two underscores stand on both sides; any other `__word__` is bold.
_DUNDERS = frozenset(
    "abs add aenter aexit aiter all and anext annotations author await bases bool buffer builtins bytes"
    " cached call ceil class closure code complex contains copy debug deepcopy defaults del delattr delete"
    " delitem dict dir div divmod doc enter eq exit file float floor floordiv format fspath func future ge get"
    " getattr getattribute getitem getnewargs getstate globals gt hash iadd iand import imul index init"
    " init_subclass instancecheck int invert ior isub iter le len length_hint loader lshift lt main match_args"
    " matmul metaclass missing mod module mro mul name ne neg new next or pos post_init pow prepare qualname"
    " radd reduce reduce_ex repr reversed round rshift self set set_name setattr setitem setstate signature"
    " sizeof slots spec str sub subclasscheck subclasses subclasshook traceback truediv trunc version weakref"
    " wrapped xor".split()
)


@dataclass(slots=True, kw_only=True)
class _Frame:
    """Markup that is open; `kind` is an emphasis, `link`, `code`, `silent` or `root`."""

    kind: _Kind
    target: str = ""
    markup: str = ""
    children: list[Inline] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class InlineBuilder:
    """Takes inline markup piece by piece and gives it back as nodes that are safe to publish.

    `link` rewrites relative link targets; None from it leaves the link's text. Without it they stay.
    """

    link: LinkRewriter | None = None
    _frames: list[_Frame] = field(default_factory=lambda: [_Frame(kind="root")])
    _images: int = 0
    _words: bool = False

    def text(self, text: str) -> None:
        """Characters."""
        if text:
            self._words = self._words or not text.isspace()
            self._add(Text(text=text))

    def code(self, text: str) -> None:
        """A code span."""
        self._words = True
        self._add(Code(text=text))

    def line_break(self) -> None:
        """A line break that the author asked for."""
        self._add(Break())

    def open(self, kind: _Kind, *, target: str = "", markup: str = "") -> None:
        """Emphasis or a link begins."""
        self._frames.append(_Frame(kind=kind, target=target, markup=markup))

    def close(self, kind: _Kind) -> None:
        """It ends, together with all that was opened inside and not closed; without an opening nothing happens."""
        if any(frame.kind == kind for frame in self._frames[1:]):
            while True:
                frame = self._frames.pop()
                self._frames[-1].children += self._closed(frame)
                if frame.kind == kind:
                    break

    def image(self, source: str, alt: str) -> None:
        """An image."""
        linked = any(frame.kind == "link" for frame in self._frames)
        node = image(source, alt, None if linked else self._target(source))
        if node is not None:
            self._images += 1
            self._add(node)

    def tag(self, tag: Tag) -> None:
        """An inline HTML tag that is not block structure."""
        name = tag.name
        if name == "br":
            self.line_break()
        elif name == "img":
            self.image(tag.attribute("src"), tag.attribute("alt"))
        else:
            kind = _TAG_KINDS.get(name)
            if kind is not None and tag.closing:
                self.close(kind)
            elif kind is not None:
                self.open(kind, target=tag.attribute("href"))

    def tokens(self, tokens: Sequence[Token]) -> None:
        """The children of one of markdown-it's inline tokens."""
        for token in tokens:
            match token.type:
                case "text":
                    self.text(token.content)
                case "softbreak":
                    self._add(Text(text=" "))
                case "hardbreak":
                    self.line_break()
                case "code_inline":
                    self.code(token.content)
                case "image":
                    self.image(str(token.attrs.get("src", "")), _plain(token.children or ()))
                case "html_inline":
                    self._html(token.content)
                case "link_open":
                    self.open("link", target=str(token.attrs.get("href", "")), markup=token.markup)
                case _:
                    self._emphasis(token)

    def _emphasis(self, token: Token) -> None:
        name, _, end = token.type.rpartition("_")
        kind = _EMPHASIS_TOKENS[name]
        if end == "open":
            self.open(kind, markup=token.markup)
        else:
            self.close(kind)

    def result(self) -> tuple[Inline, ...]:
        """All nodes so far; the builder is empty afterwards. Nothing but images from the web is nothing."""
        while len(self._frames) > 1:
            self.close(self._frames[-1].kind)
        children = [] if self._images and not self._words else self._frames[0].children
        self._frames = [_Frame(kind="root")]
        self._images, self._words = 0, False
        return tidy_edges(tidy(children, split=True))

    def _html(self, source: str) -> None:
        tag = read_tag(source)
        if tag is not None:
            self.tag(tag)
        elif not source.startswith(("<!", "<?")):
            self.text(source)

    def _add(self, node: Inline) -> None:
        self._frames[-1].children.append(node)

    def _target(self, target: str) -> str | None:
        """Where a link may go, None for nowhere."""
        target = target.strip()
        if target.startswith("//"):
            return f"https:{target}"
        scheme = _SCHEME.match(target)
        if scheme is not None:
            return target if scheme.group().lower() in _ALLOWED_SCHEMES else None
        if not target:
            return None
        return target if self.link is None else self.link(target)

    def _closed(self, frame: _Frame) -> list[Inline]:
        match frame.kind:
            case "silent" | "root":
                return []
            case "code":
                text = text_of(frame.children)
                return [Code(text=text)] if text.strip() else []
            case "link":
                return self._closed_link(frame)
            case "strong" if frame.markup == "__" and (name := self._dunder(frame)):
                return [name]
            case kind:
                return emphasised(kind, frame.children)

    def _closed_link(self, frame: _Frame) -> list[Inline]:
        inner = any(other.kind == "link" for other in self._frames)
        target = None if inner else self._target(frame.target)
        if frame.markup == "autolink":
            # Written as `<https://…>`: its text is its target.
            shown = text_of(frame.children)
            return [Text(text=shown) if target is None else Autolink(target=shown)]
        children = tidy(without_breaks(frame.children), split=False)
        if target is None or not text_of(children).strip():
            return children
        before, children, after = trimmed(children)
        return [*before, Link(target=target, children=tuple(children)), *after]

    def _dunder(self, frame: _Frame) -> Inline | None:
        """`__init__` is a name of Python's and not a bold `init`."""
        word = frame.children[0] if len(frame.children) == 1 else None
        if not isinstance(word, Text) or _LOWER_NAME.fullmatch(word.text) is None or word.text not in _DUNDERS:
            return None
        return Code(text=f"__{word.text}__")


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(
        " " if token.type == "softbreak" else token.content or _plain(token.children or ()) for token in tokens
    )
