"""`index-of`: sites that earlier runs made become one site with an index."""

from pathlib import Path

import pytest

from docsfy_action.site.check import check_folder
from tests.integration.program import Program, commit, git, library


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """A repository with two finished sites in the folder `sites`, and an empty folder for one that failed."""
    shop = Program(library(tmp_path / "shop"), tmp_path / "state", monkeypatch, capsys)
    assert shop("--output-dir", "site", "--site-url", "https://acme.github.io/handbook/shop/").status == 0
    folder = tmp_path / "hub"
    (folder / "sites" / "failed").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", "https://github.com/acme/handbook.git")
    commit(folder, {"README.md": "# Handbook\n"}, "First")
    (shop.folder / "site").rename(folder / "sites" / "shop")
    return Program(folder, tmp_path / "state", monkeypatch, capsys)


def test_the_index_leads_to_every_site_and_holds_them(hub: Program) -> None:
    """One run makes a site whose links all lead somewhere and which loads nothing from elsewhere; the sites stand below it
    byte for byte; what is no site is told of; what is asked about next makes the same again, in the place of the last."""
    outcome = hub("--index-of", "sites", "--site-name", "Acme")
    assert outcome.status == 0, outcome.printed
    assert outcome.pages("write") == {"index": "an index of one site: shop"}
    assert outcome.report["warnings"] == [
        "sites/failed holds no site that docsfy-action made, so the index leaves it out."
    ]
    site = hub.site()
    there = {name: data for name, data in site.items() if name.startswith("shop/")}
    source = hub.folder / "sites"
    assert there == {
        path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()
    }
    assert check_folder(hub.folder / "_docsfy" / "site", "/handbook/") == []
    assert b'<a href="shop/index.html">shop</a>' in site["index.html"]
    assert b'class="grid cards"' in site["index.html"]
    assert b"(https://acme.github.io/handbook/shop/llms.txt): Sells things to people." in site["llms.txt"]
    assert hub("--index-of", "sites", "--site-name", "Acme").status == 0
    assert hub.site() == site


def test_a_fault_inside_a_site_does_not_keep_the_index_from_being_made(hub: Program) -> None:
    """Each site was checked by the run that made it, for the place that this run was told of; here only the index is."""
    page = hub.folder / "sites" / "shop" / "404.html"
    page.write_text(page.read_text() + '<a href="/elsewhere/index.html">x</a>')
    outcome = hub("--index-of", "sites")
    assert outcome.status == 0, outcome.printed


def test_without_any_site_there_is_no_index(hub: Program) -> None:
    """Every job failed: the run is an error that says where it looked, and the last index stays."""
    assert hub("--index-of", "sites").status == 0
    before = hub.site()
    (hub.folder / "sites" / "shop" / "docsfy.json").unlink()
    outcome = hub("--index-of", "sites")
    assert outcome.status == 1
    assert outcome.report["error"] == "index-of: sites holds no finished site."
    assert hub.site() == before


def test_a_dry_run_writes_no_index(hub: Program) -> None:
    """It says which sites the index would hold."""
    outcome = hub("--index-of", "sites", "--dry-run")
    assert outcome.status == 0
    assert outcome.pages("write") == {"index": "an index of one site: shop"}
    assert hub.site() == {}
