"""The index of several sites as a reader sees and uses it, opened from disk."""

from pathlib import Path

import pytest

from docsfy_action.site.finished import find_sites
from docsfy_action.site.index_site import IndexWishes, index_site
from docsfy_action.site.render import render_site
from tests.browser.devtools import PHONE, WIDE, browser
from tests.browser.sample import sample_site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three sites."""
    root = tmp_path_factory.mktemp("index")
    for name in ("one", "two", "three"):
        render_site(sample_site(), output_dir=root / "sites" / name)
    sites, left_out = find_sites(root / "sites")
    assert (len(sites), left_out) == (3, ())
    render_site(index_site(sites, IndexWishes(name="Our projects")), output_dir=root / "site")
    return root / "site"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("size", "columns"), [(WIDE, 2), (PHONE, 1)], ids=["wide", "phone"])
def test_the_cards_stand_beside_each_other_where_there_is_room(
    folder: Path, size: tuple[int, int], columns: int, dark: bool
) -> None:
    """Two in a row on a wide screen and one on a phone, each with a frame, nothing wider than the screen; a card leads to its
    site, and nothing is asked of another host."""
    with browser() as page:
        page.open(f"{folder.as_uri()}/index.html", size=size, dark=dark)
        tops = page.run("[...document.querySelectorAll('.grid.cards > ul > li')].map(e => e.offsetTop)")
        assert isinstance(tops, list)
        assert len(tops) == 3
        assert len(tops) - len(set(tops)) == columns - 1
        card = "getComputedStyle(document.querySelector('.grid.cards > ul > li'))"
        assert page.run(f"{card}.borderTopStyle") == "solid"
        assert page.run("document.documentElement.scrollWidth") <= size[0]
        page.run("document.querySelector('.grid.cards a').click()")
        page.wait(lambda: page.run("location.pathname.split('/').slice(-2).join('/')") == "one/index.html")
        assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
        assert page.errors == []
