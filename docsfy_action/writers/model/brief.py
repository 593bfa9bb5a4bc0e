"""What a model is asked to write: a page of the outline with the wishes of the project, as one value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """Another page of the site, to be linked to."""

    slug: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One page. `brief` says what to explain, and to whom; `sources` are the paths (folders end in `/`) that it is about.

    `audience` and `instructions` are the documented repository's own wishes and are not trusted. `pages` are all pages of the
    site, in nav order; the page itself may be among them.
    """

    project: str
    slug: str
    title: str
    description: str
    brief: str
    language: str = "en"
    kind: str = "guide"
    sources: tuple[str, ...] = ()
    audience: str = ""
    instructions: str = ""
    pages: tuple[SitePage, ...] = ()
