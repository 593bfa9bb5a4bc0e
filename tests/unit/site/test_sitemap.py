"""sitemap.xml."""

from defusedxml.ElementTree import fromstring

from docsfy_action.site.model import SiteVersion
from docsfy_action.site.sitemap import sitemap
from tests.unit.site.sites import page, site, stamped

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(text: str) -> list[tuple[str | None, str | None]]:
    """Addresses and dates of a sitemap."""
    root = fromstring(text)
    return [(item.findtext(f"{SPACE}loc"), item.findtext(f"{SPACE}lastmod")) for item in root]


def test_pages_are_listed_with_the_date_of_what_they_were_made_from() -> None:
    """Addresses are absolute, in reading order; a page without a stamp has no date."""
    spec = site(stamped(page("a")), page("b"), site_url="https://example.com/p?x&y")
    assert locations(sitemap(spec)) == [
        ("https://example.com/p?x&y/index.html", None),
        ("https://example.com/p?x&y/a.html", "2026-03-04"),
        ("https://example.com/p?x&y/b.html", None),
    ]


def test_without_an_address_and_in_previews_it_is_empty_but_valid() -> None:
    """Entries must be absolute, and a preview is not to be found by search engines."""
    assert locations(sitemap(site(page("a")))) == []
    assert locations(sitemap(site(page("a"), site_url="https://example.com/", preview=True))) == []


def test_the_landing_page_of_a_version_is_its_folder() -> None:
    """Material's switcher takes the common beginning of all addresses for the folder, and wants it among them."""
    version = SiteVersion(name="1.0", development="main", home="https://example.com/")
    spec = site(page("a"), page("about"), site_url="https://example.com/1.0/", version=version)
    assert [where for where, _ in locations(sitemap(spec))] == [
        "https://example.com/1.0/",
        "https://example.com/1.0/a.html",
        "https://example.com/1.0/about.html",
    ]
