"""The key of a finished page changes exactly when something shown on it does."""

from dataclasses import replace
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import get_navigation

from docsfy_action.site.builder import BuildOrder, make_config
from docsfy_action.site.keys import PageKeys, content_key
from docsfy_action.site.model import SitePage, SiteSection, SiteSpec
from docsfy_action.site.pages import RememberedPage
from docsfy_action.site.settings import site_settings
from tests.unit.site.sites import page, site

SPEC = site(
    *(page(slug) for slug in "abcdefg"),
    sections=(
        SiteSection(title="One", slugs=("a", "b")),
        SiteSection(title="Two", slugs=("c", "d"), sections=(SiteSection(title="In", slugs=("e", "f")),)),
        SiteSection(title="Three", slugs=("g",)),
    ),
)


def keys(spec: SiteSpec, folder: Path, *, pruned: bool = True) -> dict[str, str]:
    """Keys of all pages by slug."""
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    order = BuildOrder(spec=spec, settings=site_settings(spec), docs_dir=docs, site_dir=folder / "site")
    config: MkDocsConfig = make_config(order)
    files = Files([])
    pages = []
    for item in spec.reading_order():
        file = File(f"{item.slug}.md", str(docs), str(folder / "site"), use_directory_urls=False)
        files.append(file)
        pages.append(RememberedPage(item, item.title, file, config))
    nav = get_navigation(files, config)
    made = PageKeys("base", nav, pruned=pruned)
    return {item.source.slug: made.key(item, content_key("base", item.source), "frame") for item in pages}


def retitled(slug: str) -> SiteSpec:
    """The site with another title for one page."""
    return replace(SPEC, pages=tuple(replace(item, title="New") if item.slug == slug else item for item in SPEC.pages))


def changed(spec: SiteSpec, folder: Path, *, pruned: bool = True) -> str:
    """Slugs of the pages whose key differs from that in the original site."""
    before, after = keys(SPEC, folder, pruned=pruned), keys(spec, folder, pruned=pruned)
    return " ".join(slug for slug in before if before[slug] != after.get(slug))


@pytest.mark.parametrize(
    ("slug", "seen_on"),
    [
        ("b", "a b c"),  # its section, and the page after it in the next one
        ("c", "b c d e f"),  # the page before it is in another section
        ("e", "d e f"),  # pages beside the inner section see its title only, but the page before it names it
        ("g", "f g"),
        ("index", "index a b c d e f g"),  # it stands above the sections
    ],
)
def test_a_new_title_is_seen_in_its_section_and_by_its_neighbours(slug: str, seen_on: str, tmp_path: Path) -> None:
    """With a pruned navigation, pages of other sections keep their keys."""
    assert changed(retitled(slug), tmp_path) == seen_on


def test_with_the_whole_navigation_on_every_page_a_new_title_is_seen_everywhere(tmp_path: Path) -> None:
    """Small sites show all titles on all pages."""
    assert changed(retitled("g"), tmp_path, pruned=False) == "index a b c d e f g"


def test_the_title_of_a_section_and_its_first_page_are_seen_everywhere(tmp_path: Path) -> None:
    """A closed section is a link to its first page."""
    titled = replace(SPEC, sections=(*SPEC.sections[:2], SiteSection(title="New", slugs=("g",))))
    assert changed(titled, tmp_path) == "index a b c d e f g"
    swapped = replace(SPEC, sections=(SiteSection(title="One", slugs=("b", "a")), *SPEC.sections[1:]))
    assert changed(swapped, tmp_path) == "index a b c d e f g"


def test_a_new_page_is_seen_in_its_section_and_by_its_neighbours(tmp_path: Path) -> None:
    """Pages elsewhere do not know of it."""
    two = SiteSection(title="Two", slugs=("c", "d", "x"), sections=SPEC.sections[1].sections)
    spec = replace(SPEC, pages=(*SPEC.pages, page("x")), sections=(SPEC.sections[0], two, SPEC.sections[2]))
    assert changed(spec, tmp_path) == "c d e f"


ITEM = page("a")
OTHERS = [
    replace(ITEM, slug="b"),
    replace(ITEM, title="Other"),
    replace(ITEM, markdown="# Other"),
    replace(ITEM, searchable=False),
]


@pytest.mark.parametrize("other", OTHERS)
def test_the_key_of_the_content_sees_what_is_converted(other: SitePage) -> None:
    """Text, address, title and search; description and stamp are shown around the content."""
    assert content_key("base", ITEM) != content_key("base", other)
    assert content_key("base", ITEM) != content_key("other base", ITEM)
    assert content_key("base", ITEM) == content_key("base", replace(ITEM, description="other"))
