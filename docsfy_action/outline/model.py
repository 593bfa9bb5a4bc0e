"""Which pages exist: an outline is sections of page specifications, in the order in which the site shows them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
# Names that the site itself uses for files and folders beside the pages.
RESERVED_SLUGS = frozenset(
    {"404", "assets", "search", "sitemap", "llms", "llms-full", "robots", "stylesheets", "javascripts"}
    | {"docsfy-changes"}
)
LANDING = "index"


class PageKind(StrEnum):
    """What a reader comes to a page for."""

    GUIDE = "guide"
    REFERENCE = "reference"
    CONCEPT = "concept"
    RECIPE = "recipe"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One page to be written. `identity` is what the page is about and outlives changes of its title (`api:flask.app`);
    `writer` names the builtin writer; `subjects` are the modules, programs or files it covers. `heading` is the title that
    the repository asks for, empty where the writer words it."""

    slug: str
    title: str
    description: str
    kind: PageKind
    identity: str
    writer: str
    subjects: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of pages; the section without a title holds the landing page."""

    title: str
    pages: tuple[PageSpec, ...]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """All pages of the site. Slugs are unique and safe; the landing page comes first."""

    sections: tuple[Section, ...]

    def pages(self) -> Iterator[PageSpec]:
        """All pages in nav order."""
        return (page for section in self.sections for page in section.pages)

    @cached_property
    def by_identity(self) -> Mapping[str, PageSpec]:
        """Pages by what they are about."""
        return {page.identity: page for page in self.pages()}

    @cached_property
    def section_of(self) -> Mapping[str, str]:
        """Section title by slug."""
        return {page.slug: section.title for section in self.sections for page in section.pages}


def slug_of(text: str) -> str:
    """A safe slug for any text: `Client.get` and `src/a_b` become `client-get` and `src-a-b`."""
    slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))
    if not slug:
        return "page"
    return f"{slug}-page" if slug in RESERVED_SLUGS or slug == LANDING else slug
