"""Blocks and sections of docstrings in their rarer spellings."""

import pytest

from docsfy_action.facts.docstrings import DocItem
from docsfy_action.facts.docstrings.blocks import fence, guess_language, language_name
from docsfy_action.facts.docstrings.python import parse

SPANNING = "+---+---+\n| a | b |\n+---+   +\n| c |   |\n+---+---+"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("- - nested", "-   nested"),
        ("- a\n- ``` \n  x = 1\n  ```\n- b", "-   a\n\n```python\nx = 1\n```\n\n-   b"),
        ("Text\n- a\n- b", "Text\n\n-   a\n-   b"),
        ("Text -\n- not a list", "Text - - not a list"),
        ("List:\n- a", "List:\n\n-   a"),
        ("Up to version\n2. it was so", "Up to version 2. it was so"),
        ("- a\nlazily continued\n- b", "-   a lazily continued\n-   b"),
        ("1) a\n2) b", "1.  a\n2.  b"),
        ("A. Einstein said so.", "A. Einstein said so."),
        ("====\nHead\n====\n\nText", "**Head**\n\nText"),
        ("Head\n~~~~\nText", "**Head**\n\nText"),
        ("term::\n    x = 1", "term:\n\n```python\nx = 1\n```"),
        ("::\n\n    x = 1", "```python\nx = 1\n```"),
        ("Like so ::\n\n  x = 1\n\nText", "Like so\n\n```python\nx = 1\n```\n\nText"),
        ("Like so::\n\nText", "Like so:\n\nText"),
        ("A sentence that goes on,\n    and on", "A sentence that goes on, and on"),
        (":name: text\n    more", "-   `name`: text more"),
        ("Text\n:name: text", "Text\n\n-   `name`: text"),
        ("| a\n| b", "a  \nb"),
        (".. rubric:: Title", "**Title**"),
        (".. rubric::", ""),
        (".. code-block:: python", ""),
        (".. code::\n\n    $ ls", "```console\n$ ls\n```"),
        (".. todo:: nobody reads this", ""),
        (".. list-table::\n\n    * no table", "-   no table"),
        ("=====  ===\nA      B\n=====  ===\nx      y\n       z\n=====  ===", "| A | B |\n| --- | --- |\n| x | y z |"),
        ("=====  ===\nA crosses the columns\n=====  ===", "```text\n=====  ===\nA crosses the columns\n=====  ===\n```"),
        ("=====  ===\nnever closed", "&#61;==== === never closed"),
        (SPANNING, f"```text\n{SPANNING}\n```"),
        ("| a |\n|---|", "a"),
        ("???+ note\n    Folded.", "**Note:** Folded."),
        ("```\nnever closed", "```text\nnever closed\n```"),
        ("````\n```\n````", "````text\n```\n````"),
        ("x = 1\ny = 2", "```python\nx = 1\ny = 2\n```"),
        ("See foo(bar)", "See foo(bar)"),
    ],
)  # fmt: skip
def test_blocks(written: str, expected: str) -> None:
    """Below a summary, each block becomes its Markdown."""
    doc = parse(f"Summary.\n\n{written}")
    notes = [f"**{title}:** {text}" for title, text in doc.notes]
    assert "\n\n".join(filter(None, [doc.body, *notes])) == expected


@pytest.mark.parametrize(
    ("directive", "title", "text"),
    [
        (".. versionadded:: 2.0", "Added in version 2.0", ""),
        (".. versionchanged:: 2.0\n   Faster.", "Changed in version 2.0", "Faster."),
        (".. versionchanged:: Faster now.", "Changed", "Faster now."),
        (".. deprecated::\n   Use b.", "Deprecated", "Use b."),
        (".. deprecated-removed:: 3.1 3.3 Use b.", "Deprecated since version 3.1, removed in version 3.3", "Use b."),
        (".. versionremoved:: 4", "Removed in version 4", ""),
        (".. warning::\n\n   Hot.\n\n   Very.", "Warning", "Hot.\n\nVery."),
        (".. seealso:: :class:`B`", "See also", "`B`"),
        (".. topic:: A title\n\n   Text.", "A title", "Text."),
        ("Warning:\n    Hot.", "Warning", "Hot."),
        ("Warns:\n    UserWarning: If hot.", "Warns", "-   `UserWarning`: If hot."),
        ("See Also\n--------\na : First.\nb, c\n    Below.", "See also", "-   `a`: First.\n-   `b`, `c`: Below."),
        ("See Also\n--------\nMore in the guide, somewhere else.", "See also", "More in the guide, somewhere else."),
    ],
)
def test_notes(directive: str, title: str, text: str) -> None:
    """Admonitions and changes carry the titles that Sphinx gives them."""
    assert parse(f"Summary.\n\n{directive}").notes == ((title, text),)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Returns:\n    The thing: whatever it is.", DocItem(text="The thing: whatever it is.")),
        ("Returns:\n    int", DocItem(text="int")),
        ("Returns:\n    list[int] or None: it", DocItem(type="list[int] or None", text="it")),
        ("Returns:\n    A list\n    of things.", DocItem(text="A list of things.")),
        ("Returns\n-------\nThe thing in one sentence.", DocItem(text="The thing in one sentence.")),
        ("Returns\n-------\nint\n    The number.", DocItem(type="int", text="The number.")),
        ("Returns\n-------\nSome words that go on,\nover lines.", DocItem(text="Some words that go on, over lines.")),
        (":rtype: int", DocItem(type="int")),
        (":returns: it\n:rtype: :class:`~a.B` or None", DocItem(type="B or None", text="it")),
        (":rtype: :class:`C <a.C>`\n", DocItem(type="C")),
    ],
)  # fmt: skip
def test_results(section: str, expected: DocItem) -> None:
    """Type, name and text of what a function gives back, in all three styles."""
    assert parse(f"Summary.\n\n{section}").returns == (expected,)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Args:\n    a: x\n    b -- y\n    `c`: z", [("a", "", "x"), ("b", "", "y"), ("c", "", "z")]),
        ("Args:\n    - a: x\n    - b (int): y", [("a", "", "x"), ("b", "int", "y")]),
        ("Args:\n\n    a: x\n    not indented rest", [("a", "", "x not indented rest")]),
        ("Args:\n    a, b: both", [("a, b", "", "both")]),
        ("Args:\n    a (Callable[[int], str], optional): x", [("a", "Callable[[int], str]", "x")]),
        (":type a: int\n:param a: x", [("a", "int", "x")]),
        (":param a: x\n:type a: int", [("a", "int", "x")]),
        (":type lonely: int", [("lonely", "int", "")]),
        (":param dict[str, int] a: x\nwrapped without indentation", [("a", "dict[str, int]", "x wrapped without indentation")]),
        (":param a: x\n\n    second\n\nText", [("a", "", "x\n\nsecond")]),
        ("Parameters\n----------\na : int, optional\n    x\n\n    y\nb", [("a", "int", "x\n\ny"), ("b", "", "")]),
        ("Parameters\n----------\na : int\n    x\n\n.. note:: n", [("a", "int", "x")]),
        ("Args:\n    Words without any colon.", []),
    ],
)  # fmt: skip
def test_parameters(section: str, expected: list[tuple[str, str, str]]) -> None:
    """Names, types and descriptions of parameters as people write them."""
    found = parse(f"Summary.\n\n{section}").parameters
    assert [(item.name, item.type, item.text) for item in found] == expected


def test_what_is_no_list_of_items_stays_text() -> None:
    """Nothing is dropped: a section in words of its own becomes part of the description."""
    assert parse("Summary.\n\nArgs:\n    Whatever `f` takes.").body == "**Args:** Whatever `f` takes."
    assert parse("Summary.\n\nMethods\n-------\nrun\n    Runs.").body == "**Methods**\n\n-   `run`: Runs."


def test_a_long_first_paragraph_is_cut_after_a_sentence() -> None:
    """The rest of it begins the description; abbreviations and code do not end a sentence."""
    first = "Does a thing, e.g. `x. Y` or so, in a way that needs many words to be told."
    rest = "And then it goes on " + "and on " * 20 + "to the end."
    doc = parse(f"{first}\n{rest}\n\nMore.")
    assert (doc.summary, doc.body) == (first, f"{' '.join(rest.split())}\n\nMore.")


def test_an_empty_docstring_says_nothing() -> None:
    """White space alone gives the empty result."""
    assert parse("  \n\n") == parse("")
    assert parse("").summary == ""


@pytest.mark.parametrize(
    ("code", "language"),
    [
        (">>> x\n1", "pycon"),
        ("$ ls", "console"),
        ("pip install x", "bash"),
        ("<b>x</b>", "html"),
        ('{"a": 1}', "json"),
        ("def f(): ...", "python"),
        ("x = f(1)", "python"),
        ("just words", "text"),
    ],
)
def test_unlabelled_code_gets_a_language_from_its_look(code: str, language: str) -> None:
    """Only clear cases; the rest is plain text."""
    assert guess_language(code) == language


def test_fences_name_a_language_that_highlighters_know() -> None:
    """Aliases are resolved, unknown names become text, empty code is no fence."""
    assert [language_name(name) for name in ("py", "Shell-Session", "{.python}", "klingon", "")] == [
        "python", "console", "python", "text", "",
    ]  # fmt: skip
    assert fence("python", "\n\n") == ""
