"""Our own check of built pages."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.site.check import check_folder, check_pages, scan
from docsfy_action.site.model import FindingKind, SiteFinding


def faults(html: str, base_path: str = "/") -> list[tuple[FindingKind, str]]:
    """Findings of one page in a site with another page, a picture and a page in a folder."""
    pages = {
        "a.html": scan(html),
        "b.html": scan('<h1 id="top-of-b">B</h1><a name="named"></a>'),
        "x/index.html": scan(""),
    }
    files = frozenset([*pages, "picture.png", "index.html"])
    return [(finding.kind, finding.target) for finding in check_pages(pages, files, base_path)]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="b.html">',
        '<a href="./b.html#top-of-b">',
        '<a href="b.html#named">',
        '<a href="b.html?x=1">',
        '<a href="">',
        '<a href="#">',
        '<a href="#top">',
        '<p id="x"><a href="#x">',
        "<p id=x><a href='#x'>",
        '<a href="#:~:text=x">',
        '<a href="x/">',
        '<a href="x/../b.html">',
        '<img src="picture.png">',
        '<a href="picture.png#anything">',
        '<a href="https://example.com/x#y">',
        '<a href="mailto:a@b">',
        '<a href="javascript:void(0)">',
        '<a href="//example.com">',
        '<a href="%62.html">',
        '<a href="b.html&#35;named">',
        '<a href="/b.html">',
        '<a href="/">',
        '<p>&lt;a href="none"&gt;</p>',
        '<!-- <a href="none.html"> -->',
        "<script>\"<a href='none.html'>\"</script>",
        '<link rel="canonical" href="https://e.com/a.html">',
    ],
)
def test_links_that_lead_somewhere_are_no_fault(html: str) -> None:
    """Files, anchors, addresses elsewhere, and text that only looks like a link."""
    assert faults(html) == []


@pytest.mark.parametrize(
    ("html", "kind", "target"),
    [
        ('<a href="none.html">', FindingKind.BROKEN_LINK, "none.html"),
        ("<A HREF='none.html'>", FindingKind.BROKEN_LINK, "none.html"),
        ('<img src="none.png">', FindingKind.BROKEN_LINK, "none.png"),
        ('<img srcset="none.png 2x, picture.png">', FindingKind.BROKEN_LINK, "none.png"),
        ('<link rel="stylesheet" href="none.css">', FindingKind.BROKEN_LINK, "none.css"),
        ('<a href="../b.html">', FindingKind.BROKEN_LINK, "../b.html"),
        ('<a href="b">', FindingKind.BROKEN_LINK, "b"),
        ('<a href="#none">', FindingKind.BROKEN_ANCHOR, "#none"),
        ('<a href="b.html#none">', FindingKind.BROKEN_ANCHOR, "b.html#none"),
        ('<a href="file:///etc/passwd">', FindingKind.FILE_LINK, "file:///etc/passwd"),
        ('<img src="https://example.com/badge.svg">', FindingKind.FOREIGN_RESOURCE, "https://example.com/badge.svg"),
        ('<script src="//example.com/x.js"></script>', FindingKind.FOREIGN_RESOURCE, "//example.com/x.js"),
        ('<link rel="preconnect" href="https://e.com">', FindingKind.FOREIGN_RESOURCE, "https://e.com"),
        ('<iframe src="http://e.com"></iframe>', FindingKind.FOREIGN_RESOURCE, "http://e.com"),
        ('<p style="background:url(https://e.com/x)">', FindingKind.FOREIGN_RESOURCE, "https://e.com/x"),
        ('<style>@import "https://e.com/x.css";</style>', FindingKind.FOREIGN_RESOURCE, "https://e.com/x.css"),
        ("<h1>a</h1><h1>b</h1>", FindingKind.DUPLICATE_TITLE, ""),
    ],
)
def test_faults_are_found(html: str, kind: FindingKind, target: str) -> None:
    """Each kind of fault, with the address it concerns."""
    assert (kind, target) in faults(f'<p id="here">{html}')


def test_absolute_addresses_count_from_where_the_site_stands() -> None:
    """Under a subpath, addresses outside it leave the site."""
    assert faults('<a href="/p/b.html">', "/p/") == []
    assert faults('<a href="/b.html">', "/p/") == [(FindingKind.BROKEN_LINK, "/b.html")]


def test_a_folder_is_checked_page_by_page(tmp_path: Path) -> None:
    """Links between files on disk, relative to the page they stand on."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text('<a href="sub/a.html#x">')
    (tmp_path / "sub" / "a.html").write_text('<p id="x"><a href="../index.html"><a href="b.html">')
    assert check_folder(tmp_path) == [SiteFinding(page="sub/a.html", kind=FindingKind.BROKEN_LINK, target="b.html")]


HTML = st.sampled_from(
    ["<a ", "href=", '"', "'", "#x", ">", "<", "/", "<!--", "-->", "<script>", "</script>", "src=", "&#", " ", "//["]
)


@given(st.one_of(st.lists(HTML, max_size=40).map("".join), st.text(max_size=60)))
@settings(max_examples=300, deadline=None)
def test_no_page_raises(html: str) -> None:
    """Whatever is in a page, checking it gives findings or none."""
    faults(html)


def test_long_unfinished_tags_take_no_time() -> None:
    """Attributes without an end do not make the scan slow."""
    scan("<a " + 'x="y" ' * 20_000 + "<" + "<a href='" * 2_000)
