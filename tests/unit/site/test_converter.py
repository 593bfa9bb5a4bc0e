"""Conversion with one Markdown instance, and what pages are remembered by."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from docsfy_action.site.builder import BuildOrder, make_config
from docsfy_action.site.check import PageLinks
from docsfy_action.site.converter import (
    Converter,
    Heading,
    PageFacts,
    breakable,
    dump_facts,
    load_facts,
    table_of_contents,
)
from docsfy_action.site.highlight import quick_highlighting
from docsfy_action.site.settings import Setting, site_settings
from docsfy_action.site.user_config import EXTENSIONS
from tests.browser.sample import sample_site
from tests.unit.site.sites import site


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> MkDocsConfig:
    """The configuration of a site with every extension that pages may share an instance with."""
    docs = tmp_path_factory.mktemp("site") / "docs"
    docs.mkdir()
    spec = site()
    extensions: dict[str, Setting] = {name: {} for name in sorted(EXTENSIONS)}
    ours = site_settings(spec)
    chosen = ours["markdown_extensions"]
    assert isinstance(chosen, dict)
    return make_config(
        BuildOrder(
            spec=spec,
            settings={**ours, "markdown_extensions": {**extensions, **chosen}},
            docs_dir=docs,
            site_dir=Path(docs.parent, "out"),
        )
    )


def files_of(config: MkDocsConfig) -> Files:
    """Files to link to."""
    files = Files([])
    for name in ("index", "a", "b", *(page.slug for page in sample_site().pages if page.slug != "index")):
        files.append(File(f"{name}.md", str(config.docs_dir), str(config.site_dir), use_directory_urls=False))
    return files


def by_mkdocs(text: str, config: MkDocsConfig) -> tuple[str, str, set[str] | None]:
    """HTML, table of contents and anchors as MkDocs makes them, with a new Markdown instance."""
    files = files_of(config)
    file = files.get_file_from_path("a.md")
    assert file is not None
    page = Page(None, file, config)
    page.markdown = text
    page.render(config, files)
    return page.content or "", str(page.toc), page.present_anchor_ids


def converted(texts: list[str], config: MkDocsConfig, *, reuse: bool) -> list[tuple[str, str, set[str]]]:
    """The same by our converter, one page after the other."""
    files = files_of(config)
    file = files.get_file_from_path("a.md")
    assert file is not None
    converter = Converter(config, reuse=reuse)
    with quick_highlighting():
        results = [converter.convert(text, file, files) for text in texts]
    return [(item.html, str(TableOfContents(list(table_of_contents(item.headings)))), item.anchors) for item in results]


BLOCKS = st.sampled_from(
    [
        "# One",
        "## Two",
        "## Two",
        "Text[^1].\n\n[^1]: Note.",
        "*[HTML]: Language\n\nHTML",
        '=== "A"\n    x\n\n=== "B"\n    y',
        "??? note\n    x",
        '```python title="t"\nx = 1\n```',
        "```mermaid\na --> b\n```",
        "```nosuchlanguage\nx\n```",
        "`#!python x`",
        "[ref]\n\n[ref]: a.md",
        "[b](b.md#x)",
        '<div id="raw" markdown>*x*</div>',
        "- [ ] task",
        "| a |\n| - |\n| b |",
        "++ctrl++",
        "==m==",
        "{--del--}",
        "Term\n:   Definition",
        "## T {#own .cls}",
        "> [!NOTE]\n> x",
        "https://example.com",
        "<a name=old></a>",
        "```\nopen",
    ]
)
PAGES = st.lists(st.lists(BLOCKS, max_size=6).map("\n\n".join), min_size=1, max_size=4)


@given(PAGES)
@settings(max_examples=60, deadline=None)
def test_one_instance_for_all_pages_gives_what_mkdocs_gives(config: MkDocsConfig, texts: list[str]) -> None:
    """HTML, headings and anchors do not depend on what was converted before, with every known extension."""
    assert converted(texts, config, reuse=True) == [by_mkdocs(text, config) for text in texts]


def test_real_pages_are_converted_as_mkdocs_converts_them(config: MkDocsConfig) -> None:
    """The sample site, once with a shared instance and once without."""
    texts = [page.markdown for page in sample_site().pages]
    expected = [by_mkdocs(text, config) for text in texts]
    assert converted(texts, config, reuse=True) == expected
    assert converted(texts, config, reuse=False) == expected


def test_links_are_recorded_by_the_document_they_need(config: MkDocsConfig) -> None:
    """Links inside the site are kept with their documents and anchors; addresses elsewhere are not."""
    files = files_of(config)
    file = files.get_file_from_path("a.md")
    assert file is not None
    text = "[1](b.md#x) [2](index.md) [3](#y) [4](https://example.com/c.md) [5](https://[) ![6](b.md)"
    result = Converter(config, reuse=True).convert(text, file, files)
    assert result.targets == {"b.md", "index.md"}
    assert {target.src_uri: links for target, links in result.links_to_anchors.items()} == {
        "b.md": {"x": "b.md#x"},
        "a.md": {"y": "#y"},
    }
    assert 'href="https://["' in result.html


def test_long_dotted_titles_may_be_broken_at_their_joints() -> None:
    """A narrow navigation breaks names between their parts, not in the middle of one; short titles stay as they are."""
    assert breakable("package.module_name.deeper") == "package.<wbr>module_<wbr>name.<wbr>deeper"
    assert breakable(Markup("package.module.List&lt;T&gt;")) == "package.<wbr>module.<wbr>List&lt;T&gt;"
    assert breakable("a.b") == ""
    assert breakable("A long title without joints") == ""
    assert breakable("Sentence. Another one &amp;c. to end.") == ""
    toc = list(table_of_contents((Heading(title="package.module.Class.method", id="x", level=1),)))
    assert "<wbr>" in toc[0].typeset["title"]  # type: ignore[attr-defined]  # read by Material's templates


TEXT = st.text(max_size=10)
HEADINGS = st.recursive(
    st.builds(Heading, title=TEXT, id=TEXT, level=st.integers(1, 6)),
    lambda inner: st.builds(
        Heading, title=TEXT, id=TEXT, level=st.integers(1, 6), children=st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=5,
)
FACTS = st.builds(
    PageFacts,
    headings=st.lists(HEADINGS, max_size=3).map(tuple),
    anchors=st.lists(TEXT, max_size=3).map(tuple),
    targets=st.lists(TEXT, max_size=3).map(tuple),
    anchor_links=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=3).map(tuple),
    search=TEXT,
    links=st.builds(
        PageLinks,
        ids=st.frozensets(TEXT),
        links=st.frozensets(TEXT),
        loaded=st.frozensets(TEXT),
        titles=st.integers(0, 3),
    ),
    diagram=st.booleans(),
)


@given(FACTS)
@settings(max_examples=100, deadline=None)
def test_facts_come_back_from_the_cache_as_they_went_in(facts: PageFacts) -> None:
    """Writing and reading change nothing."""
    assert load_facts(dump_facts(facts)) == facts
