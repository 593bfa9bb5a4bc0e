"""sitemap.xml: the same bytes for the same pages.

There is no sitemap.xml.gz: its bytes would depend on the build of zlib, and hosts compress what they send anyway.
"""

from html import escape

from docsfy_action.site.model import INDEX, SitePage, SiteSpec


def sitemap(spec: SiteSpec) -> str:
    """All pages in reading order; empty where the site's address is unknown, because entries must be absolute."""
    pages = spec.reading_order() if spec.site_url and not spec.preview else ()
    entries = "".join(_entry(page, address(page, spec)) for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def address(page: SitePage, spec: SiteSpec) -> str:
    """The address of a page. The landing page of a version is at that of its folder, by which Material's version switcher
    knows where the paths in a sitemap begin, and so finds the same page of another version."""
    base = spec.site_url.rstrip("/") + "/"
    return base if spec.version is not None and page.slug == INDEX else f"{base}{page.slug}.html"


def _entry(page: SitePage, location: str) -> str:
    changed = f"<lastmod>{escape(page.stamp.date)}</lastmod>" if page.stamp else ""
    return f"<url><loc>{escape(location)}</loc>{changed}</url>\n"
