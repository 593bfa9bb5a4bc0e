"""A build that remembers gives byte for byte what a build without memory gives."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docsfy_action.errors import RenderError
from docsfy_action.site.cache import DirectoryCache, MemoryCache, RenderCache
from docsfy_action.site.model import SitePage, SiteSection, SiteSpec
from docsfy_action.site.render import render_site
from tests.unit.site.sites import page, site, stamped


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def rendered(spec: SiteSpec, folder: Path, cache: RenderCache | None = None) -> dict[str, bytes]:
    """The files of a site."""
    render_site(spec, output_dir=folder, cache=cache)
    return tree(folder)


@pytest.fixture
def cache(tmp_path: Path) -> RenderCache:
    """An empty cache."""
    return DirectoryCache(tmp_path / "cache")


LINKED = "# A\n\n## Part\n\nSee [b](b.md#part) and [c](c.md).\n\n```mermaid\nflowchart LR\n    a --> b\n```\n"


def linked_site(**more: object) -> SiteSpec:
    """Three pages that link to each other."""
    other = "# {}\n\n## Part\n\n[a](a.md#part) `code`\n"
    pages = (page("a", LINKED), page("b", other.format("B")), page("c", other.format("C")))
    return site(*(stamped(item) for item in pages), **more)


@pytest.mark.parametrize("memory", [MemoryCache, None])
def test_a_second_build_converts_and_renders_nothing(tmp_path: Path, memory: type[MemoryCache] | None) -> None:
    """All pages are taken from memory, and the site is the same; without a cache all are made anew."""
    store = memory() if memory else None
    first = render_site(linked_site(), output_dir=tmp_path / "one", cache=store)
    second = render_site(linked_site(), output_dir=tmp_path / "two", cache=store)
    assert (first.html_pages_rendered, first.html_pages_reused) == (4, 0)
    assert (second.html_pages_rendered, second.html_pages_reused) == ((0, 4) if memory else (4, 0))
    assert replace(first, html_pages_rendered=0, html_pages_reused=0) == replace(
        second, html_pages_rendered=0, html_pages_reused=0
    )
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


CHANGES: dict[str, dict[str, Any]] = {
    "another commit": {"commit": "f" * 40, "commit_date": "2026-12-01", "commit_url": "https://example.com/f"},
    "another name": {"name": "Other"},
    "another description": {"description": "Other."},
    "an address": {"site_url": "https://example.com/x/"},
    "a repository": {"repo_url": "https://github.com/o/r"},
    "another language": {"language": "fr"},
    "a preview": {"preview": True},
    "another program": {"program_version": "9.9"},
    "a redirect": {"redirects": {"old": "a"}},
    "settings": {"user_config": b"theme: {palette: {scheme: slate}}\nmarkdown_extensions: {toc: {permalink: '#'}}\n"},
    "another navigation": {"user_config": b"nav: [index.md, c.md, {Other title: b.md}, a.md]\n"},
    "no navigation for a page": {"user_config": b"nav: [index.md, b.md]\n"},
    "no search": {"user_config": b"plugins: {search: {enabled: false}}\n"},
    "other sections": {
        "sections": (SiteSection(title="One", slugs=("c",)), SiteSection(title="Two", slugs=("b", "a")))
    },
    "inner sections": {
        "sections": (SiteSection(title="One", slugs=("c",), sections=(SiteSection(title="In", slugs=("a",)),)),)
    },
    "no sections": {"sections": ()},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_around_the_pages_is_seen(tmp_path: Path, cache: RenderCache, change: dict[str, Any]) -> None:
    """After any change of the site, the remembered build and a build from nothing give the same bytes."""
    rendered(linked_site(), tmp_path / "site", cache)
    spec = replace(linked_site(), **change)
    assert rendered(spec, tmp_path / "site", cache) == rendered(spec, tmp_path / "fresh")


EDITS: dict[str, dict[str, Any]] = {
    "text": {"markdown": LINKED + "\nMore.\n"},
    "title": {"title": "New <title>"},
    "description": {"description": 'New "one"'},
    "stamp": {"stamp": None},
    "search": {"searchable": False},
    "a link less": {"markdown": "# A\n\n## Part\n"},
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_whatever_changes_of_a_page_is_seen(tmp_path: Path, cache: RenderCache, edit: dict[str, Any]) -> None:
    """Text, title, description, stamp and search of one page each reach the site; other pages are reused."""
    before = linked_site()
    after = replace(before, pages=tuple(replace(item, **edit) if item.slug == "a" else item for item in before.pages))
    rendered(before, tmp_path / "site", cache)
    result = render_site(after, output_dir=tmp_path / "site", cache=cache)
    assert tree(tmp_path / "site") == rendered(after, tmp_path / "fresh")
    expected = 1 if "title" not in edit else 4
    assert result.html_pages_rendered == (0 if edit.get("description") == before.page("a").description else expected)


def test_a_remembered_page_whose_link_lost_its_target_still_stops_the_build(tmp_path: Path, cache: RenderCache) -> None:
    """The page did not change, but what it links to is gone: the page, and in a second case the heading."""
    before = linked_site()
    rendered(before, tmp_path / "site", cache)
    kept = tree(tmp_path / "site")
    gone = site(*(item for item in before.pages if item.slug != "c"))
    with pytest.raises(RenderError, match=r"'a\.md' contains a link 'c\.md'"):
        render_site(gone, output_dir=tmp_path / "site", cache=cache)
    renamed = tuple(
        replace(item, markdown=item.markdown.replace("## Part", "## Other")) if item.slug == "b" else item
        for item in before.pages
    )
    with pytest.raises(RenderError, match=r"'b\.md' does not contain an anchor '#part'"):
        render_site(replace(before, pages=renamed), output_dir=tmp_path / "site", cache=cache)
    assert tree(tmp_path / "site") == kept


def test_a_link_to_a_heading_that_a_remembered_page_lacks_stops_the_build(tmp_path: Path, cache: RenderCache) -> None:
    """Anchors of pages that were not converted in this build are known all the same."""
    before = linked_site()
    rendered(before, tmp_path / "site", cache)
    edited_page = replace(before.page("c"), markdown="# C\n\n[b](b.md#none)\n")
    after = replace(before, pages=tuple(edited_page if item.slug == "c" else item for item in before.pages))
    with pytest.raises(RenderError, match=r"'b\.md' does not contain an anchor '#none'"):
        render_site(after, output_dir=tmp_path / "site", cache=cache)


def test_links_that_lead_nowhere_are_tried_again_when_the_user_tolerates_them(
    tmp_path: Path, cache: RenderCache
) -> None:
    """With such links allowed, a page that appears later is linked to, although the linking page did not change."""
    tolerant = b"validation: {links: {not_found: info}}\n"
    lonely = site(page("a", "# A\n\n[c](c.txt)\n"), user_config=tolerant)
    with pytest.raises(RenderError, match="broken link"):
        render_site(lonely, output_dir=tmp_path / "site", cache=cache)
    missing = site(page("a", "# A\n\n[c](c.md)\n"), user_config=tolerant)
    with pytest.raises(RenderError, match="broken link"):
        render_site(missing, output_dir=tmp_path / "site", cache=cache)
    complete = site(page("a", "# A\n\n[c](c.md)\n"), page("c"), user_config=tolerant)
    assert rendered(complete, tmp_path / "site", cache) == rendered(complete, tmp_path / "fresh")


class Forgetful(MemoryCache):
    """A cache that has lost one kind of entry."""

    def __init__(self, lost: str) -> None:
        super().__init__()
        self.lost = lost

    def get_many(self, namespace, keys):  # type: ignore[no-untyped-def]
        """What is left."""
        return {} if namespace == self.lost else super().get_many(namespace, keys)


@pytest.mark.parametrize("lost", ["site-facts", "site-content", "site-pages"])
def test_a_cache_that_lost_entries_costs_time_only(tmp_path: Path, lost: str) -> None:
    """Each kind of entry may be missing, also when pages must go through the templates again."""
    cache = Forgetful(lost)
    rendered(linked_site(), tmp_path / "site", cache)
    for spec in (linked_site(), linked_site(name="Other"), linked_site(sections=())):
        assert rendered(spec, tmp_path / "site", cache) == rendered(spec, tmp_path / "fresh")


def edited(spec: SiteSpec, chance: random.Random) -> SiteSpec:
    """The site after a random change: a page edited, added, removed, renamed or moved, sections joined or split."""
    pages = {item.slug: item for item in spec.pages}
    slugs = [slug for slug in pages if slug != "index"]
    match chance.choice(["edit", "edit", "add", "remove", "rename", "move", "stamp"]):
        case "add":
            slug = f"page-{chance.randrange(1000)}"
            pages.setdefault(slug, page(slug, f"# {slug}\n\n## Part\n\n[i](index.md)\n"))
        case "remove" if len(slugs) > 3:
            del pages[chance.choice(slugs)]
        case "rename":
            slug = chance.choice(slugs)
            pages[slug] = replace(pages[slug], title=f"Title {chance.randrange(1000)}")
        case "stamp":
            slug = chance.choice(slugs)
            pages[slug] = stamped(pages[slug], date=f"2026-01-{chance.randrange(1, 28):02}")
        case "move":
            order = list(pages)
            chance.shuffle(order)
            pages = {slug: pages[slug] for slug in order}
        case _:
            slug = chance.choice(slugs)
            other = chance.choice(slugs)
            pages[slug] = replace(
                pages[slug], markdown=f"# {slug}\n\n## Part\n\n[o]({other}.md#part) {chance.random()}\n"
            )
    listed = [slug for slug in pages if slug != "index"]
    half = chance.randrange(len(listed) + 1)
    groups = [("First", listed[:half]), ("Second", listed[half:])]
    sections = tuple(SiteSection(title=title, slugs=tuple(group)) for title, group in groups if group)
    return replace(spec, pages=tuple(without_dead_links(item, pages) for item in pages.values()), sections=sections)


def without_dead_links(item: SitePage, pages: dict[str, SitePage]) -> SitePage:
    """The page with links to removed pages led to the landing page."""
    for word in item.markdown.replace("(", " ").split():
        slug = word.partition(".md")[0]
        if ".md" in word and slug not in pages:
            item = replace(item, markdown=item.markdown.replace(f"({slug}.md#part)", "(index.md)"))
    return item


FEATURES = (
    b"theme: {features: [navigation.prune, navigation.tabs, navigation.path, navigation.footer, toc.integrate]}\n"
)


@pytest.mark.parametrize(
    ("large", "user_config"),
    [(False, None), (True, None), (True, FEATURES)],
    ids=["whole navigation", "pruned navigation", "features of the user's"],
)
def test_after_any_history_the_site_is_that_of_a_build_from_nothing(
    tmp_path: Path, large: bool, user_config: bytes | None
) -> None:
    """Random edits, one after the other on one cache, and after each the same bytes as without."""
    chance = random.Random(7)
    cache = MemoryCache()
    spec = site(*(page(f"p{number}", f"# P{number}\n\n## Part\n") for number in range(45 if large else 5)))
    spec = replace(spec, user_config=user_config)
    for _ in range(3 if large else 6):
        spec = edited(spec, chance)
        assert rendered(spec, tmp_path / "site", cache) == rendered(spec, tmp_path / "fresh")
