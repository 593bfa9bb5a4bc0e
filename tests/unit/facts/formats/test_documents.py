"""Markdown and reStructuredText documents: which title, which lead, which sections."""

import pytest

from docsfy_action.facts.formats.syntax.commonmark import MAX_LINES
from docsfy_action.facts.formats.syntax.document import MAX_BODY, MAX_SECTIONS
from docsfy_action.facts.model import Document
from tests.unit.facts.formats.samples import extract


def document(text: str, path: str = "README.md") -> Document:
    """The document that a text is."""
    return extract(path, text).documents[0]


LEAD = "Tides computes tide tables from harbour gauges."


@pytest.mark.parametrize(
    "above",
    [
        "",
        "# Tides",
        "Tides\n=====",
        "## Tides",
        "<h1>Tides</h1>",
        "[![b](https://a.example.org/b.svg)](https://a.example.org) ![c](c.png)",
        "# Tides\n\n[Docs](a.md) | [Chat](b.md) | [Site](c.md)",
        "# Tides\n\n**Documentation**: <https://a.example.org>",
        "# Tides\n\nRead this:",
        "# Tides\n\nIt has these three parts:",
        "# Tides\n\n> [!NOTE]\n> This is old and about to go away.",
        "# Tides\n\n> **Warning:** this is old and about to go away.",
        '# Tides\n\n> "Time and tide wait for no man, nor woman." somebody',
        "# Tides\n\n!!! note\n    This is old and about to go away.",
        "# Tides\n\n::: warning\nThis is old.\n\nAnd about to go away.\n:::",
        "# Tides\n\n**Note**: this is old and about to go away.",
        "# Tides\n\n{% hint %}this is old and about to go away{% endhint %}",
        "# Tides\n\n- a list with several words\n- and more of them",
        "# Tides\n\n    some code with several words",
        "# Tides\n\n<p>A slogan of the house in many words</p>",
        "# Tides\n\nA short slogan.",
        "<!-- a comment with several words -->",
        "import A from 'a'\n\nexport const b = 1\n\n# Tides",
        "# Tides\n\n[TOC]",
        "# Tides\n\n" + "Words without end " * 200,
        "# Tides\n\n" + "Words that go on " * 100,
        "# Tides\n\n<p><a href='a'>One page</a> and <a href='b'>another page</a> of many</p>",
    ],
)
def test_the_lead_is_the_first_sentence_about_the_subject(above: str) -> None:
    """Titles, badges, link bars, asides, slogans and code before it are passed over."""
    assert document(f"{above}\n\n{LEAD}\n\n## Install\n\nRun the installer with some care.\n").lead == LEAD


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("# A\n\n> Tide tables for every harbour there is.\n\n## B\n", "Tide tables for every harbour there is."),
        ("# A\n\n<p><b>Tide</b> tables &amp; gauges, in &lt;b&gt;.</p>\n", "Tide tables & gauges, in \\<b>."),
        ("# A\n\nShort slogan here.\n", "Short slogan here."),
        ("# A\n\n## Install\n\nRun the installer.\n\n## About\n\nA table of the tides.\n", "A table of the tides."),
        ("# A\n\n## License\n\nMIT, as you like it.\n\n## Gauges\n\nThey measure the sea.\n", "They measure the sea."),
        ("# A\n\n## Install\n\nRun the installer with care.\n", ""),
        ("# A\n\n潮汐表は港ごとの潮の高さを計算します。\n", "潮汐表は港ごとの潮の高さを計算します。"),
        ("# A\n\nTides has two parts. They do this and that:\n", "Tides has two parts."),
        (
            "# A\n\nTides has [two parts. They](b.md) do this and that, each in its own way and time, for one harbour:\n",
            "Tides has [two parts. They](b.md) do this and that, each in its own way and time, for one harbour:",
        ),
        ("# A\n\nSee [the\nguide][g] and [b] now.\n\n[g]: <a b.md>\n", "See [the guide](a%20b.md) and \\[b\\] now."),
        ("# A\n\nUse `a  b` and ``c`d`` for [x](y(z).md).\n", "Use `a b` and ``c`d`` for [x](<y(z).md>)."),
        ("# A\n\nOne <b>bold</b> and <i>open <a href='b.md'>link</a> <u>x\n", "One **bold** and open [link](b.md) x"),
        ("# A\n\nOne two ![x](y) three<!-- no -->\\\nfour \\* &copy;.\n", "One two three four \\* ©."),
        ("# A\n\nThe tick ` `` ` is here, and `` ` ``.\n", "The tick ` `` ` is here, and `` ` ``."),
        (
            "# A\n\n**Tides ** and *tables* and __gauges__ here.\n",
            "\\*\\*Tides \\*\\* and *tables* and __gauges__ here.",
        ),
    ],
)
def test_leads(text: str, lead: str) -> None:
    """Quotations and HTML stand in where there is no paragraph; inline Markdown is kept, references are resolved."""
    assert document(text).lead == lead


@pytest.mark.parametrize(
    ("text", "title", "line"),
    [
        ("# Tides `x` [y](z) {#id}\n", "Tides x y", 1),
        ("\n# Tides [¶](#t)\n", "Tides", 2),
        ("# 🌊 :ocean: Tides <a name='x'></a>\n", "🌊 Tides", 1),
        ("## Install\n\ntext\n", "Install", 1),
        ("Words before.\n\n## Install\n", "", 1),
        ("Words before.\n\n# Tides\n", "Tides", 3),
        ("---\ntitle: 'Of tides'\n---\n## Install\n", "Of tides", 1),
        ("---\ntitle: Of tides\n...\n# Tides\n", "Tides", 4),
        ("---\nno front matter\n\n# Tides\n", "Tides", 4),
        ("<H1 align=center><img alt=x> Tides<br></H1>\n\n## Install\n", "Tides", 1),
        ("<h1>Tides\n", "Tides", 1),
        ("> # Quoted\n\n# Tides\n", "Tides", 3),
        ("# ![logo](x.png)\n\n## Install\n", "Install", 3),
        ("", "", 1),
    ],
)
def test_titles(text: str, title: str, line: int) -> None:
    """The first heading of level 1, else what else names the document; never a heading in the middle of the text."""
    found = document(text)
    assert (found.title, found.line) == (title, line)


def test_the_search_for_a_lead_ends() -> None:
    """After some dozens of paragraphs that are none, the document has no lead."""
    assert document("# A\n\n" + "A b.\n\n" * 100 + LEAD).lead == ""


def test_sections_carry_the_definitions_of_their_links() -> None:
    """A section's Markdown means the same when it stands alone."""
    text = "# A\n\n[x][ One ] and [two][] and [Three].\n\n# B\n\nno\n\n[one]: https://a.example.org/1\n[two]: <a b>\n"
    assert document(text).sections == (
        ("A", "[x][ One ] and [two][] and [Three].\n\n[one]: <https://a.example.org/1>\n[two]: <a%20b>"),
        ("B", "no\n\n[one]: https://a.example.org/1\n[two]: <a b>"),
    )


def test_sections_lose_comments_but_not_code_that_looks_like_one() -> None:
    """A block that is only a comment goes; in a fence it stays."""
    text = "# A\n\n<!-- toc -->\n\n```html\n<!-- kept -->\n```\n\n<!-- a -->\ntext <!-- b -->\n"
    assert document(text).sections[0][1] == "```html\n<!-- kept -->\n```\n\ntext <!-- b -->"


def test_long_documents_are_bounded_at_block_boundaries() -> None:
    """No section holds more than a page, and it ends with a whole block; only the first forty sections are kept."""
    long = document("# A\n\n" + "```\n" + "x\n" * 400 + "```\n\n" + "word " * 300 + "\n\nend\n")
    assert long.sections[0][1].endswith("\n```")
    assert len(document("# A\n\n" + "word " * (MAX_BODY // 4)).sections[0][1]) == 0
    assert len(document("# A\n" * 100).sections) == MAX_SECTIONS
    assert len(document("# A\n" * 100).headings) == 100
    assert document("\n" * MAX_LINES + "# A\n").headings == ()


def test_samples_know_their_language_and_heading() -> None:
    """Fences and indented code, also in lists and quotations; empty ones and very long ones are left out."""
    text = (
        '```\nbefore\n```\n# A\n```js {1,3} title="a"\n\na()\n```\n- x\n\n  ~~~ {.py}\n  b\n  ~~~\n\n> ```\n> c\n> ```\n'
        "\n    d\n\n```\n\n```\n```\n" + "long\n" * 3_000 + "```\n"
    )
    assert [(s.language, s.text, s.line, s.heading) for s in document(text).samples] == [
        ("", "before", 2, ""),
        ("js", "a()", 7, "A"),
        ("py", "b", 12, "A"),
        ("", "c", 16, "A"),
        ("", "d", 19, "A"),
    ]


def rst(text: str) -> Document:
    """The document that a reStructuredText text is."""
    return document(text, "README.rst")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("A ``code`` *b* **c** d.", "A `code` *b* **c** d."),
        ("See `a <https://a.example.org>`__ now ok.", "See [a](https://a.example.org) now ok."),
        (
            "See `a b`_ and c_ now.\n\n.. _a b: https://a.example.org/x\n",
            "See [a b](https://a.example.org/x) and c\\_ now.",
        ),
        (
            "See `c`_ and c_ now.\n\n.. _`c`: https://a.example.org/c\n",
            "See [c](https://a.example.org/c) and [c](https://a.example.org/c) now.",
        ),
        ("See `a <b_>`_ now ok.\n\n.. _b: https://a.example.org/b\n", "See [a](https://a.example.org/b) now ok."),
        ("Use :func:`~tides.table` and :meth:`x <y.z>` here.", "Use `table` and `x` here."),
        ("Use :py:class:`!Tide` and :envvar:`HOME` here.", "Use `Tide` and `HOME` here."),
        ("See :doc:`the guide <guide>` and :rfc:`42` here.", "See the guide and RFC 42 here."),
        ("See :pep:`the style <8>` and `title` here.", "See the style and *title* here."),
        ("Go to https://a.example.org/x, then come back.", "Go to <https://a.example.org/x>, then come back."),
        ("See `the guide <guide.html>`_ and `more`_ here.", "See the guide and more here."),
        ("Some |a| and |b| and c.\n\n.. |a| replace:: *words* here\n", "Some *words* here and and c."),
        ("Some |a| text here.\n\n.. |a| replace:: |a|\n", "Some text here."),
        ("One\\ two \\*three\\* four [1]_ five.", "Onetwo \\*three\\* four five."),
        ("A snake_case name and __init__ are words.", "A snake_case name and \\_\\_init\\_\\_ are words."),
        ("2 * 3 * 4 is not emphasised.", "2 \\* 3 \\* 4 is not emphasised."),
    ],
)
def test_inline_markup_of_restructuredtext(text: str, markdown: str) -> None:
    """Inline markup becomes its Markdown, links only where the web address is known."""
    assert rst(f"Title\n=====\n\n{text}").lead == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a::\n\n  code\n    more\n\nb", "a:\n\n```\ncode\n  more\n```\n\nb"),
        ("a ::\n\n  x", "a\n\n```\nx\n```"),
        ("::\n\n  x", "```\nx\n```"),
        (".. highlight:: sh\n\na::\n\n  x", "a:\n\n```sh\nx\n```"),
        (".. code-block:: py\n   :caption: c\n\n   x\n\n   ```y", "````py\nx\n\n```y\n````"),
        (".. parsed-literal::\n\n   x", "```\nx\n```"),
        (".. code::\n\nx", "x"),
        (">>> x\n1", "```pycon\n>>> x\n1\n```"),
        ("* a\n  b\n\n* c\n\n  d", "-   a b\n-   c\n\n    d"),
        ("1. a\n2. b\n\n- c", "1.  a\n2.  b\n\n-   c"),
        ("(a) x\n(b) y", "1.  x\n2.  y"),
        (":a: b\n  c\n:d:", "-   **a**: b c\n-   **d**"),
        ("term\n  what *it* is", "**term**\n\nwhat *it* is"),
        ("  quoted\n\n  more", "> quoted\n>\n> more"),
        ("a\n\n----\n\nb", "a\n\nb"),
        ("== ==\na  b\n== ==", "```text\n== ==\na  b\n== ==\n```"),
        (".. note:: one\n   two", "**Note**\n\none\n\ntwo"),
        (".. admonition:: Ho *ho*\n\n   x", "**Ho *ho***\n\nx"),
        (".. seealso::\n\n   x", "**See also**\n\nx"),
        (".. deprecated:: 2.0", "**Deprecated since version 2.0**"),
        (
            ".. image:: a.png\n   :alt: b\n\n.. comment\n   more\n\n.. _t:\n\n.. [1] note\n\n.. toctree::\n\n   a\n\nx",
            "x",
        ),
        ("- a\n\n  - b", "-   a\n\n    -   b"),
    ],
)
def test_blocks_of_restructuredtext(text: str, markdown: str) -> None:
    """Blocks become their Markdown; what is for the processor and not for the reader goes."""
    assert rst(f"Title\n=====\n\n{text}").sections[0][1] == markdown


def test_headings_of_restructuredtext_by_their_adornments() -> None:
    """The level is the order in which adornments come; one with a line above is another than one without."""
    text = "===\nA b\n===\n\nB\n=\n\nC\n-\n\nD\n=\n\nNot\n--\n\nE e e e e\n~~~~\n"
    assert [(h.level, h.text, h.line) for h in rst(text).headings] == [
        (1, "A b", 2), (2, "B", 5), (3, "C", 8), (2, "D", 11), (4, "E e e e e", 17),
    ]  # fmt: skip


def test_a_section_at_the_top_is_no_title_if_text_stands_before_it() -> None:
    """In reStructuredText the first heading is always of level 1; only the very first thing is a title."""
    assert rst("Words before it.\n\nUsage\n=====\n").title == ""
    assert rst(".. image:: a.png\n\nTides\n=====\n").title == "Tides"


def test_long_sections_of_restructuredtext_are_bounded() -> None:
    """The same bound as for Markdown, at the end of a block; nested lists stop at some depth."""
    body = rst("A\n=\n\n" + "word " * 300 + "\n\n" + "more " * 300 + "\n").sections[0][1]
    assert body.endswith("word")
    assert len(body) <= MAX_BODY
    deep = "".join(f"{'  ' * n}- x\n\n" for n in range(30))
    assert rst(f"A\n=\n\n{deep}").sections[0][1].count("- ") < 10
