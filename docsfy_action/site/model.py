"""The site as a value: final pages, how they are arranged, and what a finished build reports."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

INDEX = "index"

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_SURROGATE = re.compile("[\ud800-\udfff]")

RESERVED_SLUGS = frozenset({"404", "llms", "llms-full", "docsfy", "docsfy-changes", "sitemap"})
"""Slugs whose files would collide with files that every site has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The commit a page is as of: the newest commit of the files it cites.

    `sha` is the full or short id, `date` an ISO date (`2026-11-20`), `url` the commit on the web, or empty.
    """

    sha: str
    date: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedSite:
    """A site made before, which an index of sites leads to and is published with.

    `folder` holds it, `name` is the folder that it gets below the index. `date` is an ISO date, `pages` their number; 0 and
    empty texts are unknown. All texts are foreign.
    """

    name: str
    folder: Path
    title: str
    description: str = ""
    language: str = ""
    pages: int = 0
    commit: str = ""
    date: str = ""
    commit_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page ready for publication: citations are final links, links to other pages are `<slug>.md`.

    `title` and `description` are plain text, `section` is the title of the section that lists it, empty for none.
    `author` is the model that wrote the page, empty for the embedded writer and for people; `checked` says that nothing
    stands on such a page that the commit does not bear out.
    """

    slug: str
    title: str
    description: str
    markdown: str
    section: str = ""
    stamp: Stamp | None = None
    searchable: bool = True
    author: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSection:
    """A group of the navigation: its pages first, then the groups inside it."""

    title: str
    slugs: tuple[str, ...] = ()
    sections: tuple["SiteSection", ...] = ()

    def all_slugs(self) -> Iterator[str]:
        """Slugs of this section and the sections inside it, in reading order."""
        yield from self.slugs
        for section in self.sections:
            yield from section.all_slugs()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVersion:
    """A site that stands beside others of its kind: `name` is its folder, `development` the version that is ahead of all
    releases, `home` the address above all versions, empty where it is unknown."""

    name: str
    development: str
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSpec:
    """Everything a site is made from; the same value gives the same bytes on any machine and day.
    `sites` stand below this one, which is their index, each in a folder of its own.

    `site_url` and `repo_url` are empty where unknown. `redirects` maps slugs of removed pages to slugs of pages.
    `user_config` is the content of the user's MkDocs file, `user_config_dir` the folder its paths start from.
    `trusted` says that this file may run code (hooks, templates, plugins). `preview` keeps search engines out.
    `version` is given where the site is one of several versions, which the reader can switch between.
    `notices` are warnings that whoever runs the build is to see. `carried` are files that lie beside the pages and that no page,
    list or search speaks of, by name.
    Raises ValueError where pages, sections and redirects contradict each other.
    """

    name: str
    description: str
    pages: tuple[SitePage, ...]
    sections: tuple[SiteSection, ...] = ()
    sites: tuple[FinishedSite, ...] = ()
    site_url: str = ""
    repo_url: str = ""
    language: str = "en"
    commit: str = ""
    commit_date: str = ""
    commit_url: str = ""
    redirects: Mapping[str, str] = field(default_factory=dict)
    user_config: bytes | None = None
    user_config_name: str = "mkdocs.yml"
    user_config_dir: Path | None = None
    trusted: bool = False
    preview: bool = False
    version: SiteVersion | None = None
    program_version: str = ""
    notices: tuple[str, ...] = ()
    carried: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        slugs = [page.slug for page in self.pages]
        if INDEX not in slugs:
            raise ValueError(f"a site needs a page with the slug {INDEX!r}")
        if len(set(slugs)) != len(slugs):
            raise ValueError(f"two pages have the slug {next(slug for slug in slugs if slugs.count(slug) > 1)!r}")
        for slug in slugs:
            if not SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
                raise ValueError(f"{slug!r} cannot be the slug of a page")
        listed = [slug for section in self.sections for slug in section.all_slugs()]
        if len(set(listed)) != len(listed):
            raise ValueError("a page is listed twice in the sections")
        if unknown := sorted(set(listed) - set(slugs)):
            raise ValueError(f"sections list pages that do not exist: {', '.join(unknown)}")

    def page(self, slug: str) -> SitePage:
        """The page with this slug; raises KeyError."""
        for page in self.pages:
            if page.slug == slug:
                return page
        raise KeyError(slug)

    def groups(self) -> tuple[SiteSection, ...]:
        """The sections as shown: without the landing page, which stands above them, and without empty ones."""
        return _shown(self.sections)

    def unlisted(self) -> tuple[SitePage, ...]:
        """Pages in no section, the landing page first; they stand above the sections."""
        listed = {slug for section in self.groups() for slug in section.all_slugs()}
        pages = [page for page in self.pages if page.slug not in listed]
        return tuple(sorted(pages, key=lambda page: page.slug != INDEX))

    def reading_order(self) -> tuple[SitePage, ...]:
        """All pages in the order of the navigation, the landing page first."""
        by_slug = {page.slug: page for page in self.pages}
        listed = (by_slug[slug] for section in self.groups() for slug in section.all_slugs())
        return (*self.unlisted(), *listed)


def printable(spec: SiteSpec) -> SiteSpec:
    """The site with halves of surrogate pairs replaced: they stand for file names that are not UTF-8, and no file holds them."""
    texts = (
        (page, _printable(page.title), _printable(page.description), _printable(page.markdown)) for page in spec.pages
    )
    return replace(
        spec,
        name=_printable(spec.name),
        description=_printable(spec.description),
        pages=tuple(
            replace(page, title=title, description=description, markdown=markdown)
            for page, title, description, markdown in texts
        ),
        sections=_printable_sections(spec.sections),
    )


def _printable_sections(sections: tuple[SiteSection, ...]) -> tuple[SiteSection, ...]:
    return tuple(
        replace(section, title=_printable(section.title), sections=_printable_sections(section.sections))
        for section in sections
    )


def _printable(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _shown(sections: tuple[SiteSection, ...]) -> tuple[SiteSection, ...]:
    shown = (
        SiteSection(
            title=section.title,
            slugs=tuple(slug for slug in section.slugs if slug != INDEX),
            sections=_shown(section.sections),
        )
        for section in sections
    )
    return tuple(section for section in shown if section.slugs or section.sections)


class FindingKind(StrEnum):
    """What can be wrong with a built page although MkDocs is content."""

    BROKEN_LINK = "broken link"
    BROKEN_ANCHOR = "broken anchor"
    FILE_LINK = "link to a file of the machine"
    FOREIGN_RESOURCE = "resource loaded from another host"
    DUPLICATE_TITLE = "more than one heading of level 1"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SiteFinding:
    """One fault of a built page; `target` is the address it concerns."""

    page: str
    kind: FindingKind
    target: str = ""

    def __str__(self) -> str:
        return f"{self.page}: {self.kind}" + (f" {self.target!r}" if self.target else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResult:
    """A finished build: number of pages, bytes of the whole site, warnings, and how much work it was."""

    pages: int
    bytes: int
    warnings: tuple[str, ...] = ()
    html_pages_rendered: int = 0
    html_pages_reused: int = 0
