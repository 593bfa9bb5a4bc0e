"""Where documents mention a name, and where they only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.verify.stale.documents import read_lines, tells_of_the_past
from docsfy_action.verify.stale.mentions import Document, find_mentions
from docsfy_action.verify.stale.names import GoneName, Kind

PROGRAMS = frozenset({"shop"})


def name(kind: Kind, text: str, *, absent: tuple[str, ...] = ("x",), runner: str = "") -> GoneName:
    """A name that is gone."""
    return GoneName(kind=kind, label=kind.value, name=text, path="a.py", absent=absent, runner=runner)


def mentions(gone: GoneName, text: str, path: str = "README.md") -> list[int]:
    """The lines that mention it."""
    found = find_mentions([gone], [Document(path=path, text=text)], PROGRAMS)
    return [mention.line for mention in found.get(gone, ())]


def fence(*lines: str) -> str:
    """A block of code, whose first line is line 2."""
    return "\n".join(["```console", *lines, "```"])


SYMBOL, FLAG, VARIABLE = Kind.SYMBOL, Kind.FLAG, Kind.VARIABLE


@pytest.mark.parametrize(
    ("kind", "text", "line", "is_mentioned"),
    [
        (SYMBOL, "parse_config", "Call parse_config first.", True),
        (SYMBOL, "parse_config", "Call `shop.parse_config(path)`.", True),
        (SYMBOL, "parse_config", "See parse_config.py and reparse_config, parse_config_file.", False),
        (SYMBOL, "parse_config", "See docs/parse_config and parse_config-old.", False),
        (SYMBOL, "fetch", "Then fetch it, or `git fetch` it.", False),
        (SYMBOL, "fetch", "Use `fetch`.", True),
        (SYMBOL, "fetch", "Use `fetch()` or `fetch(url)`.", True),
        (SYMBOL, "fetch", "Use `requests.fetch(url)`.", False),
        (SYMBOL, "Cart", "A Cart is a cart.", False),
        (SYMBOL, "Cart", "A `Cart` is a cart.", True),
        (SYMBOL, "Cart", "`Cart(3)` is a cart.", True),
        (SYMBOL, "Cart.total", "`Cart.total` is the sum.", True),
        (SYMBOL, "Cart.total", "Cart.total is the sum.", True),
        (SYMBOL, "Cart.total", "`cart.total()` is the sum, in code.", True),
        (SYMBOL, "Cart.total", "`other.total()` is the sum.", False),
        (FLAG, "--price", "Give --price or not.", True),
        (FLAG, "--price", "Give `--price`, or `--price=3`.", True),
        (FLAG, "--price", "Give --price-list or ---price.", False),
        (FLAG, "--price", "Run `shop sell --price 3`.", True),
        (FLAG, "--price", "Run `pip install --price x`.", False),
        (FLAG, "--price", "Run `shop list && pytest --price`.", False),
        (VARIABLE, "SHOP_LIMIT", "Set SHOP_LIMIT.", True),
        (VARIABLE, "SHOP_LIMIT", "Set MY_SHOP_LIMIT or SHOP_LIMITS.", False),
        (VARIABLE, "DEBUG", "In DEBUG mode.", False),
        (VARIABLE, "DEBUG", "Set `DEBUG=1`.", True),
        (Kind.COMMAND, "sell", "They sell `sell`.", False),
        (Kind.COMMAND, "sell", "Run `shop sell`, or `shop --quiet sell it`.", True),
        (Kind.COMMAND, "sell", "Run `market sell`.", False),
        (Kind.PROGRAM, "shop-old", "Run `shop-old --help`.", True),
        (Kind.PROGRAM, "shop-old", "The shop-old program.", False),
        (Kind.INPUT, "old-input", "Set `old-input: 3`.", True),
        (Kind.INPUT, "token", "Set `token: 3`.", False),
        (Kind.FILE, "src/a.py", "See src/a.py.", True),
        (Kind.FILE, "src/a.py", "See [it](src/a.py#L3) there.", True),
        (Kind.FILE, "src/a.py", "See other/src/a.py, src/a.pyi and src/a.py/b.", False),
        (Kind.FILE, "setup.py", "A setup.py is what others have.", False),
        (Kind.FILE, "setup.py", "Run `python setup.py`.", False),
        (Kind.FILE, "setup.py", "It stands in `setup.py`.", True),
        (Kind.FILE, "setup.py", "It stands in [there](./setup.py).", True),
    ],
)
def test_what_counts_as_a_mention(kind: Kind, text: str, line: str, *, is_mentioned: bool) -> None:
    """A name that can be nothing else, anywhere; any other only in code, and only in the form that code gives it."""
    assert (mentions(name(kind, text), line) == [1]) is is_mentioned


def test_a_member_whose_last_name_others_have_needs_its_owner() -> None:
    """Where the owner is there still and another class has the same member, only both names together are certain."""
    certain = name(SYMBOL, "Cart.as_text", absent=())
    assert mentions(certain, "`as_text` and as_text, but `Cart.as_text`\n\n`as_text`") == [1]
    assert mentions(name(SYMBOL, "Cart.as_text"), "`as_text`") == [1]


def test_tasks_are_run_by_their_runner() -> None:
    """A word is a task only behind the program that runs it."""
    task = name(Kind.TASK, "lint", runner="make")
    assert mentions(task, fence("$ make lint", "$ make test lint", "$ ruff lint", "$ make linting")) == [2, 3]
    assert mentions(name(Kind.TASK, "build", runner="npm"), fence("pnpm run build", "npm run build:all")) == [2]


def test_code_is_read_line_by_line() -> None:
    """Also in a list and in tildes; a comment of HTML is not shown to readers."""
    flag = name(FLAG, "--price")
    assert mentions(flag, fence("$ shop sell \\", "    --price 3", "$ pytest --price")) == [3]
    assert mentions(flag, "-   item\n\n    ~~~~\n    shop --price\n    ~~~~\n") == [4]
    assert mentions(flag, "<!-- --price\n--price -->\n--price") == [3]


@pytest.mark.parametrize(
    "text",
    [
        "`Cart.total` was removed in 2.0.",
        "Formerly there was\n`Cart.total`.",
        "`Cart.total` is deprecated.",
        "## Upgrading from 1.x\n\nReplace `Cart.total`.\n\n### More\n\n`Cart.total`",
        "It was renamed to `x` from `Cart.total`.",
    ],
)
def test_what_tells_of_the_past_is_right(text: str) -> None:
    """A paragraph that says that something went names it rightly; so does a part of a guide that is about upgrading."""
    assert mentions(name(SYMBOL, "Cart.total"), text) == []
    assert mentions(name(SYMBOL, "Cart.total"), f"{text}\n\n# Now\n\n`Cart.total`")


def test_restructured_text() -> None:
    """Roles and directives of Sphinx name things; literal blocks are code; what a directive says of versions is the past."""
    text = """Guide
=====

Use :meth:`~shop.cart.Cart.total`, :meth:`the sum <Cart.total>` or ``Cart.total``.
Not :ref:`Cart.total`.

.. automethod:: shop.Cart.total

Like this::

    Cart.total()

.. versionchanged:: 2.0
   ``Cart.total`` takes nothing.

   And ``Cart.total`` gives nothing.

.. code-block:: python

   x = cart.total()

Other.
"""
    assert mentions(name(SYMBOL, "Cart.total"), text, "docs/guide.rst") == [4, 7, 11, 20]
    assert mentions(name(FLAG, "--price"), ".. option:: --price\n", "docs/cli.rst") == [1]
    assert mentions(name(VARIABLE, "DEBUG"), ":envvar:`DEBUG`\n", "docs/cli.rst") == [1]


@pytest.mark.parametrize(
    ("path", "is_past"),
    [
        ("CHANGELOG.md", True), ("docs/changes/1.0.rst", True), ("docs/release-notes.md", True), ("docs/whats-new.md", True),
        ("newsfragments/3.feature.md", True), ("docs/migration.md", True), ("HISTORY.rst", True),
        ("docs/upgrading-to-2.md", True),
        ("README.md", False), ("docs/exchanges.md", False), ("docs/new-users.md", False), ("docs/guide.md", False),
    ],
)  # fmt: skip
def test_documents_about_former_versions(path: str, *, is_past: bool) -> None:
    """Known by their names and folders."""
    assert tells_of_the_past(path) is is_past


@given(st.text(max_size=200), st.booleans(), st.sampled_from(list(Kind)), st.text(min_size=1, max_size=12))
def test_any_document_is_read(text: str, restructured: bool, kind: Kind, written: str) -> None:
    """Lines are counted as an editor counts them, and no text and no name makes it fail."""
    numbers = [line.number for line in read_lines(text, restructured=restructured)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= text.count("\n") + 1 for number in numbers)
    mentions(name(kind, written, runner=written), f"{text}{written}", "a.rst" if restructured else "a.md")
