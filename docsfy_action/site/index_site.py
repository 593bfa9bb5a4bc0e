"""The index of several sites: one page with a card for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docsfy_action import __version__
from docsfy_action.site.model import INDEX, FinishedSite, SitePage, SiteSpec
from docsfy_action.verify.markdown import escape
from docsfy_action.verify.tree import Code, Link, Span, Text
from docsfy_action.verify.writing import write_inline


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexWishes:
    """What is known of the index itself: `commit` and `commit_date` are those of the repository that it belongs to."""

    name: str
    site_url: str = ""
    repo_url: str = ""
    language: str = "en"
    commit: str = ""
    commit_date: str = ""
    commit_url: str = ""
    user_config: bytes | None = None
    user_config_name: str = ""
    trusted: bool = False
    preview: bool = False


def index_site(sites: Sequence[FinishedSite], wishes: IndexWishes) -> SiteSpec:
    """The index of these sites, which are copied below it when it is rendered."""
    count = "one project" if len(sites) == 1 else f"{len(sites)} projects"
    description = f"Documentation of {count}, made from {'its' if len(sites) == 1 else 'their'} code."
    return SiteSpec(
        name=wishes.name,
        description=description,
        pages=(
            SitePage(
                slug=INDEX, title=wishes.name, description=description, markdown=_page(sites, wishes.name, description)
            ),
        ),
        site_url=wishes.site_url,
        repo_url=wishes.repo_url,
        language=wishes.language,
        commit=wishes.commit,
        commit_date=wishes.commit_date,
        commit_url=wishes.commit_url,
        user_config=wishes.user_config,
        user_config_name=wishes.user_config_name or "mkdocs.yml",
        trusted=wishes.trusted,
        preview=wishes.preview,
        program_version=__version__,
        sites=tuple(sites),
    )


def _page(sites: Sequence[FinishedSite], name: str, description: str) -> str:
    cards = "\n".join(line for site in sites for line in _card(site))
    # Material makes cards of a list in this element; every other reader of Markdown shows the list.
    return f'# {escape(name)}\n\n{description}\n\n<div class="grid cards" markdown>\n\n{cards}\n</div>\n'


def _card(site: FinishedSite) -> Iterator[str]:
    title = Link(target=f"{site.name}/index.html", children=(Text(text=site.title),))
    yield f"-   {write_inline((Span(kind='strong', children=(title,)),))}"
    yield ""
    for line in filter(None, (escape(site.description), _details(site))):
        yield f"    {line}"
        yield ""


def _details(site: FinishedSite) -> str:
    """Language, size and commit on one line."""
    pages = {0: "", 1: "one page"}.get(site.pages, f"{site.pages} pages")
    commit = ""
    if site.commit:
        shown = Code(text=site.commit[:7])
        commit = write_inline((Link(target=site.commit_url, children=(shown,)) if site.commit_url else shown,))
        commit += f" of {site.date}" if site.date else ""
    return " · ".join(filter(None, (escape(site.language), pages, commit)))
