"""Versions beside each other as a reader goes from one to the other, with the network cut."""

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from docsfy_action.repository.branch_versions import Version, write_versions
from docsfy_action.site.model import SiteVersion
from docsfy_action.site.redirects import version_redirect
from docsfy_action.site.render import render_site
from tests.browser.devtools import PHONE, Browser, browser
from tests.browser.sample import sample_site

VERSIONS = [
    Version(version="1.0", title="1.0"),
    Version(version="2.0", title="2.0", aliases=("latest",)),
    Version(version="main", title="main"),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A host that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and folder of a branch with two releases and what is to come, under a subpath."""
    root = tmp_path_factory.mktemp("host")
    host = functools.partial(Quiet, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), host)
    address, folder = f"http://127.0.0.1:{server.server_address[1]}/tidepool/", root / "tidepool"
    for version in VERSIONS:
        about = SiteVersion(name=version.version, development="main", home=address)
        spec = replace(sample_site(site_url=f"{address}{version.version}/"), version=about)
        render_site(spec, output_dir=folder / version.version)
    (folder / "versions.json").write_bytes(write_versions(VERSIONS))
    (folder / "index.html").write_bytes(version_redirect("latest", address))
    (folder / "latest").symlink_to("2.0")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address, folder
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with browser() as started:
        yield started


def switcher(page: Browser) -> list[str]:
    """The versions that are offered, once they are there."""
    assert page.wait(lambda: page.run("document.querySelector('.md-version') !== null"))
    found: list[str] = page.run("[...document.querySelectorAll('.md-version__link')].map(link => link.textContent)")
    return found


def _is_at(page: Browser, address: str) -> bool:
    return bool(page.run("location.href") == address)


def test_a_reader_goes_from_one_version_to_another(chromium: Browser, branch: tuple[str, Path]) -> None:
    """The top leads to the latest, every version offers the others, and the same page is shown of each, the landing page
    included. An older version says that it is one; the latest, and what is to come, do not."""
    address, _ = branch
    chromium.open(address)
    assert chromium.wait(lambda: chromium.run("location.href") == f"{address}latest/")
    assert switcher(chromium) == ["main", "2.0latest", "1.0"]
    for name, there, leads in (
        ("latest/command-line.html", "1.0", "1.0/command-line.html"),
        ("1.0/command-line.html", "main", "main/command-line.html"),
        ("1.0/", "2.0", "2.0/"),
    ):
        chromium.open(address + name)
        assert switcher(chromium)
        hidden = chromium.run("document.querySelector('[data-md-component=outdated]').hidden")
        assert hidden is not name.startswith("1.0")
        chromium.run(f"document.querySelector('.md-version__link[href$=\"/{there}/\"]').click()")
        assert chromium.wait(functools.partial(_is_at, chromium, address + leads))
        assert [url for url in chromium.requests if not url.startswith((address, "data:"))] == []
        assert chromium.errors == []


@pytest.mark.parametrize("dark", [False, True])
def test_an_older_version_on_a_phone(chromium: Browser, branch: tuple[str, Path], *, dark: bool) -> None:
    """Nothing is wider than the screen, and the link in the notice can be told from its ground."""
    chromium.open(f"{branch[0]}1.0/command-line.html", size=PHONE, dark=dark)
    assert switcher(chromium)
    assert chromium.run("document.documentElement.scrollWidth") == PHONE[0]
    colours = chromium.run(
        "(e => [getComputedStyle(e).color, getComputedStyle(e.closest('.md-banner')).backgroundColor])"
        "(document.querySelector('.md-banner a'))"
    )
    bright = [sum(map(int, colour.strip("rgb()").split(","))) for colour in colours]
    assert abs(bright[0] - bright[1]) > 300


def test_a_version_opened_from_disk(chromium: Browser, branch: tuple[str, Path]) -> None:
    """There is no list that could be read there: none is asked for, and nothing fails."""
    _, folder = branch
    chromium.open(f"file://{folder}/index.html")
    assert chromium.wait(lambda: chromium.run("location.href").endswith("/latest/index.html"))
    assert chromium.wait(lambda: chromium.run("document.readyState") == "complete")
    assert chromium.errors == []
    assert [url for url in chromium.requests if "versions.json" in url] == []
    assert chromium.run("document.querySelector('.md-version')") is None
