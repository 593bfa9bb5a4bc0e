"""Running text of docstrings: what each piece of markup becomes."""

import pytest

from docsfy_action.facts.docstrings.inline import Dialect, code_span, convert, link, paragraph

MARKDOWN = Dialect(markdown=True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("``x = 1``", "`x = 1`"),
        ("a ``with `tick` inside`` b", "a ``with `tick` inside`` b"),
        (":class:`~shop.cart.Cart`", "`Cart`"),
        (":py:meth:`Cart.add`", "`Cart.add`"),
        (":func:`!local`", "`local`"),
        (":meth:`.Cart.add`", "`Cart.add`"),
        (":meth:`@app.route() <flask.Flask.route>`", "`@app.route()`"),
        (":class:`~@Task`", "`Task`"),
        (":class:`Option`\\s", "`Option`s"),
        (":doc:`/guide/start`", "guide/start"),
        (":ref:`the start <start-label>`", "the start"),
        (":pep:`8` and :rfc:`2616`", "PEP 8 and RFC 2616"),
        (":envvar:`HOME`", "`HOME`"),
        (":math:`a_b \\cdot c`", "`a_b \\cdot c`"),
        ("`text <https://a.b/c>`_", "[text](https://a.b/c)"),
        ("`text <other.html>`__", "text"),
        ("`name`_", "name"),
        ("[1]_ and [#f]_", "\\[1\\] and \\[f\\]"),
        ("*emph* and **strong**", "*emph* and **strong**"),
        ("*args and **kwargs", "\\*args and \\*\\*kwargs"),
        ("2 * 3 * 4 ** 5", "2 \\* 3 \\* 4 \\*\\* 5"),
        ("_private and __init__", "\\_private and \\_\\_init\\_\\_"),
        ("snake_case_name", "snake_case_name"),
        ("List<T> && x < y", "List&lt;T> && x &lt; y"),
        ("a&nbsp;b", "a&amp;nbsp;b"),
        ("a ` b", "a \\` b"),
        ("``never closed", "\\`\\`never closed"),
        ("see https://a.b/c_d.", "see [https://a.b/c_d](https://a.b/c_d)."),
        ("(https://a.b/x_(y))", "([https://a.b/x\\_(y)](https://a.b/x_%28y%29))"),
        ("<https://a.b>", "[https://a.b](https://a.b)"),
        ("x[0](y)", "x\\[0\\](y)"),
        ("dict[str, int]", "dict[str, int]"),
        ("``a``{b}", "`a`\\{b}"),
        ("it costs $5 or $6", "it costs $5 or $6"),
        ("of $O(n^2)$ steps", "of `O(n^2)` steps"),
        ("one\ntwo  three", "one two three"),
        ("\\*literal\\*", "\\*literal\\*"),
        ("C:\\dir\\new", "C:\\\\dir\\\\new"),
        (":abbr:`CLI (command line)`", "CLI (command line)"),
        (":menuselection:`File --> Open` H\\ :sub:`2`\\ O", "File → Open H2O"),
        (":keyword:`with` and :strong:`so`", "with and so"),
        ("\\<T\\> \\& \\$", "&lt;T\\> & $"),
        ("`` ` ``", "`` ` ``"),
        ("a `` b", "a \\`\\` b"),
        ("~~no~~", "&#126;&#126;no&#126;&#126;"),
    ],
)
def test_restructuredtext_and_plain_text(written: str, expected: str) -> None:
    """Roles, literals and links become Markdown; what is no markup shows as it stands."""
    assert convert(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[text](https://a.b/c)", "[text](https://a.b/c)"),
        ('[text](https://a.b "title")', "[text](https://a.b)"),
        ("[text](docs/page.md)", "text"),
        ("[`Cart`][shop.Cart]", "`Cart`"),
        ("![logo](https://a.b/x.png) text", "logo text"),
        ("_emph_ and __strong words__", "*emph* and **strong words**"),
        ("__init__ and _a, b_", "\\_\\_init\\_\\_ and \\_a, b\\_"),
        ("&lt;T&gt; &copy;", "&lt;T> ©"),
        ("[a [b] c](https://a.b)", "[a \\[b\\] c](https://a.b)"),
        ("[see https://x.y](https://a.b)", "[see https://x.y](https://a.b)"),
    ],
)
def test_markdown(written: str, expected: str) -> None:
    """Markdown passes; links that lead nowhere from a page are left as their text."""
    assert convert(written, MARKDOWN) == expected


def test_named_targets_and_substitutions_are_filled_in() -> None:
    """What a docstring defines for itself is used where it is named."""
    dialect = Dialect(targets={"guide": "https://a.b/guide"}, substitutions={"name": "the *shop*"})
    text = convert("`Guide`_, guide_ and other_ of |name| and |unknown|", dialect)
    assert text == ("[Guide](https://a.b/guide), [guide](https://a.b/guide) and other\\_ of the *shop* and |unknown|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# x", "\\# x"),
        ("#x", "\\#x"),
        ("- x", "\\- x"),
        ("+ x", "\\+ x"),
        ("-x", "-x"),
        ("1. x", "1\\. x"),
        ("1) x", "1\\) x"),
        ("1.5 x", "1.5 x"),
        ("> x", "\\> x"),
        ("---", "\\---"),
        ("=== x", "&#61;== x"),
        (": x", "&#58; x"),
        ("!!! x", "\\!!! x"),
        ("??? x", "&#63;?? x"),
        ("[x]: y", "\\[x]: y"),
        ("[!NOTE] x", "\\[!NOTE] x"),
        ("[x](https://a.b)", "[x](https://a.b)"),
        ("", ""),
    ],
)
def test_a_paragraph_starts_no_other_block(text: str, expected: str) -> None:
    """What would be a heading, list, rule or admonition at the start of a line is escaped."""
    assert paragraph(text) == expected


def test_code_spans_show_backticks_and_fold_white_space() -> None:
    """The delimiters are longer than any run of backticks inside."""
    assert code_span(" a\n b ") == "`a b`"
    assert code_span("`x`") == "`` `x` ``"
    assert code_span("  ") == ""


def test_links_lead_to_the_web_only() -> None:
    """Other schemes and relative targets leave the text alone."""
    assert link("x", "https://a.b/(c)") == "[x](https://a.b/%28c%29)"
    assert [link("x", target) for target in ("javascript:alert(1)", "a.md", "mailto:x@y.z", "")] == ["x"] * 4
