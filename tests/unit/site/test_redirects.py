"""Stubs at the addresses of removed pages."""

from docsfy_action.site.redirects import redirect_pages, version_redirect
from tests.unit.site.sites import page, site


def test_a_removed_page_leads_to_the_page_that_took_its_place() -> None:
    """The stub forwards without a script, asks search engines to stay away, and shows a link."""
    spec = site(page("new", title="New <page>"), redirects={"old": "new"}, site_url="https://example.com/p")
    stubs = dict(redirect_pages(spec))
    assert set(stubs) == {"old.html"}
    assert '<meta http-equiv="refresh" content="0; url=new.html">' in stubs["old.html"]
    assert '<meta name="robots" content="noindex">' in stubs["old.html"]
    assert '<a href="new.html">New &lt;page&gt;</a>' in stubs["old.html"]
    assert '<link rel="canonical" href="https://example.com/p/new.html">' in stubs["old.html"]


def test_chains_end_at_a_live_page_and_dead_ends_and_circles_at_the_landing_page() -> None:
    """A reader is sent on once, and never to a page that is not there."""
    redirects = {"a": "b", "b": "new", "c": "gone", "d": "e", "e": "d"}
    stubs = dict(redirect_pages(site(page("new"), redirects=redirects)))
    targets = {name: text.partition("url=")[2].partition('"')[0] for name, text in stubs.items()}
    assert targets == {
        "a.html": "new.html",
        "b.html": "new.html",
        "c.html": "index.html",
        "d.html": "index.html",
        "e.html": "index.html",
    }


def test_a_live_page_and_the_files_of_the_site_are_never_covered() -> None:
    """A redirect from a slug in use, or from a name that is no slug, is left out."""
    redirects = {"new": "index", "404": "new", "../x": "new", "search/x": "new"}
    assert list(redirect_pages(site(page("new"), redirects=redirects))) == []


def test_the_page_above_all_versions_leads_on() -> None:
    """With and without a script, from disk too, and keeping what follows the address; where its own address is known it says
    which page is meant."""
    text = version_redirect("latest", "https://example.com/p/").decode()
    assert 'location.replace("latest/" + (location.protocol === "file:" ? "index.html" : "")' in text
    assert '<noscript><meta http-equiv="refresh" content="0; url=latest/index.html"></noscript>' in text
    assert '<link rel="canonical" href="https://example.com/p/latest/">' in text
    assert "canonical" not in version_redirect("main", "").decode()
