"""A site as the builtin writer makes them, of a project that does not exist: what the browser is shown."""

from pathlib import Path

from docsfy_action.site.model import SitePage, SiteSection, SiteSpec, Stamp

FOLDER = Path(__file__).parent / "sample_pages"

SECTIONS = {
    "Guides": {"getting-started": "Install the package, send a first request, run the tests."},
    "Reference": {
        "command-line": "Every command and option of `tidepool`.",
        "configuration": "Environment variables and settings, with defaults.",
        "api-client": "Clients, responses and retry policies.",
    },
    "Concepts": {"architecture": "How the modules lean on each other."},
    "Project": {"development": "Tasks, tests and continuous integration."},
}


def sample_site(*, site_url: str = "", preview: bool = False) -> SiteSpec:
    """The site; a redirect leads from `api` to `api-client`."""
    pages = [_page("index", "A small, typed HTTP client.", "")]
    pages += [_page(slug, note, section) for section, notes in SECTIONS.items() for slug, note in notes.items()]
    return SiteSpec(
        name="Tidepool",
        description="A small, typed HTTP client for services that talk to each other.",
        pages=tuple(pages),
        sections=tuple(SiteSection(title=section, slugs=tuple(notes)) for section, notes in SECTIONS.items()),
        site_url=site_url,
        repo_url="https://github.com/example/tidepool",
        commit="4be1c0955a1e0d7c5c3b7e6f6f7d7c8e9f0a1b2c",
        commit_date="2026-11-20",
        commit_url="https://github.com/example/tidepool/commit/4be1c0955a1e0d7c5c3b7e6f6f7d7c8e9f0a1b2c",
        redirects={"api": "api-client"},
        preview=preview,
        program_version="1.0.0",
    )


def _page(slug: str, description: str, section: str) -> SitePage:
    markdown = (FOLDER / f"{slug}.md").read_text("utf-8")
    return SitePage(
        slug=slug,
        title=markdown.split("\n", 1)[0].removeprefix("# "),
        description=description,
        markdown=markdown,
        section=section,
        stamp=Stamp(sha="9f2d3c1a", date="2026-10-04", url="https://github.com/example/tidepool/commit/9f2d3c1a"),
    )
