"""The values a site is made from refuse contradictions and know their reading order."""

import pytest

from docsfy_action.site.model import FindingKind, SiteFinding, SiteSection
from tests.unit.site.sites import page, site


def test_pages_outside_sections_are_read_first_and_the_landing_page_before_all() -> None:
    """Reading order: landing page, pages in no section, then section by section, inner sections after their pages."""
    inner = SiteSection(title="Inner", slugs=("d",))
    spec = site(
        page("a"),
        page("b"),
        page("c"),
        page("d"),
        page("e"),
        sections=(SiteSection(title="One", slugs=("c",), sections=(inner,)), SiteSection(title="Two", slugs=("a",))),
    )
    assert [item.slug for item in spec.reading_order()] == ["index", "b", "e", "c", "d", "a"]
    assert [item.slug for item in spec.unlisted()] == ["index", "b", "e"]


def test_a_landing_page_listed_in_a_section_still_stands_above_all_sections() -> None:
    """A section that holds only the landing page is not shown; the page itself is read first."""
    sections = (SiteSection(title="Start", slugs=("index",)), SiteSection(title="Rest", slugs=("a",)))
    spec = site(page("a"), sections=sections)
    assert [section.title for section in spec.groups()] == ["Rest"]
    assert [item.slug for item in spec.reading_order()] == ["index", "a"]


@pytest.mark.parametrize("slug", ["A", "a_b", "a--b", "-a", "a/b", "", "..", "404", "llms", "sitemap", "docsfy"])
def test_slugs_that_are_unsafe_or_taken_by_files_of_the_site_are_refused(slug: str) -> None:
    """A slug is lower-case words joined by single hyphens, and no file that every site has is called the same."""
    with pytest.raises(ValueError, match="cannot be the slug"):
        site(page(slug))


def test_two_pages_with_one_slug_are_refused() -> None:
    """Duplicate slugs would overwrite each other."""
    with pytest.raises(ValueError, match="two pages have the slug 'a'"):
        site(page("a"), page("a"), sections=())


def test_a_site_without_a_landing_page_is_refused() -> None:
    """The page `index` is what a reader meets first."""
    with pytest.raises(ValueError, match="needs a page"):
        site(page("a")).__class__(name="x", description="", pages=(page("a"),))


def test_sections_list_only_pages_that_exist_and_each_once() -> None:
    """A section with an unknown page, or a page in two sections, is a contradiction."""
    with pytest.raises(ValueError, match="do not exist: b"):
        site(page("a"), sections=(SiteSection(title="S", slugs=("a", "b")),))
    with pytest.raises(ValueError, match="listed twice"):
        site(page("a"), sections=(SiteSection(title="S", slugs=("a",)), SiteSection(title="T", slugs=("a",))))


def test_page_finds_by_slug() -> None:
    """A known slug gives its page, an unknown one a KeyError."""
    spec = site(page("a"))
    assert spec.page("a").title == "A"
    with pytest.raises(KeyError):
        spec.page("b")


def test_a_finding_reads_as_a_sentence_fragment() -> None:
    """Findings name the page, what is wrong, and the address if there is one."""
    assert (
        str(SiteFinding(page="a.html", kind=FindingKind.BROKEN_LINK, target="b.html")) == "a.html: broken link 'b.html'"
    )
    assert (
        str(SiteFinding(page="a.html", kind=FindingKind.DUPLICATE_TITLE)) == "a.html: more than one heading of level 1"
    )
