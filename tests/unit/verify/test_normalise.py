"""Foreign Markdown becomes the page format."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsfy_action.verify.markdown import code, escape, inline, normalise, quotation
from tests.unit.verify.rendering import common_html, site_html, structure

# What readers disagree about, each with the one form that they agree on.
CASES = {
    "nested list by two blanks": ("- a\n  - b\n  - c\n- d", "-   a\n    -   b\n    -   c\n-   d"),
    "list right after a paragraph": ("Some:\n- a\n- b", "Some:\n\n-   a\n-   b"),
    "numbers keep their start": ("3. a\n4. b", "3.  a\n4.  b"),
    "code inside a list": (
        "1. run\n   ```sh\n   make\n   ```\n2. done",
        "1.  run\n\n    ```sh\n    make\n    ```\n\n2.  done",
    ),
    "item that begins with code": ("- ```\n  x\n  ```", "-   &#8203;\n\n    ```text\n    x\n    ```"),
    "empty item": ("-\n- a", "-   &#8203;\n-   a"),
    "two kinds of list in a row": ("- a\n\n1. b", "-   a\n\n&#8203;\n\n1.  b"),
    "lists that only differ in their mark": ("- a\n\n* b", "-   a\n\n-   b"),
    "a hundred items with blocks": ("100. a\n\n     b", "99. a\n\n    b"),
    "check boxes": ("- [ ] a\n- [x] b", "-   [ ] a\n-   [x] b"),
    "check box without text": ("- [ ]", "-   \\[ ]"),
    "table right after a paragraph": ("Some\n\n|a|b|\n|:-|-:|\n|1|2|", "Some\n\n| a | b |\n| :--- | ---: |\n| 1 | 2 |"),
    "pipe in code in a table": (
        "|a|b|\n|-|-|\n|`x \\| y`|\\||",
        "| a | b |\n| --- | --- |\n| `x` \\| `y` | \\| |",
    ),
    "indented code": ("    x = 1\n\ntext", "```text\nx = 1\n```\n\ntext"),
    "language of a fence": ("```js:app.js\n1\n```", "```js\n1\n```"),
    "info string with a path": ("```python src/a.py\n1\n```", "```python\n1\n```"),
    "attributes of a fence": ("```{.python title=x}\n1\n```", "```python\n1\n```"),
    "unknown language": ("```frobnicate\n1\n```", "```text\n1\n```"),
    "language by another name": ("```yml\na: 1\n```", "```yaml\na: 1\n```"),
    "foreign diagram": ("```mermaid\ngraph TD; a-->b\n```", "```text\ngraph TD; a-->b\n```"),
    "unclosed fence": ("```py\nx", "```py\nx\n```"),
    "fence in a fence": ("~~~md\n```\nx\n```\n~~~", "````md\n```\nx\n```\n````"),
    "empty fence": ("```\n\n```", ""),
    "type parameter": ("List<T> and <name>", "List&lt;T> and &lt;name>"),
    "placeholder that is also HTML": ("cp <source> <input>", "cp &lt;source> &lt;input>"),
    "script": ("a <script>alert(1)</script> b", "a b"),
    "script as a block": ("<script>\nalert(1)\n</script>", ""),
    "comment": ("a <!-- hidden --> b\n\n<!-- gone -->", "a b"),
    "emphasis in HTML": ("<b>x</b> <em>y</em> <code>z</code>", "**x** *y* `z`"),
    "keys in HTML": ("press <kbd>Ctrl</kbd>", "press `Ctrl`"),
    "line break in HTML": ("a<br>b", "a  \nb"),
    "link in HTML": ('<a href="https://x.org">x</a>', "[x](https://x.org)"),
    "quotation in a line": ("a <q>b</q> c", "a <q>b</q> c"),
    "quotation left open": ("a <q>b", "a <q>b</q>"),
    "centred paragraph": ('<p align="center">\n  <b>Fast</b> &amp; small\n</p>', "**Fast** & small"),
    "heading in HTML": ("<h1 align=center>Name</h1>\n\ntext", "# Name\n\ntext"),
    "details": ("<details>\n<summary>More</summary>\n\ntext\n\n</details>", "**More**\n\ntext"),
    "list in HTML": ("<ul>\n<li>a</li>\n<li><b>b</b></li>\n</ul>", "-   a\n-   **b**"),
    "preformatted HTML": ("<pre>\na &lt; b\n</pre>", "```text\na < b\n```"),
    "unknown tag as a block": ("<my-widget>\nx\n</my-widget>", "&lt;my-widget> x &lt;/my-widget>"),
    "names of Python": ("the __init__ method of a.__class__", "the `__init__` method of a.`__class__`"),
    "bold with underscores": ("__note__ it", "**note** it"),
    "word with underscores": ("snake_case_name", "snake_case_name"),
    "attribute list after emphasis": ("*a*{: .x}", "*a*\\{: .x}"),
    "attribute list of a heading": ("## Get {name}", "## Get \\{name}"),
    "braces in text": ("GET /api/{id}", "GET /api/{id}"),
    "paragraph over a line": ("text\n\n---\n\nmore", "text\n\n***\n\nmore"),
    "underlined heading": ("Title\n===\n\nPart\n---", "# Title\n\n## Part"),
    "heading that ends in a number sign": ("## C#", "## C\\#"),
    "heading inside a list": ("- # a", "-   **a**"),
    "empty heading": ("#\n\na", "a"),
    "reference link": ("[a][r] and [r]\n\n[r]: https://x.org", "[a](https://x.org) and [r](https://x.org)"),
    "undefined reference": ("[a][b]", "[a][b]"),
    "definition that is none": ("\\[a]: b", "\\[a]: b"),
    "definition inside a link": ("<a href='x'>\n[r]: y", "[\\[r\\]: y](x)"),
    "link that looks like a definition": ("\\[`a]: b`](u) [`a]: b`](u)", "\\[`a]: b`](u) [`a]: b`](u)"),
    "link that begins like a definition": ("<a href='u'>`a]: b`</a>", "&#8203;[`a]: b`](u)"),
    "definition over two lines": ("\\[a<br>b]: c", "\\[a  \nb]: c"),
    "emphasis of punctuation": ("**(a)** b", "**(a)** b"),
    "code span of blanks": ("a ` ` b", "a b"),
    "code that touches code": ("<code>a</code><kbd>`b</kbd>", "``a`b``"),
    "type in brackets": ("`x` List[Union[str, int]]: a", "`x` List[Union[str, int]]: a"),
    "link that is none": ("\\[a](b)", "\\[a](b)"),
    "version behind an at sign": ("zod@1.0.12", "zod@1.0.12"),
    "title of a link": ('[a](https://x.org "t")', "[a](https://x.org)"),
    "script in a link": ("[a](javascript:alert(1)) [b](data:x) [c](FILE:///x)", "a b c"),
    "address": ("see https://x.org/a_b, ok", "see <https://x.org/a_b>, ok"),
    "address without scheme": ("www.x.org", "[www.x.org](http://www.x.org)"),
    "e-mail": ("write to a.b@x.org.", "write to <a.b@x.org>."),
    "address to clone from": ("git@github.com:a/b", "git&#64;github.com:a/b"),
    "address with blanks": ("[a](<b c.md>)", "[a](b%20c.md)"),
    "address with brackets": ("[a](https://x.org/b_(c))", "[a](https://x.org/b_%28c%29)"),
    "link in a link": ('[a <a href="https://y.org">b</a>](https://x.org)', "[a b](https://x.org)"),
    "link without text": ("[](https://x.org) a", "a"),
    "exclamation before a link": ("wow\\![a](b.md)", "wow\\![a](b.md)"),
    "badge": ("[![b](https://img.shields.io/x.svg)](https://x.org) text", "text"),
    "only pictures": ("![Logo](https://x.org/logo.png)", ""),
    "picture in text": ("see ![Chart](https://x.org/c.png)", "see [Chart](https://x.org/c.png)"),
    "footnote": ("a[^1]\n\n[^1]: b c", "a\\[^1]\n\n\\[^1]: b c"),
    "table of contents": ("[TOC]", "\\[TOC]"),
    "admonition of another dialect": ('!!! note "x"', '\\!!! note "x"'),
    "details of another dialect": ("??? x", "&#63;?? x"),
    "tab of another dialect": ('=== "x"', '&#61;== "x"'),
    "callout": ("> [!NOTE]\n> text", "> [!NOTE]\n> text"),
    "quotation": ("> a\nb\n> > c", "> a b\n>\n> > c"),
    "strikethrough": ("~~a~~ ~b~ c", "~~a~~ \\~b\\~ c"),
    "home folder": ("in ~/.config", "in ~/.config"),
    "entities": ("&copy; &amp;copy; &lt;", "© &amp;copy; &lt;"),
    "backslashes": (r"C:\new \\* a\b", r"C:\new \\\* a\b"),
    "front matter": ("---\ntitle: x\ntags:\n  - a\n---\n\n# T", "# T"),
    "rule at the start": ("---\n\ntext", "***\n\ntext"),
    "invisible characters": ("a\u200b\u202eb", "ab"),
    "emphasis inside a word": ("un*believ*able", "un*believ*able"),
    "emphasis in emphasis": ("***a*** **b *c* d**", "**a** **b *c* d**"),
    "code with backticks": ("`` a`b ``", "``a`b``"),
    "number sign at the start": ("\\# no heading", "\\# no heading"),
    "list mark at the start": ("\\- no list", "\\- no list"),
    "number at the start": ("1986\\. A year", "1986\\. A year"),
    "wrapped lines": ("one\ntwo\nthree", "one two three"),
    "address in brackets": (
        "(see https://x.org/a_(b)), [https://y.org]",
        "(see <https://x.org/a_(b)>), [<https://y.org>]",
    ),
    "address before an entity": (
        "https://x.org/a&amp;b; https://y.org&quot;",
        '<https://x.org/a>&amp;b; <https://y.org>"',
    ),
    "everything in a link": (
        '<a href="https://x.org">a <b>b</b><br>c <https://y.org> `d`</a>',
        "[a **b** c https://y.org `d`](https://x.org)",
    ),
    "picture in a link": ("[see ![a](b.png)](https://x.org)", "[see a](https://x.org)"),
    "picture of unknown kind": ("see ![a](data:x)", "see a"),
    "link with a blank target": ("<a href>x</a> <a name='y'>z</a>", "x z"),
    "unsafe address": ("<javascript:alert(1)>", "javascript:alert(1)"),
    "code that is only blanks": ("a <code> </code> b", "a b"),
    "HTML that closes nothing": ("a</b></a></code> b", "a b"),
    "emphasis that touches emphasis": ("*a***b**", "*a*b"),
    "emphasis before punctuation in a word": ("a<b>(b)</b>c", "a(b)c"),
    "emphasis around a picture": ("**![b](https://img.shields.io/x)** a", "a"),
    "emphasis around a symbol": ("x <b>é</b> “<i>y</i>”", "x **é** “*y*”"),
    "nested the same": ("<b>a <b>b</b> c</b> <i>d <b>e</b></i>", "**a b c** *d e*"),
    "bold that begins and ends with emphasis": ("**<i>a</i> b <i>c</i>**", "**a b c**"),
    "break around blanks": ("a <br> <br> b<br>", "a  \nb"),
    "silence in a line": ("a <svg><path d='x'/>b</svg> c", "a c"),
    "silence as a block": ("<div>\n<style>\nb { }\n</style>\na\n</div>", "a"),
    "HTML that overlaps": ("*a <b>b* c</b>", "*a b* c"),
    "emphasis that ends in a star": ("**a\\***", "a\\*"),
    "silence in silence": ("<div>\n<script><b>a</b></script>\nb\n</div>", "b"),
    "break in code in HTML": ("<code>a<br>b</code>", "`a b`"),
    "rule in HTML": ("<hr>\n\na", "***\n\na"),
    "table in HTML": ("<table>\n<tr><th>a</th><td>b</td></tr>\n</table>", "a\n\nb"),
    "paragraphs in an item in HTML": ("<ul><li><p>a</p></li></ul>", "-   a"),
    "tags in preformatted HTML": ("<pre><b>a</b></pre>", "```text\na\n```"),
    "preformatted HTML that does not end": ("<pre>\na", "```text\na\n```"),
    "empty preformatted HTML": ("<pre>\n</pre>\n\na", "a"),
    "check box with a link": ("- [x] [a](b.md)", "-   [x] [a](b.md)"),
    "check box among brackets": ("- [ ] a \\](b)", "-   [ ] a ](b)"),
    "columns of dashes": ("\\| - \\|", "\\| \\- \\|"),
    "line of colons": ("::", "&#58;&#58;"),
    "nothing": ("  \n\n", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_each_disagreement_has_one_form(name: str) -> None:
    """The form is the expected one, a second pass changes nothing, and all readers see the same in it."""
    source, expected = CASES[name]
    result = normalise(source)
    assert result == (f"{expected}\n" if expected else "")
    assert normalise(result) == result
    assert structure(common_html(result)) == structure(site_html(result)) or "callout" in name


@pytest.mark.parametrize("text", ["a\tb\n\n\tc  \n", "~~~\n````\n", "# no\n- list\n> q", "{: .x}\n--8<-- 'f'", "\\`*_"])
@pytest.mark.parametrize("frame", ["{}", "- item\n\n  {}", "> {}", "> 1. a\n>\n>    {}"])
def test_code_survives_byte_for_byte(text: str, frame: str) -> None:
    """The text of a fence is the same before and after, wherever the fence stands, and the site shows it."""
    indent = {"- item\n\n  {}": "  ", "> {}": "> ", "> 1. a\n>\n>    {}": ">    "}.get(frame, "")
    fence = f"``````text\n{text}\n``````".replace("\n", f"\n{indent}")
    result = normalise(frame.format(fence))
    shown = [event for event in structure(common_html(result)) if event[0] == "text"][-1]
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    assert [line.rstrip() for line in shown[1].split("\n")] == lines
    assert structure(site_html(result)) == structure(common_html(result))
    if frame == "{}":
        assert f"\n{text}\n" in result


def test_headings_become_bold_lines() -> None:
    """With `headings="bold"` there are no headings left, and none is bold twice."""
    assert normalise("# A **b**\n\ntext\n\nc\n---", headings="bold") == "**A b**\n\ntext\n\n**c**\n"


def test_relative_links_go_where_the_caller_says() -> None:
    """The callback sees relative targets only, of links and images; None keeps the text alone."""
    seen: list[str] = []

    def link(target: str) -> str | None:
        seen.append(target)
        return None if target == "gone.md" else f"src:docs/{target}"

    source = "[a](b.md) [c](gone.md) [d](https://x.org) [e](#f) see ![g](h.png) [i](//y.org)"
    expected = "[a](src:docs/b.md) c [d](https://x.org) [e](src:docs/#f) see [g](src:docs/h.png) [i](https://y.org)\n"
    assert normalise(source, link=link) == expected
    assert seen == ["b.md", "gone.md", "#f", "h.png"]


def test_pieces_for_writers() -> None:
    """One-line forms: a paragraph's text in a cell, plain text, code spans, and a block quotation."""
    assert inline("First *line*\nof `a|b`  \nmore.\n\nSecond.", cell=True) == "First *line* of `a`\\|`b` more."
    assert inline("# Title") == "Title"
    assert inline("```\nx\n```") == ""
    assert escape("a_b *c* <d> | [e]") == "a_b \\*c\\* &lt;d> | [e]"
    assert escape("x | y", cell=True) == "x \\| y"
    assert escape("- x") == "\\- x"
    assert escape(" ") == ""
    assert code("a  b") == "`a b`"
    assert code("str | None", cell=True) == "`str` \\| `None`"
    assert code("  ") == ""
    assert quotation("a\n\nb\n") == "> a\n>\n> b\n"


PIECES = st.sampled_from(
    [
        "a", "b ", "x_y", "__init__", "*", "**", "_", "`", "``", "[", "]", "(", "](u)", "[x](y)", "\n", "\n\n", "\n- ",
        "\n1. ", "\n  - ", "\n    ", "\n> ", "#", "\n## ", "<", "<T>", "<b>", "</b>", "<br>", "<q>", "</q>", "&amp;", "|",
        "\n| a | b |\n| - | - |\n| `x|y` | ", "~", "~~", "\n```\n", "\n```py\n", "\\", "!", "{", "}", "{: .x}", "\n---\n",
        "\n===\n", '\n=== "t"\n', "\n!!! note\n", "\n??? x\n", "http://a.b/c", "a@b.co", "git@x.yz:a", "www.a.b", ":",
        "2) ", "  \n", "\t", "日本", "\n[r]: http://r\n", "[r]", "\n[^1]: foo\n", "[TOC]", "- [ ] ", "\n\n    code\n",
        "<!-- c -->", "<div>\n", "</div>", "\n<details>\n<summary>s</summary>\n", "***c***", "&#60;", "\u200b", "\xa0",
        "100. ", "<pre>", "</pre>", "<li>", "<h2>", "<a href='x'>", "</a>", "<img src='a.png' alt='b'>", "![a](b)",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_mixture_of_markup_is_read_alike_by_all(source: str) -> None:
    """Whatever comes in: nothing raises, a second pass changes nothing, both readers see the same structure."""
    result = normalise(source)
    assert normalise(result) == result
    if "[!" not in result:
        assert structure(site_html(result)) == structure(common_html(result))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_accepted(source: str) -> None:
    """Any characters at all: no exception, and a second pass changes nothing."""
    result = normalise(source)
    assert normalise(result) == result


@pytest.mark.parametrize(
    "source",
    [
        ">" * 20_000,
        "[" * 20_000,
        "(" * 5_000 + "[" * 5_000 + "]" * 5_000,
        "*a " * 20_000,
        "**a" * 10_000,
        "<q>" * 5_000,
        "<b>" * 5_000 + "x",
        "- " * 5_000,
        "`" * 20_000,
        "x" * 200_000,
        "a_b*c`d[e](f) " * 5_000,
        "![" * 10_000,
        "<a " * 10_000,
        "<!--" * 10_000,
        "&amp" * 20_000,
        "| a " * 5_000 + "\n" + "| - " * 5_000,
        "http://" * 10_000,
        "a@" * 20_000,
        "---\n" + "a: b\n" * 10_000,
    ],
    ids=range(19),
)
def test_hostile_text_takes_bounded_time(source: str) -> None:
    """Deep nesting and very long lines are read in seconds, whatever they hold."""
    start = time.process_time()
    normalise(source)
    assert time.process_time() - start < 3
