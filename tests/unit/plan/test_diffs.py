"""Differences in portions of which none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.diffs import FileChange, portions, unified
from tests.unit.samples import STEADY

OLD = "".join(f"line {n}\n" for n in range(30))
NEW = OLD.replace("line 3\n", "line three\n").replace("line 25\n", "")


def test_a_change_is_shown_in_hunks() -> None:
    """Each hunk says which file it is of and shows old and new lines with three lines around them."""
    first, second = unified(FileChange(path="a.py", old=OLD, new=NEW))
    assert first.startswith("--- a.py\n+++ a.py\n@@ ")
    assert "-line 3\n+line three\n" in first
    assert "line 25" not in first
    assert "-line 25\n" in second
    assert second.count("\n") == 2 + 1 + 3 + 1 + 3


def test_new_removed_and_unknown_files_say_so() -> None:
    """A file that came, one that went, and one whose old text cannot be had are told apart."""
    assert unified(FileChange(path="a", old=None, new="x\n"))[0].startswith("--- (did not exist)\n+++ a\n")
    assert "+++ (removed)\n" in unified(FileChange(path="a", old="x\n", new=None))[0]
    (unknown,) = unified(FileChange(path="a", old=None, new="x\ny\n", old_known=False))
    assert "not available" in unknown
    assert unknown.endswith("x\ny\n")


def test_equal_texts_have_no_lines_to_show() -> None:
    """A file whose text is the same is named nevertheless."""
    assert "(no line differs)" in unified(FileChange(path="a", old="x\n", new="x\n"))[0]


def test_portions_keep_to_their_size_and_name_their_files() -> None:
    """Small changes share a portion; a portion lists each of its files once."""
    changes = [FileChange(path=f"f{n}", old=OLD, new=NEW) for n in range(6)]
    found = portions(changes, size=1_000)
    assert len(found) > 1
    assert all(len(portion.text) <= 1_000 for portion in found)
    assert [path for portion in found for path in portion.paths] == sorted(
        path for portion in found for path in portion.paths
    )
    assert {path for portion in found for path in portion.paths} == {f"f{n}" for n in range(6)}


def test_a_huge_hunk_is_cut_and_says_so() -> None:
    """A hunk larger than a portion comes in numbered parts."""
    found = portions([FileChange(path="big", old="", new="".join(f"{n}\n" for n in range(2_000)))], size=1_000)
    assert "(part 1 of " in found[0].text
    assert all(portion.paths == ("big",) for portion in found)


TEXT = st.lists(st.text(alphabet="abc é\t", max_size=40), max_size=60).map("\n".join)


@STEADY
@given(st.lists(st.tuples(st.none() | TEXT, st.none() | TEXT), min_size=1, max_size=4), st.integers(400, 900))
def test_no_changed_line_goes_unseen(pairs: list[tuple[str | None, str | None]], size: int) -> None:
    """Put together, portions hold every line of every hunk, and none is much larger than asked."""
    changes = [FileChange(path=f"f{n}", old=old, new=new) for n, (old, new) in enumerate(pairs)]
    found = portions(changes, size=size)
    shown = "\n".join(portion.text for portion in found).splitlines()
    for change in changes:
        for hunk in unified(change):
            for line in hunk.splitlines():
                assert line in shown
    assert all(len(portion.text) <= size + 1 for portion in found)
