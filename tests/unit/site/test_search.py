"""Our reading of pages for the search index gives what Material's gives."""

import re

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser

from docsfy_action.site import search
from docsfy_action.site.search import sections, without_colours
from docsfy_action.site.settings import markdown_extensions
from tests.browser.sample import sample_site

OPTIONS = {
    name: options
    for name, options in markdown_extensions().items()
    if name not in {"toc", "pymdownx.superfences"} and isinstance(options, dict)
}

Found = list[tuple[str | None, str, str]]


def convert(text: str) -> str:
    """HTML as the site has it."""
    names = ["toc", "tables", "pymdownx.superfences", *OPTIONS]
    configured = {**OPTIONS, "toc": {"permalink": True}}
    return markdown.markdown(text, extensions=names, extension_configs=configured)  # type: ignore[arg-type]  # loose stubs


def material(html: str) -> Found:
    """What Material's parser finds."""
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [(s.id, "".join(s.title), "".join(s.text)) for s in parser.data if not s.is_excluded()]


def ours(html: str) -> Found:
    """What we find."""
    return [(s.id, "".join(s.title), "".join(s.text)) for s in sections(html)]


@pytest.mark.parametrize("page", sample_site().pages, ids=lambda page: page.slug)
def test_real_pages_are_read_as_material_reads_them_and_by_our_own_reader(page) -> None:  # type: ignore[no-untyped-def]
    """Sections, titles and texts are the same, and the fast way was taken."""
    html = convert(page.markdown)
    assert ours(html) == material(html)
    assert search._Reader().read(without_colours(html)) is not None


BLOCKS = st.sampled_from(
    [
        "# One",
        "## Two `code` *em*",
        "### Three",
        "Text with `code` and **bold**.",
        "-   a\n-   b\n\n    more",
        "1.  x\n2.  y",
        "| a | b |\n| --- | --- |\n| `x` | <q>y</q> |",
        "> quoted\n>\n> -   list",
        '```python\nx = 1  # <é> &amp;\n\n\ny = ""\n```',
        "```\n\n```",
        "a<sub>1</sub> &lt;b&gt; &amp;copy; x",
        "<div><h2 id='q'>raw</h2> tail</div>",
        "<p></p>",
        "**  **",
        "![alt](x.png)",
        '!!! note "Title"\n    Body\n\n    ## Inside',
        '=== "Tab"\n    ## In tab\n\n    text',
        "-   [x] done",
        "line  \nbreak",
        "&nbsp;",
        "<ul><li></li></ul>",
        "```mermaid\na --> b\n```",
        "[link](b.md#c)",
        "<details><summary>s</summary>x</details>",
        "~~no~~",
        "<script>alert(1)</script>",
        "<!-- comment -->",
        "<svg><title>t</title></svg>",
        "Setext\n---",
        "<br>",
        "<img src=x>",
    ]
)


@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
@settings(max_examples=150, deadline=None)
def test_any_page_is_read_as_material_reads_it(text: str) -> None:
    """Headings in lists and tabs, empty elements, raw HTML, highlighted code: the entries are the same."""
    html = convert(text)
    assert ours(html) == material(html)


TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        '<h1 id="a">',
        "</h1>",
        '<h2 id="b">',
        "</h2>",
        "<li>",
        "</li>",
        "<ul>",
        "</ul>",
        "<code>",
        "</code>",
        "<pre>",
        "</pre>",
        "<span>",
        "</span>",
        "<br />",
        "<br>",
        "<sub/>",
        " ",
        "\n",
        "x",
        "&lt;",
        "&amp;",
        "&",
        ">",
        "é",
        '<a class="headerlink">',
        "</a>",
        '<div class="x">',
        "</div>",
        "<q>",
        "</q>",
    ]
)


def material_or_nothing(html: str) -> Found | None:
    """What Material's parser finds; None where it fails on HTML that no Markdown gives."""
    try:
        return material(html)
    except ValueError:
        return None


@given(st.lists(TAGS, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_html_is_read_as_material_reads_it_and_never_raises(html: str) -> None:
    """Tags in the wrong order are read alike; where Material's parser gives up, ours still returns."""
    found = ours(html)
    expected = material_or_nothing(html)
    assert expected is None or found == expected


def test_html_on_which_material_gives_up_is_read_as_far_as_it_goes() -> None:
    """Excluded elements inside excluded elements stop Material's parser; a build goes on with what was read."""
    html = "<p>before</p><li data-search-exclude><li>x</li></li><p>after</p>"
    assert material_or_nothing(html) is None
    assert ours(html)[0][2].startswith("<p>before</p>")


@pytest.mark.parametrize("html", ["<p>1 < 2</p>", "<p title='a>b'>x</p>", "<p>x", "text <", "<p>1 <2</p>"])
def test_html_that_no_markdown_gives_is_left_to_the_complete_parser(html: str) -> None:
    """Unescaped signs and single quotes are not guessed at."""
    assert ours(html) == material(html)


def test_unusual_signs_make_our_reader_stand_back() -> None:
    """It says so instead of reading wrongly."""
    assert [search._Reader().read(html) for html in ("<p>1 < 2</p>", "<p title='a>b'>x</p>", "x <")] == [None] * 3


def test_diagrams_are_left_out_of_the_index() -> None:
    """The source of a diagram is no text; the words around it are found as if it were not there."""
    html = (
        '<h1 id="a">A</h1>\n<p>x</p>\n<pre class="mermaid" data-search-exclude><code>a --&gt; b</code></pre>\n<p>y</p>'
    )
    assert ours(html) == material(html)
    assert not any("--" in text for _, _, text in ours(html))


def test_colours_are_removed_from_code_only() -> None:
    """Spans in prose stay, because white space around them counts."""
    html = convert("```python\nx = 1\n```\n\n<span>a</span>")
    plain = without_colours(html)
    assert re.findall(r"</?span[^>]*>", plain) == ["<span>", "</span>"]
    assert "x = 1" in plain
