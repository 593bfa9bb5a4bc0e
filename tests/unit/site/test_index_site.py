"""The index of finished sites: what is found in a folder, what is left out, and what the page says."""

import json
import re
from pathlib import Path

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from docsfy_action.site.finished import LeftOut, find_sites, summary
from docsfy_action.site.index_site import IndexWishes, index_site
from docsfy_action.site.llms import llms_txt
from docsfy_action.site.model import FinishedSite
from docsfy_action.site.output import MARKER

LANDING = """\
# kelpie

> Fetches JSON, *politely*.

— [`README.md`](https://example.com/README.md)

|  |  |
| --- | --- |
| Written in | TypeScript (about 130 lines) |
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def finished(folder: Path, place: str, **marker: object) -> Path:
    """A folder that looks like a site of ours."""
    site = folder / place
    (site / "assets").mkdir(parents=True)
    said = {"schema": 1, "name": place, "commit": COMMIT, "date": "2026-03-04", "pages": 5, **marker}
    for file, text in {"index.html": "<p>", "index.md": LANDING, "llms.txt": "# x", MARKER: json.dumps(said)}.items():
        (site / file).write_text(text, "utf-8")
    return site


def card(**more: str | int) -> str:
    """The page of an index of one site."""
    site = FinishedSite(name="kelpie", folder=Path("kelpie"), title="kelpie")
    return index_site([replaced(site, **more)], IndexWishes(name="All")).pages[0].markdown


def replaced(site: FinishedSite, **more: str | int) -> FinishedSite:
    """The site with other values."""
    values = {name: getattr(site, name) for name in site.__slots__}
    return FinishedSite(**{**values, **more})


def test_a_site_is_told_by_its_marker_and_its_landing_page(tmp_path: Path) -> None:
    """Title, commit, date and size come from the marker; description and language from the landing page, as plain text."""
    folder = finished(tmp_path, "k", name="kelpie", commit_url="https://example.com/c")
    sites, left_out = find_sites(tmp_path)
    assert left_out == ()
    assert sites == (
        FinishedSite(
            name="k",
            folder=folder,
            title="kelpie",
            description="Fetches JSON, politely.",
            language="TypeScript",
            pages=5,
            commit=COMMIT,
            date="2026-03-04",
            commit_url="https://example.com/c",
        ),
    )


def test_a_site_of_an_older_version_is_listed_with_what_it_says(tmp_path: Path) -> None:
    """A marker without date, size and address, and a site without a landing page in Markdown, leave these out."""
    folder = finished(tmp_path, "old")
    (folder / "index.md").unlink()
    (folder / MARKER).write_text(json.dumps({"schema": 1, "name": "old", "commit": COMMIT, "program": "0.1.0"}))
    ((site,), _) = find_sites(tmp_path)
    assert (site.description, site.pages, site.date, site.commit) == ("", 0, "", COMMIT)


def test_sites_stand_in_the_order_of_their_titles(tmp_path: Path) -> None:
    """Whatever their folders are called, and without regard to case; hidden entries are passed over."""
    for folder, title in (("1", "beta"), ("2", "Alpha"), ("3", "gamma")):
        finished(tmp_path, folder, name=title)
    (tmp_path / ".gitignore").write_text("*")
    sites, left_out = find_sites(tmp_path)
    assert [site.title for site in sites] == ["Alpha", "beta", "gamma"]
    assert left_out == ()


def _not_ours(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.html").write_text("<p>")


def _link_inside(folder: Path) -> None:
    (finished(folder.parent, folder.name) / "secret").symlink_to("/etc/passwd")


def _marker(text: str, folder: Path) -> None:
    (finished(folder.parent, folder.name) / MARKER).write_text(text)


def _without(name: str, folder: Path) -> None:
    (finished(folder.parent, folder.name) / name).unlink()


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("empty", lambda folder: folder.mkdir(), "holds no site that docsfy-action made"),
        ("other", _not_ours, "holds no site that docsfy-action made"),
        ("file", lambda path: path.write_text("x"), "is not a folder"),
        ("link", lambda path: path.symlink_to("/etc"), "is not a folder"),
        ("assets", lambda folder: finished(folder.parent, "assets"), "has a name that no site"),
        ("Search", lambda folder: finished(folder.parent, "Search"), "has a name that no site"),
        ("a b", lambda folder: finished(folder.parent, "a b"), "has a name that no site"),
        ("planted", _link_inside, "holds secret, which is neither a file nor a folder"),
        ("half", lambda folder: _without("index.html", folder), "is not whole: index.html is missing"),
        ("mute", lambda folder: _without("llms.txt", folder), "is not whole: llms.txt is missing"),
        ("torn", lambda folder: _marker("{", folder), f"has a {MARKER} that cannot be read"),
        ("odd", lambda folder: _marker('{"schema": "1", "name": 3}', folder), f"has a {MARKER} that cannot be read"),
        ("long", lambda folder: _marker('{"schema": 1, "name": "' + "x" * 70_000 + '"}', folder), "cannot be read"),
    ],
)
def test_what_is_no_site_is_left_out_with_the_reason(tmp_path: Path, name: str, make: object, reason: str) -> None:
    """A failed job leaves an empty folder, another program its own site, an attacker a link: none is copied, the rest is."""
    finished(tmp_path, "good")
    assert callable(make)
    make(tmp_path / name)
    sites, left_out = find_sites(tmp_path)
    assert [site.name for site in sites] == ["good"]
    assert [entry.name for entry in left_out] == [name]
    assert reason in left_out[0].reason


def test_the_card_says_what_is_known(tmp_path: Path) -> None:
    """Title with its link, description, and one line of language, size and commit; what is unknown takes no place."""
    full = card(
        description="Fetches JSON.",
        language="Go",
        pages=1,
        commit=COMMIT,
        date="2026-03-04",
        commit_url="https://e.org/c",
    )
    assert "-   **[kelpie](kelpie/index.html)**\n\n    Fetches JSON.\n\n" in full
    assert "    Go · one page · [`0123456`](https://e.org/c) of 2026-03-04\n" in full
    assert card().endswith("-   **[kelpie](kelpie/index.html)**\n\n</div>\n")


@pytest.mark.parametrize(
    "text", ["<b>x</b>[a](javascript:b)", "](javascript:b)", "![](https://e.org/p.png)", "</div> [a]: b"]
)
def test_foreign_text_is_no_markup(text: str) -> None:
    """Title, description and language of a site are shown as they are: no element, link or image comes out of them, for
    any reader of Markdown."""
    page = card(title=text, description=text, language=text)
    assert page.count("</div>") == 1
    for html in (
        MarkdownIt("commonmark").render(page),
        markdown.markdown(page, extensions=["md_in_html", "pymdownx.magiclink", "footnotes", "tables"]),
    ):
        assert set(re.findall(r"<(\w+)", html)) == {"h1", "p", "div", "ul", "li", "strong", "a"}
        assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) <= {"kelpie/index.html", "https://e.org/p.png"}
        assert html.count("<a ") == 1 + html.count('<a href="https://e.org/p.png">')


def test_an_address_that_is_not_of_the_web_is_no_link(tmp_path: Path) -> None:
    """The address of the commit comes from the site's own file, so it is looked at before it becomes a link."""
    finished(tmp_path, "k", commit_url="javascript:alert(1)")
    ((site,), _) = find_sites(tmp_path)
    assert site.commit_url == ""


def test_llms_txt_of_an_index_leads_to_those_of_its_sites() -> None:
    """After the index's own page, each site by its table of contents; absolute where the address is known."""
    site = FinishedSite(name="kelpie", folder=Path("kelpie"), title="Kel[pie]", description="Fetches [x](y).")
    text = llms_txt(index_site([site], IndexWishes(name="All", site_url="https://e.org/all/")))
    assert "- [All](https://e.org/all/index.md): Documentation of one project, made from its code.\n" in text
    assert text.endswith("\n## Sites\n\n- [Kel(pie)](https://e.org/all/kelpie/llms.txt): Fetches (x)(y).\n")


def test_a_long_description_ends_with_a_sentence_or_a_word() -> None:
    """A card is a few lines: whole sentences where one fits, else whole words and an ellipsis."""
    assert summary("# A\n\n" + "One sentence here. " * 20)[0] == ("One sentence here. " * 10).strip()
    words = summary("# A\n\n" + "word " * 100)[0]
    assert len(words) <= 200
    assert words.endswith("word…")
    assert summary("# A\n\n" + "x" * 500)[0] == "x" * 199 + "…"


@given(st.text())
def test_any_landing_page_gives_a_bounded_summary(text: str) -> None:
    """The page was written by a model or by hand, and may be anything."""
    description, language = summary(text)
    assert max(len(description), len(language)) <= 200
    assert "\n" not in description + language


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_marker_is_read_or_refused(data: bytes) -> None:
    """Nothing that lies there raises."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (finished(Path(folder), "k") / MARKER).write_bytes(data)
        sites, left_out = find_sites(Path(folder))
    assert len(sites) + len(left_out) == 1
    assert all(isinstance(entry, LeftOut) for entry in left_out)
