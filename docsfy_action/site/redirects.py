"""Pages that are gone lead on: a small file at the old address that names the new one."""

from collections.abc import Iterator
from html import escape

from docsfy_action.site.model import INDEX, RESERVED_SLUGS, SLUG, SiteSpec

_STUB = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="icon" href="assets/docsfy/favicon.svg">
<link rel="canonical" href="{canonical}">
</head>
<body>
<p>This page has moved to <a href="{target}">{title}</a>.</p>
</body>
</html>
"""


def redirect_pages(spec: SiteSpec) -> Iterator[tuple[str, str]]:
    """File names and contents of the stubs, by name; a live page is never covered."""
    pages = {page.slug: page for page in spec.pages}
    for old in sorted(spec.redirects):
        if old in pages or old in RESERVED_SLUGS or not SLUG.fullmatch(old):
            continue
        page = pages[_target(old, spec)]
        target = f"{page.slug}.html"
        base = spec.site_url.rstrip("/") + "/" if spec.site_url else ""
        yield (
            f"{old}.html",
            _STUB.format(
                language=escape(spec.language),
                title=escape(page.title),
                target=escape(target),
                canonical=escape(base + target),
            ),
        )


def _target(old: str, spec: SiteSpec) -> str:
    """Where a chain of redirects ends; the landing page where it ends nowhere."""
    live = {page.slug for page in spec.pages}
    seen = {old}
    slug = spec.redirects[old]
    while slug not in live:
        if slug in seen or slug not in spec.redirects:
            return INDEX
        seen.add(slug)
        slug = spec.redirects[slug]
    return slug
