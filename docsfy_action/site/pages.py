"""Pages as MkDocs sees them: converted with one Markdown instance, or taken from what is remembered of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages as mkdocs_pages
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from docsfy_action.site.model import SitePage


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
    its entries of the search index as JSON objects joined by commas.
    """

    headings: tuple[Heading, ...] = ()
    anchors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    anchor_links: tuple[tuple[str, str, str], ...] = ()
    search: str = ""


@dataclass(slots=True, kw_only=True)
class Conversion:
    """HTML of a page and what was learnt while it was made."""

    html: str
    toc_tokens: list[dict[str, object]]
    anchors: set[str]
    targets: set[str] = field(default_factory=set)
    links_to_anchors: dict[File, dict[str, str]] = field(default_factory=dict)


class WarningCount(Protocol):
    """Tells how many warnings MkDocs has given so far."""

    def count(self) -> int:
        """Warnings so far."""
        ...


class _LinkRecorder(mkdocs_pages._RelativePathTreeprocessor):  # noqa: SLF001 - MkDocs offers no public way to see links
    """MkDocs' own resolution of links, with the documents that were looked up kept."""

    def __init__(self, file: File, files: Files, config: MkDocsConfig) -> None:
        super().__init__(file, files, config)
        self.targets: set[str] = set()

    def path_to_url(self, url: str) -> str:
        scheme, netloc, path, _query, _anchor = urlsplit(url)
        if path and not scheme and not netloc:
            self.targets.add(self._target_uri(self.file.src_uri, unquote(path)))
        return super().path_to_url(url)


class Converter:
    """Markdown to HTML as `mkdocs.structure.pages.Page.render` does it, with one Markdown instance for all pages.

    Making an instance costs about as much as converting a short page. `reuse` is off where an extension may keep
    something from one page to the next.
    """

    def __init__(self, config: MkDocsConfig, *, reuse: bool) -> None:
        self._config = config
        self._reuse = reuse
        self._markdown: markdown.Markdown | None = None

    def convert(self, text: str, file: File, files: Files) -> Conversion:
        """Convert one document; faults of its links are logged as warnings by MkDocs."""
        md = self._instance()
        raw_html = mkdocs_pages._RawHTMLPreprocessor()  # noqa: SLF001 - as in MkDocs' Page.render
        raw_html._register(md)  # noqa: SLF001
        anchors = mkdocs_pages._ExtractAnchorsTreeprocessor(file, files, self._config)  # noqa: SLF001
        anchors._register(md)  # noqa: SLF001
        links = _LinkRecorder(file, files, self._config)
        links._register(md)  # noqa: SLF001
        html = md.convert(text)
        return Conversion(
            html=html,
            toc_tokens=list(getattr(md, "toc_tokens", [])),
            anchors=anchors.present_anchor_ids | raw_html.present_anchor_ids,
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


class RememberedPage(Page):
    """A page whose conversion may be known already.

    `content` of a page that is taken from memory stays empty until somebody needs it (`wants_content`).
    """

    def __init__(self, source: SitePage, title: str, file: File, config: MkDocsConfig) -> None:
        super().__init__(title, file, config)
        self.source = source
        self.update_date = source.stamp.date if source.stamp else ""
        self.remembered: PageFacts | None = None
        self.fresh: Conversion | None = None
        self.clean = True
        self.search = ""
        self.converter: Converter | None = None
        self.warnings: WarningCount | None = None

    def read_source(self, config: MkDocsConfig) -> None:
        """The page as it was given: there is no front matter to read."""
        self.markdown = self.source.markdown
        self.meta = {}
        if not self.source.searchable:
            self.meta["search"] = {"exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the page, unless it is remembered and every document it links to is still there."""
        if self.remembered is not None and all(_published(files, target) for target in self.remembered.targets):
            self._recall(self.remembered, files)
            return
        self.remembered = None
        assert self.converter is not None
        assert self.warnings is not None
        before = self.warnings.count()
        conversion = self.converter.convert(self.markdown or "", self.file, files)
        self.clean = self.warnings.count() == before
        self.fresh = conversion
        self.content = conversion.html
        self.toc = get_toc(cast("list[mkdocs_pages.toc._TocToken]", conversion.toc_tokens))
        self.present_anchor_ids = conversion.anchors
        self.links_to_anchors = conversion.links_to_anchors

    @property
    def wants_content(self) -> bool:
        """Whether the HTML must be fetched before the page can go through a template."""
        return self.remembered is not None and not self.content

    def facts(self) -> PageFacts | None:
        """What to remember of a page that was converted in this build; None for one with warnings."""
        if self.fresh is None or not self.clean:
            return None
        return PageFacts(
            headings=tuple(_heading(token) for token in self.fresh.toc_tokens),
            anchors=tuple(sorted(self.fresh.anchors)),
            targets=tuple(sorted(self.fresh.targets)),
            anchor_links=tuple(
                (file.src_uri, anchor, link)
                for file, links in self.fresh.links_to_anchors.items()
                for anchor, link in links.items()
            ),
            search=self.search,
        )

    def _recall(self, facts: PageFacts, files: Files) -> None:
        self.content = ""
        self.toc = get_toc([_token(heading) for heading in facts.headings])
        self.present_anchor_ids = set(facts.anchors)
        self.links_to_anchors = {}
        for target, anchor, link in facts.anchor_links:
            file = files.get_file_from_path(target)
            if file is not None:
                self.links_to_anchors.setdefault(file, {})[anchor] = link
        self.search = facts.search


def dump_facts(facts: PageFacts) -> bytes:
    """Facts as bytes for the cache."""
    return json.dumps(
        [
            [_dump_heading(heading) for heading in facts.headings],
            facts.anchors,
            facts.targets,
            facts.anchor_links,
            facts.search,
        ],
        separators=(",", ":"),
    ).encode()


def load_facts(stored: bytes) -> PageFacts:
    """Facts from the bytes of `dump_facts`; the store has checked that they are whole."""
    headings, anchors, targets, anchor_links, search = json.loads(stored)
    return PageFacts(
        headings=tuple(_load_heading(heading) for heading in headings),
        anchors=tuple(anchors),
        targets=tuple(targets),
        anchor_links=tuple((target, anchor, link) for target, anchor, link in anchor_links),
        search=search,
    )


def _published(files: Files, uri: str) -> bool:
    file = files.get_file_from_path(uri)
    return file is not None and not file.inclusion.is_excluded()


def _heading(token: Mapping[str, object]) -> Heading:
    children = cast("list[Mapping[str, object]]", token["children"])
    return Heading(
        title=str(token["name"]),
        id=str(token["id"]),
        level=cast("int", token["level"]),
        children=tuple(_heading(child) for child in children),
    )


def _token(heading: Heading) -> "mkdocs_pages.toc._TocToken":
    return {
        "level": heading.level,
        "id": heading.id,
        "name": heading.title,
        "children": [_token(child) for child in heading.children],
    }


def _dump_heading(heading: Heading) -> list[object]:
    return [heading.title, heading.id, heading.level, [_dump_heading(child) for child in heading.children]]


def _load_heading(stored: list[object]) -> Heading:
    title, anchor, level, children = stored
    return Heading(
        title=str(title),
        id=str(anchor),
        level=cast("int", level),
        children=tuple(_load_heading(child) for child in cast("list[list[object]]", children)),
    )
