"""What of a change a page is patched from: what names something on the page, or is new; all else is at least told of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.diffs import FileChange, unified
from docsfy_action.plan.relevant import Definition, relevant
from tests.unit.samples import STEADY

OLD = "".join(f"value_{n} = {n}\n" for n in range(60))


def _change(*numbers: int, path: str = "a.py", more: str = "") -> FileChange:
    """A file in which these lines are not what they were."""
    new = "".join(f"value_{n} = {'changed' if n in numbers else n}\n" for n in range(60)) + more
    return FileChange(path=path, old=OLD, new=new)


def _body(hunk: str) -> str:
    """A hunk without the file's head."""
    return hunk[hunk.index("@@") :]


def _no_code(_: str) -> None:
    return None


def _nothing_new(_: str) -> tuple[Definition, ...]:
    return ()


def test_what_names_something_on_the_page_is_shown_and_the_rest_told_of() -> None:
    """A hunk with a name of the page is shown whole; of another there are the place, the length and the first words."""
    text = relevant([_change(5, 50)], {"value_5"}, _nothing_new)
    assert "-value_5 = 5\n+value_5 = changed\n" in text
    assert "+value_50" not in text
    assert "- a.py: 2 lines near line 50 (`value_50 = 50`)" in text


def test_a_new_definition_is_shown_whatever_its_name() -> None:
    """A page may want a sentence on what its like have: lines that are added and begin a definition are shown."""
    change = _change(5, more="def fresh():\n    return 1\n")
    fresh = Definition(name="fresh", start=61, end=62, public=True)
    text = relevant([change], {"value_5"}, lambda _: [fresh])
    assert "+def fresh():" in text
    assert "Changes that name nothing" not in text
    hidden = replace(fresh, name="_fresh", public=False)
    assert "+def fresh():" not in relevant([change], {"value_5"}, lambda _: [hidden])


def test_what_is_inside_a_definition_of_the_page_is_shown() -> None:
    """However far below its name; not what is only inside something larger that the page names."""
    whole = Definition(name="Shop", start=1, end=60, public=True)
    inner = Definition(name="sell", start=40, end=55, public=True)
    other = Definition(name="pack", start=1, end=20, public=True)
    change = _change(8, 50)
    text = relevant([change], {"sell", "Shop"}, lambda _: [whole, inner, other])
    assert "@@ sell\n value_49" in text
    assert "+value_50" in text
    assert "+value_8 " not in text


def test_files_that_are_no_code_are_shown_whole() -> None:
    """Nobody knows what in them a page is about; so are files of which one text is missing."""
    change = _change(5, 50, path="a.toml")
    assert "+value_50" in relevant([change, _change(5)], {"value_5"}, lambda path: None if path == "a.toml" else ())
    lost = FileChange(path="b.py", old=None, new="x = 1\n", old_known=False)
    assert "x = 1" in relevant([lost, _change(5, 50)], {"value_5"}, _nothing_new)


def test_where_nothing_would_be_left_all_is_shown() -> None:
    """A page was flagged for something."""
    change = _change(5, 50)
    text = relevant([change], {"elsewhere"}, _nothing_new)
    assert all(_body(hunk) in text for hunk in unified(change, context=1))


@STEADY
@given(st.sets(st.integers(0, 59), min_size=1, max_size=8), st.sets(st.integers(0, 59), max_size=8))
def test_no_hunk_is_passed_over_in_silence(changed: set[int], named: set[int]) -> None:
    """Each is shown or told of, and what holds a name of the page is shown."""
    change = _change(*changed)
    names = {f"value_{n}" for n in named}
    text = relevant([change], names, _nothing_new)
    hunks = [_body(hunk) for hunk in unified(change, context=1)]
    assert sum(hunk in text for hunk in hunks) + text.count("\n- a.py: ") == len(hunks)
    assert all(hunk in text for hunk in hunks for n in named if f"-value_{n} " in hunk)
    assert relevant([change], names, _no_code).endswith("".join(hunks))
