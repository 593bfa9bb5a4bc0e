"""The page that shows what a pull request changes."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.plan.compared import Difference, PageChange
from docsfy_action.site.comparison.blocks import BlockKind, blocks
from docsfy_action.site.comparison.page import Compared, changes_page
from docsfy_action.site.comparison.words import marked

VOID = {"meta", "link", "br", "hr"}
ELEMENTS = set(
    "html head body meta title link style header main nav section div span p a ul ol li h1 h2 h3 h4 h5 h6 small s del ins"
    " code pre em strong table thead tbody tr th td blockquote details summary hr br".split()
)


class Outline(HTMLParser):
    """Fails on elements that are not closed in order, and collects names, attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(html: str) -> Outline:
    """The page, taken apart."""
    found = Outline()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def page(old: str, new: str, difference: Difference = Difference.CHANGED, **more: str) -> str:
    """The page of one change."""
    change = PageChange(slug="a", title="A page", difference=difference, reason="`x` is new", old=old, new=new, **more)
    compared = Compared(
        site="Shop",
        number=7,
        branch="main",
        base="b" * 40,
        head="a" * 40,
        changes=[change],
        titles={"index": "Home", "a": "A page"},
    )
    return changes_page(compared)


def body(html: str) -> str:
    """What stands in the frame of the one page."""
    found = re.search(r'<div class="page">\n(.*)</div>\n</section>', html, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("<p>one two</p>", "<p>one three</p>", "<p>one <del>two</del><ins>three</ins></p>"),
        ("<p>a <code>b</code></p>", "<p>a <code>c</code></p>", "<p>a <code><del>b</del><ins>c</ins></code></p>"),
        ("<p>a</p>", "<p>a <em>b c</em></p>", "<p>a <em><ins>b c</ins></em></p>"),
        ("<p>a b c</p>", "<p>d e f</p>", "<p><del>a b c</del><ins>d e f</ins></p>"),
        ('<p><a href="x">a</a></p>', '<p><a href="y">a</a></p>', '<p><a href="y">a</a></p>'),
        ("<p>a &lt;b&gt;</p>", "<p>a &lt;c&gt;</p>", "<p>a &lt;<del>b</del><ins>c</ins>&gt;</p>"),
    ],
)
def test_words_are_marked(old: str, new: str, html: str) -> None:
    """Words that follow each other in one mark, tags of the new side alone, and no mark around a tag."""
    found = marked(old, new)
    assert found.html == html
    assert found.is_marked == ("<ins>" in html)


MARKDOWN = st.lists(
    st.sampled_from(
        ["a word", "`code`", "**b**", "[l](other.md#x)", "<script>x</script>", "<img src=x onerror=y>",
         "![i](https://e.x/i.png)", "\n\n", "\n",
         "# h", "-   item", "1.  one", "| a | b |\n| --- | --- |\n| c | d |", "```python\nx < 1\n```",
         "> quoted", "<q>q</q>", "[j](javascript:x)",
         "&lt;", "</div>", "    ", "***"]
    ) | st.text(max_size=12),
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(MARKDOWN, MARKDOWN, st.sampled_from(list(Difference)), st.text(max_size=20))
def test_whatever_a_page_holds_the_result_is_well_formed_and_loads_nothing(
    old: str, new: str, difference: Difference, title: str
) -> None:
    """No script, no image, no handler of an event, and no address but that of a link."""
    change = PageChange(slug="a", title=title, difference=difference, reason=title, old=old, new=new, leads_to="a")
    html = changes_page(
        Compared(
            site=title, number=7, branch=title, base=title, head=title, changes=[change, change], titles={"a": title}
        )
    )
    found = outline(html)
    assert found.names <= ELEMENTS
    assert {
        name for name, _ in found.attributes if name.startswith("on") or name in {"src", "srcset", "style"}
    } == set()
    links = [value for name, value in found.attributes if name == "href"]
    assert not any(link.lower().startswith(("javascript", "data", "vbscript")) for link in links)


def test_it_is_found_by_no_search_engine_and_loads_nothing() -> None:
    """It says so itself, and forbids what it does not need."""
    html = page("a", "b")
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'" in html
    assert "url(" not in html
    assert "@import" not in html
    assert "color-scheme" in html


def test_a_changed_paragraph_stands_under_its_heading() -> None:
    """With what is next to it; everything else is counted."""
    old = "# A\n\nOne.\n\nTwo.\n\n## Part\n\nThree.\n\nFour.\n\nFive is here.\n\nSix.\n\n## Next\n"
    html = body(page(old, old.replace("Five is", "Five was")))
    text = outline(html).text.split()
    assert " ".join(text) == "3 blocks unchanged Part 1 block unchanged Four. Five iswas here. Six. 1 block unchanged"


def test_a_table_shows_the_rows_that_changed() -> None:
    """A row is known by its first cell; an empty head is left out."""
    head = "|  |  |\n| --- | --- |\n"
    rows = [f"| k{number} | v |" for number in range(8)]
    changed = [*rows[:5], "| k5 | w |", "| new | row |", rows[7]]
    html = body(page(head + "\n".join(rows) + "\n", head + "\n".join(changed) + "\n"))
    assert "<thead>" not in html
    assert "<td><del>v</del><ins>w</ins></td>" in html
    assert '<tr class="gone"><td>k6</td>' in html
    assert '<tr class="added"><td>new</td>' in html
    assert "4 rows unchanged" in html


def test_code_is_compared_by_lines() -> None:
    """As it stands, in one block."""
    html = body(page("```python\na = 1\nb < 2\n```\n", "```python\na = 1\nb < 3\n```\n"))
    assert "<span>a = 1</span>\n<del>b &lt; 2</del>\n<ins>b &lt; 3</ins>\n" in html


def test_long_code_is_folded_around_what_changed() -> None:
    """Three lines on either side stay."""
    lines = [f"line {number}" for number in range(60)]
    changed = [*lines[:30], "anew", *lines[31:]]
    html = body(page("```text\n" + "\n".join(lines) + "\n```\n", "```text\n" + "\n".join(changed) + "\n```\n"))
    assert '<span class="gap">27 lines unchanged</span>\n<span>line 27</span>' in html
    assert '<span>line 33</span>\n<span class="gap">26 lines unchanged</span>' in html


def test_a_link_that_leads_elsewhere_is_shown_as_touched() -> None:
    """No word of it changed."""
    assert 'class="both touched"' in body(page("See [a](b.md).", "See [a](c.md)."))


def test_blocks_that_have_nothing_in_common_stand_whole() -> None:
    """The old one gone, the new one added."""
    html = body(page("Alpha beta gamma delta.", "Eins zwei drei vier."))
    assert '<div class="added"><p>Eins' in html
    assert '<div class="gone"><p>Alpha' in html


def test_new_and_removed_pages() -> None:
    """A new one is shown whole; of one that went it is said where its address leads, and what it said can be opened."""
    assert '<div class="added"><p>New.</p>' in body(page("", "New.", Difference.NEW))
    gone = page("Old.", "", Difference.REMOVED, leads_to="index")
    assert "<summary>What it said</summary>" in gone
    assert 'Its address leads to <a href="index.html">Home</a>' in gone
    assert 'href="a.html"' not in gone


def test_links_lead_to_the_pages_of_the_preview() -> None:
    """Beside which the page stands; the web stays the web."""
    html = page("", "[a](other.md#x) [b](https://example.org)", Difference.NEW)
    assert 'href="other.html#x"' in html
    assert 'href="https://example.org"' in html


def test_kinds_of_blocks() -> None:
    """Items of a list are blocks of their own, numbered as they were; quotation marks of the page format are no text."""
    text = "# T\n\np <q>q</q>\n\n-   a\n-   b\n\n1.  one\n2.  two\n\n> [!NOTE]\n> n\n\n```x\ny\n```\n\n| a |\n| --- |\n| b |\n"
    found = blocks(text)
    kinds = [block.kind for block in found]
    assert kinds == [
        BlockKind.HEADING, BlockKind.TEXT, BlockKind.ITEM, BlockKind.ITEM, BlockKind.ITEM, BlockKind.ITEM,
        BlockKind.QUOTE, BlockKind.CODE,
        BlockKind.TABLE,
    ]  # fmt: skip
    assert found[1].html == "<p>p q</p>\n"
    assert '<ol start="2">' in found[5].html
    assert "Note:" in found[6].html
    assert found[8].lines == ("<th>a</th>", "<td>b</td>")
