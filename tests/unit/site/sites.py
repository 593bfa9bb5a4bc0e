"""Small sites for tests, with every kind of page that matters."""

from dataclasses import replace
from typing import Any

from docsfy_action.site.model import SitePage, SiteSection, SiteSpec, Stamp


def page(slug: str, markdown: str = "", **more: Any) -> SitePage:
    """A page with a title and text derived from its slug."""
    title = more.pop("title", slug.replace("-", " ").capitalize())
    text = markdown or f"# {title}\n\nText of {slug}.\n"
    return SitePage(
        slug=slug, title=title, description=more.pop("description", f"About {slug}."), markdown=text, **more
    )


def site(*pages: SitePage, **more: Any) -> SiteSpec:
    """A site with a landing page and these pages in one section, unless told otherwise."""
    listed = tuple(item.slug for item in pages if item.slug != "index")
    landing = () if any(item.slug == "index" for item in pages) else (page("index", title="Example"),)
    sections = more.pop("sections", (SiteSection(title="Reference", slugs=listed),) if listed else ())
    return SiteSpec(
        name=more.pop("name", "Example"),
        description=more.pop("description", "An example."),
        pages=(*landing, *pages),
        sections=sections,
        **more,
    )


def stamped(item: SitePage, date: str = "2026-03-04") -> SitePage:
    """The page with a stamp."""
    return replace(item, stamp=Stamp(sha="0123456789ab", date=date, url="https://example.com/commit/0123456789ab"))
