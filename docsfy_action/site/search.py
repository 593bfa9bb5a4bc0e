"""The search index: byte for byte what Material's plugin writes, with known pages recalled and the rest read fast."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from html import escape, unescape
from pathlib import Path

from material.plugins.search.plugin import Parser, SearchIndex, SearchPlugin, void
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from docsfy_action.site.pages import RememberedPage

_CODE = re.compile(r"<pre><span></span><code>.*?</code></pre>", re.DOTALL)
_DIAGRAM = re.compile(r"<pre class=\"mermaid\" data-search-exclude>.*?</pre>", re.DOTALL)
_COLOUR = re.compile(r"</?span\b[^>]*>|<a id=\"__[^>]*></a>")
_SEARCH_ATTRIBUTE = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*)>")
_ID = re.compile(r"\sid=\"([^\"]*)\"")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEPT = frozenset({"p", "code", "pre", "li", "ol", "ul", "sub", "sup"})
_UNUSUAL = re.compile(
    r"<(?:[!?A-Z]|/?(?:script|style|object|textarea|title|xmp|iframe|noembed|noframes|plaintext|noscript)\b)"
    r"|data-search-exclude|linenodiv"
)
"""What Material's parser treats in ways of its own, and our fast one leaves to it."""


class RememberingSearch(SearchPlugin):  # type: ignore[misc]  # Material is published without types
    """Material's search plugin, which remembers pages, and writes a copy of the index for pages opened from disk."""

    def __init__(self) -> None:
        super().__init__()
        self._fragments: list[str] = []

    def on_config(self, config: MkDocsConfig) -> None:
        """Words are found by the rules of the site's language and of English, in which code and the embedded writer speak."""
        chosen = bool(self.config.lang)
        super().on_config(config)
        if self.config.enabled and not chosen and "en" not in self.config.lang:
            self.config.lang = [*self.config.lang, "en"]

    def on_page_context(self, context: TemplateContext, *, page: Page, **_: object) -> TemplateContext:
        """Take or make the entries of a page."""
        if self.config.enabled and isinstance(page, RememberedPage):
            if page.recalled is None:
                page.search = entries_as_json(page)
                page.content = _SEARCH_ATTRIBUTE.sub("", page.content or "")
            if page.search:
                self._fragments.append(page.search)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the index."""
        if not self.config.enabled:
            return
        options = {key: self.config[key] for key in ("lang", "separator", "pipeline", "fields")}
        head = json.dumps(options, separators=(",", ":"), default=str)
        index = f'{{"config":{head},"docs":[{",".join(self._fragments)}]}}'
        folder = Path(config.site_dir) / "search"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "search_index.json").write_text(index, encoding="utf-8")
        # Browsers fetch nothing for a page opened from disk, but they do load a script.
        (folder / "search_index.js").write_text(f"var __index = {index}", encoding="utf-8")


class Section:
    """The text below one heading, in pieces as Material keeps it; `depth` is that of the heading's element."""

    __slots__ = ("depth", "id", "tag", "text", "title")

    def __init__(self, tag: str, depth: float) -> None:
        self.tag = tag
        self.depth = depth
        self.id: str | None = None
        self.title: list[str] = []
        self.text: list[str] = []


def entries_as_json(page: Page) -> str:
    """The entries of one page, as Material makes them, as JSON objects joined by commas."""
    if (page.meta.get("search") or {}).get("exclude"):
        return ""
    index = SearchIndex()
    for section in sections(page.content or ""):
        index.create_entry_for_section(section, page.toc, page.url, page)
    return json.dumps(index.entries, separators=(",", ":"), default=str)[1:-1]


def sections(html: str) -> list[Section]:
    """The sections of a page's HTML as Material's parser finds them."""
    html = without_colours(_DIAGRAM.sub("", html))
    found = None if _UNUSUAL.search(html) else _Reader().read(html)
    if found is None:
        parser = Parser()
        # It stumbles over elements nested in an excluded one of the same name; what it has read till then is kept.
        with suppress(ValueError):
            parser.feed(html)
            parser.close()
        found = [section for section in parser.data if not section.is_excluded()]
    return found


def without_colours(html: str) -> str:
    """HTML with the spans of highlighted code removed: the index drops them anyway, one by one and slowly."""
    return _CODE.sub(lambda match: _COLOUR.sub("", match[0]), html)


class _Reader:
    """Does what Material's parser does, for HTML as Python-Markdown writes it, in about a quarter of the time."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self._section = Section("hx", 0)
        self._context: list[str] = []
        self._permalinks: list[bool] = []

    def read(self, html: str) -> list[Section] | None:
        """The sections, or None for HTML that is better left to a complete parser."""
        end = 0
        for match in _TAG.finditer(html):
            start = match.start()
            if start > end and not self._data(html[end:start]):
                return None
            end = match.end()
            closing, tag, attributes = match.groups()
            if "'" in attributes or tag in void:
                if "'" in attributes:
                    return None
            elif closing:
                self._close(tag)
            else:
                self._open(tag, attributes)
                if attributes.endswith("/"):
                    self._close(tag)
        if end < len(html) and not self._data(html[end:]):
            return None
        return self._sections

    def _open(self, tag: str, attributes: str) -> None:
        self._context.append(tag)
        self._permalinks.append(tag == "a" and ' class="headerlink"' in attributes)
        if tag in _HEADINGS and (anchor := _ID.search(attributes)):
            if tag != "h1" and not self._sections:
                self._sections.append(Section("hx", len(self._context)))
            self._section = Section(tag, len(self._context))
            if self._sections:
                self._section.id = unescape(anchor[1])
            self._sections.append(self._section)
        self._ensure_section()
        if tag in _KEPT:
            self._pieces().append(f"<{tag}>")

    def _close(self, tag: str) -> None:
        if not self._context or self._context[-1] != tag:
            return
        if self._section.depth > len(self._context):
            self._leave_section()
        self._context.pop()
        self._permalinks.pop()
        if tag in _KEPT:
            self._close_kept(tag)

    def _leave_section(self) -> None:
        """A heading inside an element ends with it: what follows belongs to the section around."""
        for section in reversed(self._sections):
            if section.depth <= len(self._context):
                self._section.depth = float("inf")
                self._section = section
                return

    def _close_kept(self, tag: str) -> None:
        pieces = self._pieces()
        first = pieces.index(f"<{tag}>")
        if all(piece.isspace() for piece in _after(pieces, first)):
            del pieces[first:]
        else:
            pieces.append(f"</{tag}>")

    def _data(self, text: str) -> bool:
        """Take text between tags; False where it holds what could be a tag after all."""
        if "<" in text:
            return False
        if "&" in text:
            text = unescape(text)
        in_code = "pre" in self._context
        blank = text.isspace()
        if not in_code:
            text = " " if blank else text.replace("\n", " ")
        self._ensure_section()
        if self._section.tag in self._context:
            if True not in self._permalinks:
                self._section.title.append(escape(text, quote=False))
        elif not blank or in_code or not self._section.text or not self._section.text[-1].isspace():
            self._section.text.append(escape(text, quote=False))
        return True

    def _ensure_section(self) -> None:
        if not self._sections:
            self._section = Section("hx", 0)
            self._sections.append(self._section)

    def _pieces(self) -> list[str]:
        return self._section.title if self._section.tag in self._context else self._section.text


def _after(pieces: list[str], first: int) -> Iterator[str]:
    return (pieces[position] for position in range(first + 1, len(pieces)))
