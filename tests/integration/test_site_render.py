"""A whole site is built by MkDocs and put in its place."""

import errno
import gzip
import json
import logging
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from material.plugins.search.plugin import SearchPlugin

from docsfy_action.errors import OutputError, RenderError
from docsfy_action.site import builder, render
from docsfy_action.site.cache import MemoryCache
from docsfy_action.site.check import check_folder
from docsfy_action.site.model import SiteSection, SiteSpec, SiteVersion
from docsfy_action.site.render import render_site
from tests.browser.sample import sample_site
from tests.unit.site.sites import page, site, stamped

DIAGRAM = "# D\n\n```mermaid\nflowchart LR\n    a --> b\n```\n"


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def built(spec: SiteSpec, folder: Path) -> dict[str, str]:
    """The text files of a site."""
    render_site(spec, output_dir=folder)
    return {name: data.decode() for name, data in tree(folder).items() if not name.startswith("assets/")}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site, built once."""
    folder = tmp_path_factory.mktemp("sample") / "site"
    result = render_site(sample_site(site_url="https://example.com/tidepool/"), output_dir=folder)
    assert result.pages == 7
    assert result.warnings == ()
    assert result.bytes == sum(len(data) for data in tree(folder).values())
    return folder


def test_the_site_has_every_file_that_is_promised(sample: Path) -> None:
    """A page in HTML and Markdown for each slug, the indexes, the stub of the removed page, and our marker."""
    names = {name for name in tree(sample) if "/" not in name}
    slugs = {item.slug for item in sample_site().pages}
    assert names == {f"{slug}.{ending}" for slug in slugs for ending in ("html", "md")} | {
        "api.html",
        "404.html",
        ".nojekyll",
        "llms.txt",
        "llms-full.txt",
        "sitemap.xml",
        "docsfy.json",
    }
    assert {"search_index.json", "search_index.js"} == {path.name for path in (sample / "search").iterdir()}


def test_nothing_of_the_site_is_broken_or_loaded_from_elsewhere(sample: Path) -> None:
    """Every link and anchor leads somewhere, and no page loads anything from another host."""
    assert check_folder(sample, "/tidepool/") == []


def test_no_path_of_the_building_machine_is_published(sample: Path) -> None:
    """Neither the output folder nor temporary folders nor the installation leave a trace."""
    traces = [os.fsencode(sample.parent), b"/tmp/", os.fsencode(Path(render.__file__).parent), b"site-packages"]
    for name, data in tree(sample).items():
        if not name.startswith("assets/javascripts/"):
            assert not [trace for trace in traces if trace in data], name


def test_the_same_pages_give_the_same_bytes_wherever_they_are_built(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder, time zone and process date change nothing."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.chdir(tmp_path)
    render_site(sample_site(site_url="https://example.com/tidepool/"), output_dir=Path("other/deeper"))
    assert tree(tmp_path / "other" / "deeper") == tree(sample)


def test_pages_carry_their_own_stamp_and_only_the_landing_page_the_commit(sample: Path) -> None:
    """The commit of the run stands on the landing page and in the marker, so that other pages can stay as they are."""
    commit = sample_site().commit
    holders = {
        name for name, data in tree(sample).items() if commit[:7].encode() in data and name.endswith((".html", ".json"))
    }
    cited = {item.slug for item in sample_site().pages if commit[:7] in item.markdown}
    assert holders - {f"{slug}.html" for slug in cited} <= {"index.html", "docsfy.json", "search/search_index.json"}
    assert json.loads((sample / "docsfy.json").read_text())["commit"] == commit
    text = (sample / "development.html").read_text()
    assert '<a href="https://github.com/example/tidepool/commit/9f2d3c1a"><code>9f2d3c1</code></a>' in text
    assert '<time datetime="2026-10-04">' in text


def test_the_foot_of_a_page_says_which_model_wrote_it(tmp_path: Path) -> None:
    """And that it was checked, where it was; a page without a model says what it always said, byte for byte."""
    url = "https://example.com/commit/0123456789ab"
    told = page("told", author="claude (a<b)", checked=True)
    spec = site(
        stamped(told),
        page("unstamped", author="api (x)", checked=True),
        replace(stamped(told), slug="unchecked", checked=False),
        stamped(page("ours")),
    )
    feet = {}
    render_site(spec, output_dir=tmp_path / "site")
    for slug in ("told", "unstamped", "unchecked", "ours"):
        html = (tmp_path / "site" / f"{slug}.html").read_text()
        start = html.index('<div class="md-copyright">')
        feet[slug] = " ".join(re.sub(r"<[^>]*>", "", html[start : html.index("</div>", start)]).split())
        assert (url in html) == (slug != "unstamped")
    assert feet == {
        "told": "Written by claude (a&lt;b) and checked against 0123456 of 2026-03-04 by docsfy-action with Material for MkDocs",
        "unstamped": "Written by api (x) and checked by docsfy-action with Material for MkDocs",
        "unchecked": "Written by claude (a&lt;b) from 0123456 of 2026-03-04, published by docsfy-action with Material for MkDocs",
        "ours": "Generated from 0123456 of 2026-03-04 by docsfy-action with Material for MkDocs",
    }


def test_pages_tell_machines_where_their_markdown_is(sample: Path) -> None:
    """Each page names its twin and the index of twins; the page that is none does not."""
    text = (sample / "api-client.html").read_text()
    assert '<link rel="alternate" type="text/markdown" href="api-client.md">' in text
    assert '<link rel="describedby" type="text/plain" href="llms.txt">' in text
    assert "text/markdown" not in (sample / "404.html").read_text()


def test_the_index_for_search_is_the_one_material_would_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte, with excluded pages, markup in titles and diagrams; so is the copy for pages opened from disk."""

    class Original(SearchPlugin):  # type: ignore[misc]  # Material is published without types
        """Material's own plugin, where ours would be."""

    spec = site(
        stamped(page("a", "# A `b` <q>&amp;</q>\n\n## C\n\n```python\nx = 1 < 2\n```\n\n-   \n")),
        page("d", DIAGRAM),
        page("hidden", searchable=False),
        page("untitled", "Text only\n"),
        page("attributes", '# A\n\n<p data-search-boost="2" class="x">raw</p>\n'),
    )
    ours = built(spec, tmp_path / "ours")
    monkeypatch.setattr(builder, "RememberingSearch", Original)
    theirs = built(spec, tmp_path / "theirs")
    assert ours["search/search_index.json"] == theirs["search/search_index.json"]
    assert {name: text for name, text in ours.items() if name != "search/search_index.js"} == theirs
    assert ours["search/search_index.js"] == "var __index = " + ours["search/search_index.json"]
    assert "hidden" not in ours["search/search_index.json"]


def test_titles_and_descriptions_are_text_wherever_they_are_shown(tmp_path: Path) -> None:
    """Markup in names, titles, sections and descriptions appears escaped, never as markup."""
    evil = '</title><script>alert("1")</script>&'
    spec = site(
        page("a", f"# A\n\n`{evil}`\n", title=evil, description=evil),
        page("b"),
        name=evil,
        description=evil,
        repo_url="https://github.com/o/r",
        sections=(SiteSection(title=evil, slugs=("a", "b")),),
    )
    for name, text in built(spec, tmp_path / "site").items():
        if name.endswith(".html"):
            assert "<script>alert" not in text, name
            assert "&amp;lt;" not in text, name


def test_mermaid_is_published_only_where_a_page_has_a_diagram(tmp_path: Path) -> None:
    """Three megabytes are not copied for nothing, and pages without a diagram load nothing of it."""
    text = '# A\n\n`<pre class="mermaid">` and `class="mermaid"`\n'
    render_site(site(page("a", text)), output_dir=tmp_path / "without")
    assert "assets/docsfy/mermaid.min.js" not in tree(tmp_path / "without")
    assert b"diagrams.js" not in tree(tmp_path / "without")["a.html"]
    render_site(site(page("a"), page("d", DIAGRAM)), output_dir=tmp_path / "with")
    files = tree(tmp_path / "with")
    assert b"Permission is hereby granted" in files["assets/docsfy/mermaid.LICENSE.txt"]
    assert len(files["assets/docsfy/mermaid.min.js"]) > 2_000_000
    assert b"diagrams.js" in files["d.html"]
    assert b"diagrams.js" not in files["a.html"]


def test_without_the_script_diagrams_are_text_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page then asks for nothing that is not there."""
    monkeypatch.setattr(render, "mermaid_script", lambda: None)
    result = render_site(site(page("d", DIAGRAM)), output_dir=tmp_path / "site")
    assert [warning for warning in result.warnings if "mmdc" in warning]
    text = (tmp_path / "site" / "d.html").read_text()
    assert 'class="mermaid"' not in text
    assert "flowchart LR" in re.sub(r"<[^>]*>", "", text)


def test_previews_keep_search_engines_out(tmp_path: Path) -> None:
    """Every page of a preview says so; of the real site only the page for addresses that do not exist."""
    preview = built(site(page("a"), preview=True), tmp_path / "preview")
    real = built(site(page("a")), tmp_path / "real")
    asks = '<meta name="robots" content="noindex">'
    assert {name for name, text in preview.items() if asks in text} == {"index.html", "a.html", "404.html"}
    assert {name for name, text in real.items() if asks in text} == {"404.html"}


@pytest.mark.parametrize(("address", "base"), [("https://example.com/p/q", "/p/q/"), ("", "./")])
def test_the_page_for_missing_addresses_finds_its_styles(tmp_path: Path, address: str, base: str) -> None:
    """It is shown at any depth, so it names files from the root of the host; without an address, from where it is."""
    text = built(site(page("a"), site_url=address), tmp_path / "site")["404.html"]
    assert f'<link rel="stylesheet" href="{base}assets/docsfy/site.css">' in text
    assert f'href="{base}index.html"' in text


def test_the_language_of_the_site_reaches_the_reader(tmp_path: Path) -> None:
    """Labels and search speak the language where the theme does; word lists of other languages are left out."""
    render_site(site(page("a"), language="de"), output_dir=tmp_path / "site")
    files = tree(tmp_path / "site")
    assert b'<html lang="de"' in files["a.html"]
    assert {name.rsplit("/", 1)[1] for name in files if "/lunr/" in name} == {
        "lunr.de.min.js",
        "lunr.multi.min.js",
        "lunr.stemmer.support.min.js",
    }
    assert b'"lang":["de","en"]' in files["search/search_index.json"]


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# A\n\n[x](none.md)\n", "a.md"),
        ("# A\n\n[x](index.md#none)\n", "'#none'"),
        ("# A\n\n[x](#none)\n", "a.md"),
        ("# A\n\n[x](/absolute.md)\n", "absolute"),
        ('# A\n\n<a href="none.html">x</a>\n', "a.html: broken link 'none.html'"),
        ("# A\n\n[x](file:///etc/passwd)\n", "link to a file of the machine"),
    ],
)
def test_a_page_with_a_broken_link_stops_the_build_and_the_last_site_stays(
    tmp_path: Path, markdown: str, said: str
) -> None:
    """The error names the page and the link; not a byte of the site changes, and nothing is left beside it."""
    folder = tmp_path / "site"
    render_site(site(page("a")), output_dir=folder)
    before = tree(tmp_path)
    with pytest.raises(RenderError) as caught:
        render_site(site(page("a", markdown)), output_dir=folder, cache=MemoryCache())
    assert said in caught.value.message
    assert "last good site" in caught.value.hint
    assert tree(tmp_path) == before


def test_many_faults_are_counted_not_listed(tmp_path: Path) -> None:
    """The first five say enough."""
    text = "# A\n\n" + " ".join(f"[x](none{number}.md)" for number in range(9))
    with pytest.raises(RenderError, match="and 4 more"):
        render_site(site(page("a", text)), output_dir=tmp_path / "site")


def test_pictures_from_elsewhere_and_second_titles_are_warned_of(tmp_path: Path) -> None:
    """They do not stop the build: a reader can still use the page."""
    text = "# A\n\n![badge](https://example.com/badge.svg)\n\n# B\n"
    result = render_site(site(page("a", text)), output_dir=tmp_path / "site")
    assert result.warnings == (
        "a.html: more than one heading of level 1",
        "a.html: resource loaded from another host 'https://example.com/badge.svg'",
    )


def test_a_folder_of_somebody_elses_is_not_touched(tmp_path: Path) -> None:
    """Files without our marker are never replaced."""
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(OutputError, match=r"precious\.txt"):
        render_site(site(page("a")), output_dir=tmp_path)
    assert tree(tmp_path) == {"precious.txt": b"x"}


def test_a_full_disk_leaves_the_last_site_and_says_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while files are written is reported as what it is, and the half-built folder is gone."""
    folder = tmp_path / "site"
    render_site(site(page("a")), output_dir=folder)
    before = tree(tmp_path)

    def full(_: Path, __: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left") as caught:
        render_site(site(page("b")), output_dir=folder)
    monkeypatch.undo()
    assert "space" in caught.value.hint
    assert tree(tmp_path) == before


def test_pages_that_are_gone_leave_no_files(tmp_path: Path) -> None:
    """A new site takes the whole place of the old one."""
    render_site(site(page("a"), page("b")), output_dir=tmp_path / "site")
    render_site(site(page("a"), redirects={"b": "a"}), output_dir=tmp_path / "site")
    files = built(site(page("a"), redirects={"b": "a"}), tmp_path / "site")
    assert "b.md" not in files
    assert "url=a.html" in files["b.html"]
    assert not [name for name in ("llms.txt", "sitemap.xml", "search/search_index.json") if "b.html" in files[name]]


def test_mkdocs_says_nothing_on_its_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What it warns of is part of our error; its logger is left as it was."""
    logger = logging.getLogger("mkdocs")
    before = logger.level, logger.propagate, list(logger.handlers)
    with pytest.raises(RenderError):
        render_site(site(page("a", "# A\n\n[x](none.md)\n")), output_dir=tmp_path / "site")
    assert (logger.level, logger.propagate, list(logger.handlers)) == before
    assert capfd.readouterr() == ("", "")


def test_names_that_are_not_utf8_are_shown_with_a_replacement(tmp_path: Path) -> None:
    """Half a surrogate pair cannot be written to a file; the page is published all the same."""
    odd = "caf\udce9"
    inner = SiteSection(title=odd, slugs=("a",))
    spec = site(
        page("a", f"# {odd}\n", title=odd, description=odd),
        name=odd,
        description=odd,
        sections=(SiteSection(title=odd, sections=(inner,)),),
    )
    files = built(spec, tmp_path / "site")
    assert all("caf\ufffd" in files[name] for name in ("a.html", "a.md", "llms.txt", "llms-full.txt", "docsfy.json"))


def test_pages_of_every_kind_of_markdown_are_built(tmp_path: Path) -> None:
    """Front-matter-like text, deep nesting and odd characters are text of the page and stop nothing."""
    texts = [
        "---\ntitle: x\n---\n",
        "> " * 60 + "deep\n",
        "\u2028\ufeff# T\n",
        "",
        "{{ x }} {% y %} {#z#}",
        "# A {#b}\n\n/api/{id}\n",
    ]
    spec = site(*(page(f"p{number}", text) for number, text in enumerate(texts) if text), page("empty", " "))
    files = built(replace(spec, description=""), tmp_path / "site")
    assert "{{ x }} {% y %} {#z#}" in files["p4.html"]
    assert "/api/{id}" in files["p5.html"]
    assert gzip.compress(files["empty.html"].encode())


def test_a_version_knows_the_others(tmp_path: Path) -> None:
    """Its pages tell the switcher where to look and warn of an outdated version; opened from disk, where nothing can be read,
    the switcher is not asked for. A user's address does not win over that of the version."""
    version = SiteVersion(name="1.0", development="main", home="https://example.com/p/")
    spec = site(
        page("a"),
        site_url="https://example.com/p/1.0/",
        version=version,
        user_config=b"site_url: https://elsewhere.example.com/\n",
        trusted=True,
    )
    files = built(spec, tmp_path / "site")
    for name, address in (("a.html", "a.html"), ("index.html", "")):
        assert f'<link rel="canonical" href="https://example.com/p/1.0/{address}">' in files[name]
        assert '"provider": "mike"' in files[name]
        assert '<a href="https://example.com/p/">Go to the latest</a>' in files[name]
        assert 'location.protocol==="file:"&&(e=>{const{version:_' in files[name]
    assert 'href="/p/1.0/assets/docsfy/site.css"' in files["404.html"]
    assert '"provider": "mike"' not in built(site(page("a")), tmp_path / "plain")["a.html"]
