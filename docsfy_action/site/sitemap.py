"""sitemap.xml: the same bytes for the same pages.

There is no sitemap.xml.gz: its bytes would depend on the build of zlib, and hosts compress what they send anyway.
"""

from html import escape

from docsfy_action.site.model import SitePage, SiteSpec


def sitemap(spec: SiteSpec) -> str:
    """All pages in reading order; empty where the site's address is unknown, because entries must be absolute."""
    pages = spec.reading_order() if spec.site_url and not spec.preview else ()
    entries = "".join(_entry(page, spec.site_url.rstrip("/") + "/") for page in pages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )


def _entry(page: SitePage, base: str) -> str:
    changed = f"<lastmod>{escape(page.stamp.date)}</lastmod>" if page.stamp else ""
    return f"<url><loc>{escape(base)}{page.slug}.html</loc>{changed}</url>\n"
