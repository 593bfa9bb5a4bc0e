"""Files that a page is shown: those that its facets are about, and no changed one is left out where that cannot be told."""

from collections.abc import Mapping

import pytest

from docsfy_action.plan.changed import changed_files
from docsfy_action.plan.diffs import FileChange

CHANGES: Mapping[str, FileChange] = {
    "src/cart.py": FileChange(path="src/cart.py", old="def add(price): ...\n", new="def add(price, count): ...\n"),
    "src/old.py": FileChange(path="src/old.py", old="LIMIT = 1\n", new=None),
    "src/new.py": FileChange(path="src/new.py", old=None, new="max_price = 2\n"),
    "src/long.py": FileChange(
        path="src/long.py",
        old="early = first\n" + "\n" * 40 + "late = 1\n",
        new="early = first\n" + "\n" * 40 + "late = 2\n",
    ),
    "src/early.py": FileChange(path="src/early.py", old="early_price = 1\n", new="early_price = 2\n"),
    "docs/guide.md": FileChange(path="docs/guide.md", old="Guide\n", new="A guide\n"),
}
EVERY = tuple(sorted(CHANGES))


@pytest.mark.parametrize(
    ("keys", "paths"),
    [
        ((), ()),
        (("symbol src/cart.py#add",), ("src/cart.py",)),
        (("file docs/guide.md#", "symbol src/cart.py#add"), ("docs/guide.md", "src/cart.py")),
        (("symbol src/same.py#other",), ()),
        (("parameter #count",), ("src/cart.py",)),
        (("word #max_price",), ("src/new.py",)),
        (("parameter #early",), ("src/early.py",)),
        (("word #first",), ("src/long.py",)),
        (("word #LIMIT",), ("src/old.py",)),
        (("names #nowhere",), EVERY),
        (("value #…",), EVERY),
        (("path #src/new.py",), ("src/new.py", "src/old.py")),
        (("folder src#",), ("src/new.py", "src/old.py")),
        (("folder docs#",), ()),
        (("folder #",), ("src/new.py", "src/old.py")),
    ],
)
def test_a_facet_leads_to_the_files_that_it_is_about(keys: tuple[str, ...], paths: tuple[str, ...]) -> None:
    """A fact's own file; files that hold a name near a change, or else anywhere, in their old or new text; files that came or
    went under a path."""
    moved = frozenset({"src/old.py", "src/new.py"})
    assert changed_files(keys, CHANGES.keys(), moved=moved, changes=lambda: CHANGES) == paths


def test_a_file_whose_old_text_is_lost_may_have_held_any_name() -> None:
    """A shallow clone has no old text."""
    lost = {"a.py": FileChange(path="a.py", old=None, new="x\n", old_known=False)}
    assert changed_files(["word #gone_word"], lost.keys(), moved=frozenset(), changes=lambda: lost) == ("a.py",)


def test_texts_are_only_read_where_a_facet_needs_them() -> None:
    """Most facets tell their file."""

    def never() -> Mapping[str, FileChange]:
        raise AssertionError

    assert changed_files(["symbol src/cart.py#add"], CHANGES.keys(), moved=frozenset(), changes=never) == (
        "src/cart.py",
    )
