"""The site for language models: llms.txt, llms-full.txt and a Markdown twin of every page."""

import re
from collections.abc import Iterator
from functools import partial

from docsfy_action.site.model import FinishedSite, SitePage, SiteSection, SiteSpec
from docsfy_action.site.rewrite import rewrite

FIRST_SECTION = "Start here"

_BRACKETS = str.maketrans("[]", "()")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
_DETAILS = (
    "Each page below is Markdown. The same page for a browser has `.html` in the place of `.md`, "
    "and `llms-full.txt` holds all pages in one file."
)


def llms_txt(spec: SiteSpec) -> str:
    """The table of contents in the form of llmstxt.org: each bullet leads to the Markdown twin of a page, in an index
    of sites after these to the same file of each site."""
    lines = [f"# {_title(spec.name)}", "", f"> {_summary(spec)}", "", _DETAILS]
    seen: dict[str, int] = {}
    for title, pages in _sections(spec):
        seen[title] = seen.get(title, 0) + 1
        heading = title if seen[title] == 1 else f"{title} ({seen[title]})"
        lines += ["", f"## {heading}", "", *(_bullet(page, spec) for page in pages)]
    if spec.sites:
        lines += ["", "## Sites", "", *(_site_bullet(site, spec) for site in spec.sites)]
    return "\n".join(lines) + "\n"


def llms_full_txt(spec: SiteSpec) -> str:
    """All pages in reading order, headings one level down, links leading where they lead from the page itself."""
    parts = [f"# {_title(spec.name)}\n\n> {_summary(spec)}\n"]
    parts += [
        rewrite(page.markdown, link=partial(_from_root, page.slug, spec), deeper=1) for page in spec.reading_order()
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def twin(page: SitePage) -> str:
    """The Markdown published beside the HTML; links to other pages lead to their twins as they stand."""
    return page.markdown.rstrip("\n") + "\n"


def base_url(spec: SiteSpec) -> str:
    """What stands before a relative address to make it absolute; empty where the site's address is unknown."""
    if not spec.site_url:
        return ""
    return spec.site_url.rstrip("/").replace("(", "%28").replace(")", "%29") + "/"


def _sections(spec: SiteSpec) -> Iterator[tuple[str, list[SitePage]]]:
    yield FIRST_SECTION, list(spec.unlisted())
    pages = {page.slug: page for page in spec.pages}
    for section in spec.groups():
        yield from _flat(section, pages, "")


def _flat(section: SiteSection, pages: dict[str, SitePage], above: str) -> Iterator[tuple[str, list[SitePage]]]:
    title = f"{above}: {_title(section.title)}" if above else _title(section.title)
    if section.slugs:
        yield title, [pages[slug] for slug in section.slugs]
    for child in section.sections:
        yield from _flat(child, pages, title)


def _bullet(page: SitePage, spec: SiteSpec) -> str:
    note = _one_line(page.description)
    return f"- [{_title(page.title) or page.slug}]({base_url(spec)}{page.slug}.md)" + (f": {note}" if note else "")


def _site_bullet(site: FinishedSite, spec: SiteSpec) -> str:
    """A site below this one, by its own table of contents."""
    note = _title(site.description)
    return f"- [{_title(site.title) or site.name}]({base_url(spec)}{site.name}/llms.txt)" + (
        f": {note}" if note else ""
    )


def _from_root(slug: str, spec: SiteSpec, target: str) -> str:
    if target.startswith("#"):
        return f"{base_url(spec)}{slug}.md{target}"
    return target if _ELSEWHERE.match(target) or not target else base_url(spec) + target


def _summary(spec: SiteSpec) -> str:
    return _one_line(spec.description) or f"Documentation of {_title(spec.name)}."


def _title(text: str) -> str:
    return _one_line(text.translate(_BRACKETS))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
