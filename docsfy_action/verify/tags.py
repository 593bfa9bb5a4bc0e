"""Inline HTML in foreign Markdown: which tags mean markup, and which are a writer's `<placeholder>`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from docsfy_action.verify.tree import Emphasis

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_PIECE = re.compile(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<![A-Za-z][^>]*>?"
    rf"|(?P<tag>{_TAG.pattern})|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
EMPHASIS: Mapping[str, Emphasis] = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "s": "strike",
    "del": "strike",
    "strike": "strike",
    "q": "quote",
}
CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
# Text inside these is no text for readers.
SILENT = frozenset({"script", "style", "svg", "iframe", "object", "template", "noscript"})
_HTML = frozenset(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn dir"
    " div dl dt em embed fieldset figcaption figure font h1 h2 h3 h4 h5 h6 hr i iframe img ins kbd li mark"
    " nobr noscript ol p picture pre q rp rt ruby s samp script small span strike strong style sub summary sup"
    " svg table tbody td tfoot th thead tr tt u ul var video wbr".split()
)
# As likely a placeholder as HTML when they stand alone: `<input>`, `<title>`.
_HTML_WITH_ATTRIBUTES = frozenset(
    "area article aside audio base body button canvas data defs footer form g head header html input label"
    " legend link main map meta nav object option output param path rect section select source template"
    " textarea time title track".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag that means HTML. Names are in lower case."""

    name: str
    closing: bool
    attributes: tuple[tuple[str, str], ...]

    def attribute(self, name: str) -> str:
        """The value of an attribute, empty where there is none."""
        return next((value for key, value in self.attributes if key == name), "")


def read_tag(source: str) -> Tag | None:
    """The tag that `source` (`<…>`) is, or None where it is no HTML."""
    match = _TAG.fullmatch(source)
    if match is None:
        return None
    name = match[2].lower()
    attributes = tuple(
        (found[1].lower(), found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(match[3])
    )
    if not is_html(name, attributes=bool(attributes)):
        return None
    return Tag(name=name, closing=bool(match[1]), attributes=attributes)


def is_html(name: str, *, attributes: bool) -> bool:
    """Whether a tag of this name is HTML rather than a placeholder."""
    return name in _HTML or (attributes and name in _HTML_WITH_ATTRIBUTES)


def pieces(source: str) -> Iterator[Tag | str]:
    """HTML as tags and text; comments and declarations left out, placeholders kept as text."""
    for match in _PIECE.finditer(source):
        if match["text"] is not None:
            yield unescape(match["text"])
        elif match["tag"] is not None:
            tag = read_tag(match["tag"])
            yield unescape(match["tag"]) if tag is None else tag
