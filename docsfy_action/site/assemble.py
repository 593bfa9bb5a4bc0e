"""Stored pages become a site: citations resolved, stamps set, sections arranged, addresses derived."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from docsfy_action import __version__
from docsfy_action.outline.model import LANDING, Outline
from docsfy_action.repository.snapshot import Remote, Snapshot
from docsfy_action.site.citations import Evidence, Published, resolve
from docsfy_action.site.hosts import commit_url
from docsfy_action.site.model import SitePage, SiteSection, SiteSpec, Stamp
from docsfy_action.verify.page import anchors_of

# Above this many pages the search index grows too large for a browser; reference pages are then left out of it.
SEARCHABLE_PAGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWishes:
    """What the user said about the site; empty texts are derived."""

    name: str
    site_url: str = ""
    repo_url: str = ""
    language: str = "en"
    user_config: bytes | None = None
    user_config_name: str = ""
    trusted: bool = False
    preview: bool = False


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What is published: `texts` are stored pages by slug (pages without a text are left out), `redirects` old → new.
    `authors` are the models that wrote pages, by slug, as provider and model; `checked`: what does not hold was cut out."""

    outline: Outline
    texts: Mapping[str, str]
    snapshot: Snapshot
    remote: Remote | None
    evidence: Evidence
    dates: Callable[[str], datetime | None]
    redirects: Mapping[str, str] = field(default_factory=dict)
    authors: Mapping[str, str] = field(default_factory=dict)
    checked: bool = True


def assemble(publication: Publication, wishes: SiteWishes) -> SiteSpec:
    """The site as one value."""
    specs = [page for page in publication.outline.pages() if page.slug in publication.texts]
    slugs = {page.slug for page in specs}
    published = Published(slugs=slugs, anchors=cache(lambda slug: anchors_of(publication.texts[slug])))
    pages, notices = [], []
    for page in specs:
        resolved = resolve(page.slug, publication.texts[page.slug], publication.evidence, published)
        notices += [
            f"The page `{page.slug}` links to `{url}`, a heading that is not there." for url in sorted(resolved.lost)
        ]
        pages.append(
            SitePage(
                slug=page.slug,
                title=page.title,
                description=page.description,
                markdown=_landing(resolved.markdown, publication) if page.slug == LANDING else resolved.markdown,
                section=publication.outline.section_of[page.slug],
                stamp=_stamp(resolved.commits, publication),
                searchable=len(specs) <= SEARCHABLE_PAGES or page.writer != "api",
                author=_author(publication.authors.get(page.slug, "")),
                checked=publication.checked,
            )
        )
    remote = publication.remote
    commit = publication.snapshot.commit
    return SiteSpec(
        name=wishes.name,
        description=f"Documentation of {wishes.name}, made from its code.",
        pages=tuple(pages),
        sections=tuple(
            SiteSection(title=section.title, slugs=tuple(p.slug for p in section.pages if p.slug in slugs))
            for section in publication.outline.sections
            if section.title
        ),
        site_url=wishes.site_url or pages_address(remote),
        repo_url=wishes.repo_url or (remote.url if remote else ""),
        language=wishes.language,
        commit=commit,
        commit_date=publication.snapshot.committed.date().isoformat(),
        commit_url=commit_url(remote, commit) if remote else "",
        redirects={old: new for old, new in publication.redirects.items() if new in slugs and old not in slugs},
        user_config=wishes.user_config,
        user_config_name=wishes.user_config_name or "mkdocs.yml",
        trusted=wishes.trusted,
        preview=wishes.preview,
        notices=tuple(notices),
        program_version=__version__,
    )


def _landing(markdown: str, publication: Publication) -> str:
    """The landing page tells which commit the site describes; it is the one page that changes with every commit."""
    commit = publication.snapshot.commit
    date = publication.snapshot.committed.date().isoformat()
    shown = f"`{commit[:12]}`"
    if publication.remote:
        shown = f"[{shown}]({commit_url(publication.remote, commit)})"
    return f"{markdown.rstrip()}\n\nThis site describes the code at commit {shown} of {date}.\n"


def _stamp(commits: set[str], publication: Publication) -> Stamp | None:
    """The newest commit among those that a page cites."""
    dated = [(date, sha) for sha in sorted(commits) if (date := publication.dates(sha)) is not None]
    if not dated:
        return None
    date, sha = max(dated)
    url = commit_url(publication.remote, sha) if publication.remote else ""
    return Stamp(sha=sha, date=date.date().isoformat(), url=url)


def _author(label: str) -> str:
    """Provider and model as a reader sees them: `claude (claude-opus-4-6)`."""
    provider, _, model = label.partition(" ")
    return f"{provider} ({model})" if model else provider


def pages_address(remote: Remote | None) -> str:
    """Where GitHub Pages serves a repository's site unless its owner says otherwise."""
    if remote is None or remote.host.lower() != "github.com":
        return ""
    owner = remote.owner.lower()
    if remote.name.lower() == f"{owner}.github.io":
        return f"https://{owner}.github.io/"
    return f"https://{owner}.github.io/{remote.name}/"
