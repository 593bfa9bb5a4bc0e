"""Stored pages become a site: what is published, in which order, as of which commit."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from docsfy_action.outline.model import Outline, PageKind, PageSpec, Section
from docsfy_action.repository.snapshot import Remote
from docsfy_action.site.assemble import SEARCHABLE_PAGES, Publication, SiteWishes, assemble
from docsfy_action.site.citations import Evidence
from docsfy_action.site.model import SiteSpec
from tests.unit.samples import COMMIT, snapshot_of

GITHUB = Remote(url="https://github.com/Acme/Tool", host="github.com", owner="Acme", name="Tool")


def spec(slug: str, writer: str = "usage") -> PageSpec:
    """A page of the outline."""
    return PageSpec(
        slug=slug, title=slug.title(), description=f"About {slug}.", kind=PageKind.GUIDE, identity=slug, writer=writer
    )


OUTLINE = Outline(
    sections=(
        Section(title="", pages=(spec("index", "landing"),)),
        Section(title="Guides", pages=(spec("usage"), spec("withheld"))),
        Section(title="Empty", pages=(spec("none"),)),
    )
)
TEXTS = {"index": "# Index\n", "usage": "# Usage\n\n[`a`](src:a.py), [`b`](src:b.py), [gone](withheld.md).\n"}


def site(
    texts: Mapping[str, str] = TEXTS,
    *,
    remote: Remote | None = GITHUB,
    outline: Outline = OUTLINE,
    redirects: Mapping[str, str] | None = None,
    wishes: SiteWishes | None = None,
    authors: Mapping[str, str] | None = None,
) -> SiteSpec:
    """The site of these texts; `a.py` changed in January, `b.py` in February, everything else at an unknown time."""
    commits = {"a.py": "a" * 40, "b.py": "b" * 40}
    dates = {"a" * 40: datetime(2026, 1, 2, tzinfo=UTC), "b" * 40: datetime(2026, 2, 3, tzinfo=UTC)}
    publication = Publication(
        outline=outline,
        texts=texts,
        snapshot=snapshot_of({"a.py": "", "b.py": ""}),
        remote=remote,
        evidence=Evidence(
            remote=remote, changed=lambda path: commits.get(path, "c" * 40), lines=lambda _: None, documented={}
        ),
        dates=dates.get,
        redirects=redirects or {},
        authors=authors or {},
    )
    return assemble(publication, wishes or SiteWishes(name="Tool"))


def test_pages_with_a_text_are_published_in_the_order_of_the_outline() -> None:
    """What was withheld is missing everywhere: among the pages, in its section, and as the target of links."""
    found = site()
    assert [page.slug for page in found.pages] == ["index", "usage"]
    assert [(section.title, section.slugs) for section in found.sections] == [("Guides", ("usage",)), ("Empty", ())]
    usage = found.page("usage")
    assert usage.markdown.endswith(", gone.\n")
    assert (usage.title, usage.description, usage.section) == ("Usage", "About usage.", "Guides")
    assert found.description == "Documentation of Tool, made from its code."


def test_a_page_is_as_of_the_newest_commit_that_it_cites() -> None:
    """Its stamp names that commit; a page that cites nothing, or only what has no date, has none."""
    stamp = site().page("usage").stamp
    assert stamp is not None
    assert (stamp.sha, stamp.date) == ("b" * 40, "2026-02-03")
    assert stamp.url == f"https://github.com/Acme/Tool/commit/{'b' * 40}"
    undated = site({**TEXTS, "usage": "# Usage\n\n[`c`](src:c.py)\n"})
    assert undated.page("usage").stamp is None
    assert site().page("index").stamp is None


def test_without_a_remote_there_are_no_addresses() -> None:
    """The site is whole all the same; nothing is cited, so nothing has a date."""
    found = site(remote=None)
    assert found.page("usage").stamp is None
    assert (found.site_url, found.repo_url, found.commit_url) == ("", "", "")
    assert found.page("index").markdown.endswith(
        f"\n\nThis site describes the code at commit `{COMMIT[:12]}` of 2026-03-04.\n"
    )


def test_the_landing_page_alone_tells_the_commit() -> None:
    """It is the one page that changes with every commit."""
    found = site()
    shown = f"[`{COMMIT[:12]}`](https://github.com/Acme/Tool/commit/{COMMIT})"
    assert found.page("index").markdown == f"# Index\n\nThis site describes the code at commit {shown} of 2026-03-04.\n"
    assert COMMIT not in found.page("usage").markdown
    assert (found.commit, found.commit_date) == (COMMIT, "2026-03-04")
    assert found.commit_url == f"https://github.com/Acme/Tool/commit/{COMMIT}"


@pytest.mark.parametrize(
    ("host", "owner", "name", "address"),
    [
        ("github.com", "Acme", "Tool", "https://acme.github.io/Tool/"),
        ("GitHub.com", "acme", "acme.github.io", "https://acme.github.io/"),
        ("github.example.com", "acme", "tool", ""),
        ("gitlab.com", "acme", "tool", ""),
    ],
)
def test_the_address_of_the_site_is_that_of_github_pages(host: str, owner: str, name: str, address: str) -> None:
    """Only where it can be known; elsewhere it is not guessed."""
    assert (
        site(remote=Remote(url=f"https://{host}/{owner}/{name}", host=host, owner=owner, name=name)).site_url == address
    )


def test_what_the_user_says_wins() -> None:
    """Addresses, language and the MkDocs file are taken over."""
    wishes = SiteWishes(
        name="N", site_url="https://d.example/", repo_url="https://r.example/", language="de", user_config=b"x: 1",
        user_config_name="docs/mk.yml", preview=True,
    )  # fmt: skip
    found = site(wishes=wishes)
    assert (found.name, found.site_url, found.repo_url) == ("N", "https://d.example/", "https://r.example/")
    assert (found.language, found.user_config, found.user_config_name, found.preview) == (
        "de",
        b"x: 1",
        "docs/mk.yml",
        True,
    )
    assert (site().repo_url, site().user_config_name, site().preview) == (
        "https://github.com/Acme/Tool",
        "mkdocs.yml",
        False,
    )


def test_redirects_lead_from_what_is_gone_to_what_is_there() -> None:
    """One whose target is not published, or whose name is a page again, is dropped."""
    redirects = {"old": "usage", "lost": "withheld", "index": "usage"}
    assert site(redirects=redirects).redirects == {"old": "usage"}


def test_the_reference_of_a_very_large_site_is_left_out_of_the_search() -> None:
    """An index of everything would be too large for a browser; guides stay in it."""

    def searchable(number: int) -> set[str]:
        pages = [spec(f"api-{index}", "api") for index in range(number)]
        outline = Outline(sections=(*OUTLINE.sections[:2], Section(title="API", pages=tuple(pages))))
        texts = {**TEXTS, **{page.slug: "# A\n" for page in pages}}
        return {page.slug for page in site(texts, outline=outline).pages if page.searchable}

    assert len(searchable(SEARCHABLE_PAGES - 2)) == SEARCHABLE_PAGES
    assert searchable(SEARCHABLE_PAGES - 1) == {"index", "usage"}


def test_a_page_knows_the_model_that_wrote_it() -> None:
    """Provider and model as a reader sees them; of pages that no model wrote nothing is said."""
    found = site(authors={"usage": "claude claude-opus-4-6[1m]"})
    assert found.page("usage").author == "claude (claude-opus-4-6[1m])"
    assert found.page("index").author == ""


def test_a_site_may_have_no_address() -> None:
    """One that is opened from disk: nothing is derived then."""
    assert site(wishes=SiteWishes(name="N", site_url="")).site_url == ""
    assert site(wishes=SiteWishes(name="N")).site_url == "https://acme.github.io/Tool/"
