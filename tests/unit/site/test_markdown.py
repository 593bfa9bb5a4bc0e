"""What the site makes of pages, against what CommonMark says of them."""

import re
from pathlib import Path

import pytest
from markdown import Markdown

from docsfy_action.site.builder import BuildOrder, make_config
from docsfy_action.site.settings import site_settings, without_diagrams
from docsfy_action.verify.markdown import code, normalise
from tests.unit.site.sites import site
from tests.unit.verify.rendering import common_html, structure
from tests.unit.verify.test_normalise import CASES

GOLDENS = sorted((Path(__file__).parent.parent / "writers" / "goldens").rglob("*.md"))
PERMALINK = re.compile(r'<a class="headerlink".*?</a>')
# A callout is a box on the site and a quotation elsewhere: the one construct that is meant to look different.
CALLOUT = re.compile(r"^> \[!", re.MULTILINE)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Markdown:
    """Python-Markdown as a build of the site sets it up."""
    docs = tmp_path_factory.mktemp("site") / "docs"
    docs.mkdir()
    order = BuildOrder(spec=site(), settings=site_settings(site()), docs_dir=docs, site_dir=Path(docs.parent, "out"))
    config = make_config(order)
    return Markdown(extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"])


def shown(reader: Markdown, page: str) -> str:
    """The HTML of a page on the site, without what the site adds to headings."""
    return PERMALINK.sub("", reader.reset().convert(page))


CONSTRUCTS = {
    "lists in lists": "-   a\n    -   b\n        -   c\n    -   d\n-   e\n",
    "a list of numbers in a list of bullets": "-   a\n    1.  b\n    2.  c\n-   d\n",
    "a list of bullets in a list of numbers": "1.  a\n    -   b\n    -   c\n2.  d\n",
    "a list that begins with another number": "7.  seven\n8.  eight\n",
    "items of several blocks": "1.  a\n\n    more\n\n    ```python\n    x = 1\n    ```\n\n2.  b\n\n    > quoted\n",
    "bullets behind numbers": "1.  a\n2.  b\n\n&#8203;\n\n-   c\n-   d\n",
    "an item that looks like a number": "-   2024\\. A year\n-   3\\) b\n",
    "code with tabs": "```go\nfunc main() {\n\tif x {\n\t\treturn\t// why\n\t}\n}\n```\n",
    "code with tabs in a list": "-   a\n\n    ```make\n    all:\n    \tgo build ./...\n    ```\n",
    "code with tabs in a quotation": "> ```make\n> all:\n> \tgo build ./...\n> ```\n",
    "code that looks like Markdown": "````markdown\n# no heading\n\n- no list\n\n```sh\nmake\n```\n````\n",
    "code that looks like HTML": "```html\n<b>&amp;</b><!-- x -->\n```\n",
    "code with empty lines and trailing backslashes": "```sh\na \\\n  b\n\n\nc\n```\n",
    "a diagram": '```mermaid\nflowchart LR\n    n0["a"] --> n1["b"]\n```\n',
    "an address with underscores": "See <https://example.com/a_b_c/__init__.py?x_y=1&z=2#a_b>.\n",
    "a link with underscores and stars": "[a_b_c](https://example.com/a_b_c*d*) and [x](src:a/__init__.py#A_b.c_d)\n",
    "a link with parentheses": "[x](https://example.com/a%28b%29)\n",
    "a mail address": "<me_too@example.com>\n",
    "words with underscores": "snake_case_name, `__init__` and \\_private\\_\n",
    "stars and tildes in text": "2 \\* 3 \\* 4, ~/x and \\~\\~y\\~\\~ and ~~gone~~\n",
    "a table with pipes in code": "| a | b |\n| --- | --- |\n| `str` \\| `None` | x \\| y |\n| `a` | |\n",
    "a table with code, links and quotations": "| a | b |\n| --- | :-: |\n| [`x_y`](src:a.py) | <q>say *so*</q> |\n",
    "a table without a head": "|  |  |\n| --- | --- |\n| a | b |\n",
    "a table with a backtick in code": "| a |\n| --- |\n| `` ` `` |\n| ``a`b`` |\n",
    "headings": "# A `b_c`\n\n## `d`\n\n### E & f\n\n## C\\#\n",
    "quotations in quotations": "> a\n>\n> > b\n>\n> -   c\n>     -   d\n",
    "a line that is broken": "a  \nb\n",
    "check boxes": "-   [ ] a\n-   [x] b\n",
}

LOOKALIKES = {
    "HTML": "List&lt;T> of &lt;name>, a < b and c > d, &amp;amp; and &copy;\n",
    "an attribute list": "## A {#b .c}\n\ntext {: .d }\n\n*x*{: .e}\n",
    "a macro": '{{ name }} {% if x %} and --8<-- "file"\n',
    "an admonition": '!!! note\n\n??? tip "x"\n',
    "a tab": '=== "One"\n',
    "keys": "++ctrl+c++ and ==mark== and ^^x^^\n",
    "an issue": "#12, @someone, owner/name#3 and 1234567890abcdef1234567890abcdef12345678\n",
}


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_what_writers_use_reads_the_same_on_the_site(reader: Markdown, name: str) -> None:
    """Every construct that pages hold has the same structure in MkDocs and in a CommonMark reader."""
    assert structure(shown(reader, CONSTRUCTS[name])) == structure(common_html(CONSTRUCTS[name]))


@pytest.mark.parametrize("name", LOOKALIKES)
def test_text_that_looks_like_an_extension_stays_text(reader: Markdown, name: str) -> None:
    """What only Python-Markdown would take for markup is escaped by the page format."""
    page = normalise(LOOKALIKES[name])
    assert structure(shown(reader, page)) == structure(common_html(page))
    assert structure(common_html(page)) == structure(common_html(LOOKALIKES[name]))


@pytest.mark.parametrize("name", CASES)
def test_foreign_markdown_reads_the_same_on_the_site_once_it_is_in_the_page_format(reader: Markdown, name: str) -> None:
    """What README files and doc comments hold is shown as its authors saw it."""
    page = normalise(CASES[name][0])
    if not CALLOUT.search(page):
        assert structure(shown(reader, page)) == structure(common_html(page))


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_whole_pages_read_the_same_on_the_site(reader: Markdown, path: Path) -> None:
    """Every page of the embedded writer looks on the site as it looks on a code host."""
    page = path.read_text("utf-8")
    assert CALLOUT.search(page) is None
    assert structure(shown(reader, page)) == structure(common_html(page))


@pytest.mark.parametrize("text", ["a|b", "`", "a`b", "x_y_z", "*", "<T>", "\\", "str | None", "{x}", "&lt;", "a  b"])
def test_code_reads_the_same_in_text_and_in_tables(reader: Markdown, text: str) -> None:
    """A code span is written so that no reader takes a character of it for something else."""
    for page in (f"a {code(text)} b\n", f"| a | b |\n| --- | --- |\n| {code(text, cell=True)} | c |\n"):
        assert structure(shown(reader, page)) == structure(common_html(page))


def test_tabs_in_code_stay_tabs(reader: Markdown) -> None:
    """A reader copies a Makefile that works."""
    page = "```make\nall:\n\tgo build\n```\n"
    assert "\n\t" in re.sub(r"<[^>]*>", "", shown(reader, page))


def test_tabs_in_code_stay_tabs_where_diagrams_are_text() -> None:
    """The configuration without the script for diagrams differs in nothing else."""
    settings = without_diagrams(site_settings(site()))["markdown_extensions"]
    assert isinstance(settings, dict)
    assert settings["pymdownx.superfences"] == {"preserve_tabs": True}
