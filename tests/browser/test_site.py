"""The built site as a reader sees and uses it, with the network cut."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docsfy_action.site.render import render_site
from tests.browser.devtools import PHONE, WIDE, Browser, browser
from tests.browser.sample import sample_site

PAGES = sorted(page.slug for page in sample_site().pages)


class Host(http.server.SimpleHTTPRequestHandler):
    """A host like GitHub Pages: a site in a folder, its own page for what does not exist."""

    root: Path

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments, directory=str(self.root))  # type: ignore[arg-type]  # handed on as they come

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's page."""
        page = self.root / "docs" / "tidepool" / "404.html"
        if code != 404 or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and folder of the sample site, under a subpath."""
    Host.root = tmp_path_factory.mktemp("host")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    address = f"http://127.0.0.1:{server.server_address[1]}/docs/tidepool/"
    folder = Host.root / "docs" / "tidepool"
    render_site(sample_site(site_url=address), output_dir=folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address, folder
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as started:
        yield started


@pytest.fixture
def reader(chromium: Browser, site: tuple[str, Path]) -> Iterator[Callable[..., Browser]]:
    """Opens a page of the site; afterwards nothing may have been asked of another host, and no script have failed."""
    address, _ = site

    def open_page(name: str, size: tuple[int, int] = WIDE, dark: bool = False) -> Browser:
        chromium.open(address + name, size=size, dark=dark)
        return chromium

    yield open_page
    assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []
    assert chromium.errors == []
    chromium.run("localStorage.clear()")


def search(page: Browser, words: str) -> list[str]:
    """Titles that the search finds."""
    page.run("document.querySelector('[data-md-toggle=search]').click()")
    page.run("document.querySelector('.md-search__input').focus()")
    page.type(words)
    page.wait(lambda: page.run("document.querySelectorAll('.md-search-result__item').length"))
    headings = ".md-search-result__item :is(h1, h2)"
    found = page.run(f"[...document.querySelectorAll('{headings}')].map(e => e.textContent)")
    return [str(title) for title in found]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("slug", PAGES)
def test_every_page_loads_without_another_host_and_fits_the_screen(
    reader: Callable[..., Browser], slug: str, size: tuple[int, int]
) -> None:
    """All that a page asks for is there, and nothing makes it wider than the screen, with light and dark colours."""
    for dark in (False, True):
        page = reader(f"{slug}.html", size, dark)
        assert page.failures == []
        assert page.run("document.documentElement.scrollWidth") <= size[0]
        assert page.run("document.querySelectorAll('article h1').length") == 1


@pytest.mark.parametrize("slug", ["api-client", "architecture"])
def test_the_search_finds_a_definition(reader: Callable[..., Browser], slug: str) -> None:
    """Also from a page with a diagram, where a missing script would stop Material."""
    assert "RetryPolicy" in search(reader(f"{slug}.html"), "RetryPolicy")


def test_the_search_works_for_pages_opened_from_disk(chromium: Browser, site: tuple[str, Path]) -> None:
    """Without a server there is neither fetch nor worker; styles, diagrams and search are there all the same."""
    _, folder = site
    chromium.open(f"{folder.as_uri()}/architecture.html")
    assert "RetryPolicy" in search(chromium, "RetryPolicy")
    assert chromium.wait(lambda: chromium.shadow_elements("svg"))
    assert [url for url in chromium.requests if not url.startswith((folder.as_uri(), "data:"))] == []
    assert chromium.errors == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_diagrams_are_drawn(reader: Callable[..., Browser], dark: bool) -> None:
    """Both diagrams of the page become pictures with their labels, in the colours of the page."""
    page = reader("architecture.html", dark=dark)
    assert page.wait(lambda: page.run("document.querySelectorAll('div.mermaid').length") == 2)
    assert page.run("document.querySelectorAll('pre.mermaid').length") == 0
    assert page.shadow_elements("svg") >= 2
    assert sum(url.endswith("/mermaid.min.js") for url in page.requests) == 1


def test_pages_without_diagrams_do_not_load_the_script_for_them(reader: Callable[..., Browser]) -> None:
    """Nor its stand-in."""
    page = reader("configuration.html")
    assert not [url for url in page.requests if "mermaid" in url or "diagrams.js" in url]


def test_colours_follow_the_system_and_the_readers_choice(reader: Callable[..., Browser]) -> None:
    """Light and dark as the system asks; the toggle goes on to light and to dark, and the choice is remembered."""
    scheme = "document.body.dataset.mdColorScheme"
    background = "getComputedStyle(document.body).backgroundColor"
    page = reader("index.html", dark=True)
    assert page.run(scheme) == "slate"
    dark = page.run(background)
    page = reader("index.html")
    assert page.run(scheme) == "default"
    assert page.run(background) != dark
    for expected in ("default", "slate"):
        page.run("[...document.querySelectorAll('[data-md-component=palette] label')].find(e => !e.hidden).click()")
        assert page.run(scheme) == expected
    assert reader("api-client.html").run(scheme) == "slate"


def test_an_address_that_does_not_exist_leads_back_into_the_site(reader: Callable[..., Browser]) -> None:
    """At any depth, the page has its styles, its search, and a way home."""
    page = reader("deeper/and/deeper.html")
    assert page.run("document.querySelector('article h1').innerText") == "This page does not exist"
    assert page.run("getComputedStyle(document.querySelector('.md-header')).position") == "sticky"
    assert "RetryPolicy" in search(page, "RetryPolicy")
    page.run("document.querySelector('article a').click()")
    assert page.wait(lambda: page.run("location.pathname") == "/docs/tidepool/index.html")


def test_the_address_of_a_removed_page_leads_on(reader: Callable[..., Browser]) -> None:
    """The reader ends on the page that took its place."""
    page = reader("api.html")
    assert page.wait(lambda: page.run("location.pathname") == "/docs/tidepool/api-client.html")
    assert page.wait(lambda: page.run("document.readyState === 'complete'"))


def test_the_navigation_opens_on_a_phone(reader: Callable[..., Browser]) -> None:
    """The drawer holds the pages of the section."""
    page = reader("api-client.html", PHONE)
    page.run("document.querySelector('[data-md-toggle=drawer]').click()")
    link = "[...document.querySelectorAll('.md-nav__link')].find(e => e.innerText.includes('Command line'))"
    seen = f"{link}?.getBoundingClientRect().left >= 0"
    assert page.wait(lambda: page.run(seen))


def test_wide_tables_become_lists_on_a_phone(reader: Callable[..., Browser]) -> None:
    """The description of an option is below its name, inside the screen."""
    page = reader("command-line.html", PHONE)
    script = """(() => {
        const row = document.querySelector('table:has(th:nth-child(4)) tbody tr');
        const cells = [...row.cells].map(cell => cell.getBoundingClientRect());
        return [cells[0].bottom <= cells.at(-1).top, cells.at(-1).right <= innerWidth];
    })()"""
    assert page.run(script) == [True, True]


def test_tables_of_three_columns_keep_their_names_whole_on_a_phone(reader: Callable[..., Browser]) -> None:
    """The name and what is short beside it stand above the description, and nothing has to be scrolled."""
    page = reader("api-client.html", PHONE)
    script = """(() => {
        const table = [...document.querySelectorAll('table')].find(table => table.rows[0].cells.length === 3);
        const cells = [...table.tBodies[0].rows[0].cells].map(cell => cell.getBoundingClientRect());
        const name = table.tBodies[0].rows[0].querySelector('code');
        return [cells[0].top === cells[1].top, cells[0].bottom <= cells[2].top, cells[2].right <= innerWidth,
                name.getClientRects().length];
    })()"""
    assert page.run(script) == [True, True, True, 1]


def test_quotations_read_as_text(reader: Callable[..., Browser]) -> None:
    """Quoted documentation has the colour of text, and quotations in tables have no quote marks."""
    page = reader("api-client.html")
    quoted, text = (
        page.run(f"getComputedStyle(document.querySelector('article {selector}')).color")
        for selector in ("blockquote p", "> p")
    )
    assert quoted == text
    assert page.run("getComputedStyle(document.querySelector('td q')).quotes") == "none"


def test_commands_are_copied_without_the_prompt(reader: Callable[..., Browser]) -> None:
    """What Material puts on the clipboard is the text of the block while it is marked as being copied."""
    page = reader("getting-started.html")
    script = """(() => {
        const code = document.querySelector('.highlight code');
        code.setAttribute('data-md-copying', '');
        return code.innerText.trim();
    })()"""
    assert page.run(script) == "python -m pip install tidepool"


def test_the_site_can_be_read_without_scripts(chromium: Browser, site: tuple[str, Path]) -> None:
    """Text, navigation and the text of diagrams are in the page itself."""
    address, _ = site
    chromium.open(f"{address}architecture.html", scripts=False)
    text = chromium.call("DOM.getOuterHTML", nodeId=chromium.call("DOM.getDocument")["root"]["nodeId"])["outerHTML"]
    assert "flowchart LR" in text
    assert 'href="command-line.html"' in text
