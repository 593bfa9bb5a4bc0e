"""Markdown to HTML as MkDocs does it, with one Markdown instance for all pages, and what a page is remembered by."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages as mkdocs_pages
from mkdocs.structure.files import File, Files
from mkdocs.structure.toc import AnchorLink, TableOfContents

from docsfy_action.site.check import PageLinks

_JOINT = re.compile(r"(?<=\w)[._/](?=\w)")
_LONG_TITLE = 20
_RAW_ANCHOR = re.compile(r"\b(?:id|name)\s*=", re.IGNORECASE)

Json: TypeAlias = "str | int | bool | list[Json]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An entry of a page's table of contents; `title` is HTML."""

    title: str
    id: str
    level: int
    children: tuple["Heading", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is remembered of a converted page beside its HTML.

    `targets` are the documents its links need, `anchor_links` are (document, anchor, link as written), `search` holds
    its entries of the search index as JSON objects joined by commas, `links` what our own check needs.
    """

    headings: tuple[Heading, ...] = ()
    anchors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    anchor_links: tuple[tuple[str, str, str], ...] = ()
    search: str = ""
    links: PageLinks = field(default_factory=PageLinks)
    diagram: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """HTML of a page and what was learnt while it was made."""

    html: str
    headings: tuple[Heading, ...]
    anchors: set[str]
    targets: set[str]
    links_to_anchors: dict[File, dict[str, str]]


class Converter:
    """Does what `mkdocs.structure.pages.Page.render` does.

    Making a Markdown instance costs about as much as converting a short page. `reuse` is off where an extension may
    keep something from one page to the next.
    """

    def __init__(self, config: MkDocsConfig, *, reuse: bool) -> None:
        self._config = config
        self._reuse = reuse
        self._markdown: markdown.Markdown | None = None

    def convert(self, text: str, file: File, files: Files) -> Conversion:
        """Convert one document; MkDocs logs faults of its links as warnings."""
        md = self._instance()
        anchors = mkdocs_pages._ExtractAnchorsTreeprocessor(file, files, self._config)  # noqa: SLF001 - as in Page.render
        anchors._register(md)  # noqa: SLF001
        links = _LinkRecorder(file, files, self._config)
        links._register(md)  # noqa: SLF001
        found = anchors.present_anchor_ids
        if _RAW_ANCHOR.search(text):
            raw_html = mkdocs_pages._RawHTMLPreprocessor()  # noqa: SLF001
            raw_html._register(md)  # noqa: SLF001
            html = md.convert(text)
            found |= raw_html.present_anchor_ids
        else:
            md.preprocessors.deregister("mkdocs_raw_html", strict=False)
            html = md.convert(text)
        return Conversion(
            html=html,
            headings=_headings(getattr(md, "toc_tokens", [])),
            anchors=found,
            targets=links.targets,
            links_to_anchors=links.links_to_anchors,
        )

    def _instance(self) -> markdown.Markdown:
        if self._markdown is not None and self._reuse:
            return self._markdown.reset()
        self._markdown = markdown.Markdown(
            extensions=self._config["markdown_extensions"], extension_configs=self._config["mdx_configs"] or {}
        )
        return self._markdown


class _LinkRecorder(mkdocs_pages._RelativePathTreeprocessor):  # noqa: SLF001 - MkDocs has no public way to see links
    """MkDocs' own resolution of links, with the documents that were looked up kept."""

    def __init__(self, file: File, files: Files, config: MkDocsConfig) -> None:
        super().__init__(file, files, config)
        self.targets: set[str] = set()

    def path_to_url(self, url: str) -> str:
        try:
            scheme, netloc, path, _query, _anchor = urlsplit(url)
        except ValueError:  # such as https://[, which MkDocs would stumble over
            return url
        if path and not scheme and not netloc:
            self.targets.add(self._target_uri(self.file.src_uri, unquote(path)))
        return super().path_to_url(url)


def table_of_contents(headings: tuple[Heading, ...]) -> TableOfContents:
    """The table of contents in the form MkDocs' templates take."""
    items = [_anchor_link(heading) for heading in headings]
    if items:
        items[0].active = True  # type: ignore[attr-defined]  # set by MkDocs' get_toc in the same way
    return TableOfContents(items)


def breakable(title: str) -> str:
    """A title (HTML) that may be broken between the parts of dotted names; empty for one that is short enough."""
    plain = str(title)  # what re joins with a Markup would be escaped
    broken = _JOINT.sub(r"\g<0><wbr>", plain) if len(plain) > _LONG_TITLE else plain
    return broken if broken != plain else ""


def dump_facts(facts: PageFacts) -> bytes:
    """Facts as bytes for the cache."""
    fields: list[Json] = [
        [_dump_heading(heading) for heading in facts.headings],
        list(facts.anchors),
        list(facts.targets),
        [list(link) for link in facts.anchor_links],
        facts.search,
        [sorted(facts.links.ids), sorted(facts.links.links), sorted(facts.links.loaded), facts.links.titles],
        facts.diagram,
    ]
    return json.dumps(fields, separators=(",", ":")).encode()


def load_facts(stored: bytes) -> PageFacts:
    """Facts from the bytes of `dump_facts`; the store has checked that they are whole."""
    headings, anchors, targets, anchor_links, search, (ids, links, loaded, titles), diagram = json.loads(stored)
    return PageFacts(
        headings=tuple(_load_heading(*heading) for heading in headings),
        anchors=tuple(anchors),
        targets=tuple(targets),
        anchor_links=tuple((target, anchor, link) for target, anchor, link in anchor_links),
        search=search,
        links=PageLinks(ids=frozenset(ids), links=frozenset(links), loaded=frozenset(loaded), titles=titles),
        diagram=diagram,
    )


def _headings(tokens: list[Mapping[str, object]]) -> tuple[Heading, ...]:
    return tuple(_heading(token) for token in tokens)


def _heading(token: Mapping[str, object]) -> Heading:
    level, children = token["level"], token["children"]
    return Heading(
        title=str(token["name"]),
        id=str(token["id"]),
        level=level if isinstance(level, int) else 1,
        children=_headings(children) if isinstance(children, list) else (),
    )


def _anchor_link(heading: Heading) -> AnchorLink:
    link = AnchorLink(heading.title, heading.id, heading.level)
    link.children.extend(_anchor_link(child) for child in heading.children)
    if broken := breakable(heading.title):
        link.typeset = {"title": broken}  # type: ignore[attr-defined]  # what Material's templates show if it is there
    return link


def _dump_heading(heading: Heading) -> Json:
    return [heading.title, heading.id, heading.level, [_dump_heading(child) for child in heading.children]]


def _load_heading(title: str, anchor: str, level: int, children: list[list[object]]) -> Heading:
    loaded = tuple(_load_heading(*child) for child in children)  # type: ignore[arg-type]  # JSON of our own making
    return Heading(title=title, id=anchor, level=level, children=loaded)
