"""A patch is made whole or not at all, and changes nothing but the blocks it names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.patches import MOST_EDITS, Edit, Patched, Unpatched, apply_edits, parse_edits
from tests.unit.samples import STEADY

PAGE = "# Title\n\nOne `a`.\n\n```python\nx = 1\n```\n\nOne more.\n"


def _answer(*edits: tuple[str, str]) -> str:
    return json.dumps({"edits": [{"old": old, "new": new} for old, new in edits]})


@pytest.mark.parametrize(
    "around",
    ["{}", "```json\n{}\n```", "Here are the edits:\n{}\nDone.", "I changed {{x}}:\n\n{}", "\n\n{}\n\n"],
)
def test_edits_are_found_in_an_answer(around: str) -> None:
    """Words and fences around the object do not matter."""
    text = around.format(_answer(("One `a`.", "One `b` {c}.")))
    assert parse_edits(text) == (Edit(old="One `a`.", new="One `b` {c}."),)


def test_no_edits_is_an_answer() -> None:
    """An empty list says that nothing has to change."""
    assert parse_edits('{"edits": []}') == ()
    assert apply_edits(PAGE, ()) == Patched(markdown=PAGE, changed=0)


@pytest.mark.parametrize(
    "text",
    ["", "# Title\n\nText {a}.\n", '{"edits": 1}', '{"edits": [{"old": 1, "new": ""}]}', '{"edits": [', "[" * 9999, "{" * 9999]
)  # fmt: skip
def test_other_answers_hold_no_edits(text: str) -> None:
    """A page, other JSON and broken JSON are no edits."""
    assert parse_edits(text) is None


def test_edits_are_made_at_once() -> None:
    """Places are those of the page before any edit, in whatever order the edits come; what they put in is not looked at."""
    edits = (Edit(old="One more.", new="One `a`."), Edit(old="x = 1", new="x = 2"), Edit(old="One `a`.", new=""))
    assert apply_edits(PAGE, edits) == Patched(markdown="# Title\n\n\n\n```python\nx = 2\n```\n\nOne `a`.\n", changed=3)


@pytest.mark.parametrize(
    ("edits", "reasons"),
    [
        ([("Two", "")], ["“Two” does not stand on the page."]),
        ([("", "x")], ["An empty `old` does not stand on the page."]),
        ([("One", "x")], ["“One” stands on the page more than once."]),
        ([("``", "x")], ["“``” stands on the page more than once."]),
        ([("One `a`", "x"), ("`a`.", "y")], ["“One `a`” and “`a`.” overlap."]),
        ([("# Title", "x"), ("# Title", "y")], ["“# Title” and “# Title” overlap."]),
        ([("x = 1", "x = 2"), ("Two", ""), ("Three", "")],
         ["“Two” does not stand on the page.", "“Three” does not stand on the page."]),
    ],
)  # fmt: skip
def test_a_patch_that_does_not_fit_changes_nothing(edits: list[tuple[str, str]], reasons: list[str]) -> None:
    """Blocks that are missing, stand there twice or overlap: no edit is made, and every reason is given."""
    made = tuple(Edit(old=old, new=new) for old, new in edits)
    assert apply_edits(PAGE, made) == Unpatched(reasons=tuple(reasons))


def test_too_many_edits_are_a_new_page() -> None:
    """A page is not rewritten in crumbs."""
    assert isinstance(apply_edits(PAGE, [Edit(old="Title", new="T")] * (MOST_EDITS + 1)), Unpatched)


SNIPPET = st.text(alphabet="ab\n`", max_size=4)


@STEADY
@given(
    page=st.text(alphabet="ab\n`", max_size=30), edits=st.lists(st.builds(Edit, old=SNIPPET, new=SNIPPET), max_size=4)
)
def test_what_is_not_named_stays(page: str, edits: list[Edit]) -> None:
    """A patch that is made can be taken back: with old and new exchanged at the same places the page is what it was."""
    result = apply_edits(page, edits)
    if isinstance(result, Unpatched):
        assert result.reasons
        return
    places = sorted((page.index(edit.old), edit) for edit in edits) if len(edits) < 2 else []
    for at, edit in places:
        assert result.markdown == page[:at] + edit.new + page[at + len(edit.old) :]
    kept = len(page) - sum(len(edit.old) for edit in edits)
    assert len(result.markdown) == kept + sum(len(edit.new) for edit in edits)


@STEADY
@given(st.text(alphabet=st.sampled_from('{}[]"edits:,oldnew \n\\u12ae') | st.characters(), max_size=80))
def test_any_answer_is_parsed(text: str) -> None:
    """Whatever an answer holds, it is edits or none."""
    found = parse_edits(text)
    assert found is None or all(isinstance(edit.old, str) for edit in found)
