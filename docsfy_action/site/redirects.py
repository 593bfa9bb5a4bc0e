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

_VERSIONS = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Documentation</title>
{canonical}<noscript><meta http-equiv="refresh" content="0; url={target}/index.html"></noscript>
<script>
location.replace("{target}/" + (location.protocol === "file:" ? "index.html" : "") + location.search + location.hash);
</script>
</head>
<body>
<p>The documentation is at <a href="{target}/index.html">{target}</a>.</p>
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


def version_redirect(folder: str, home: str) -> bytes:
    """The page above all versions, which leads to the one in this folder, also from disk, and keeps what follows the address.
    `home` is its own address, empty where that is unknown."""
    target = escape(folder)
    canonical = f'<link rel="canonical" href="{escape(home.rstrip("/"))}/{target}/">\n' if home else ""
    return _VERSIONS.format(target=target, canonical=canonical).encode()


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
