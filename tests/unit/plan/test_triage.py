"""Which flagged pages a change touches, and what becomes of answers that are of no use."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.plan.diffs import FileChange
from docsfy_action.plan.triage import (
    MAX_ANSWER,
    BadAnswer,
    Decision,
    Flagged,
    Verdict,
    questions,
    read_triage,
    settle,
    triage_prompt,
    triage_schema,
)
from tests.unit.samples import STEADY


def flagged(slug: str, *paths: str, must_change: bool = False) -> Flagged:
    """A flagged page that depends on these files."""
    return Flagged(
        slug=slug, title=slug.title(), description="D.", reason="`f` changed", paths=paths, must_change=must_change
    )


A, B = flagged("a", "one.py", "two.py"), flagged("b", "two.py")
CHANGES = {path: FileChange(path=path, old="old\n", new="new\n") for path in ("one.py", "two.py", "other.py")}


def answer(*pages: tuple[str, str]) -> str:
    """An answer with these verdicts."""
    return json.dumps({"pages": [{"slug": slug, "verdict": verdict, "why": "because"} for slug, verdict in pages]})


def test_a_question_shows_only_files_that_a_flagged_page_depends_on() -> None:
    """Each file is shown once; what no flagged page depends on is not paid for."""
    (question,) = questions([A, B], CHANGES)
    assert question.portion.paths == ("one.py", "two.py")
    assert question.pages == (A, B)


def test_a_portion_asks_only_about_its_own_pages() -> None:
    """Where the difference takes several calls, each names the pages that depend on a file in it."""
    big = {path: FileChange(path=path, old="", new=f"{path}\n" * 300) for path in ("one.py", "two.py")}
    found = questions([A, B], big, size=3_000)
    assert {tuple(page.slug for page in question.pages) for question in found} == {("a",), ("a", "b")}


def test_a_call_shows_pages_and_change() -> None:
    """Title, reason and headings of each page, and the difference, stand in the prompt as data."""
    page = Flagged(
        slug="a", title="About a", description="D.", reason="`f` changed", paths=("one.py",), outline=("First", "Then")
    )
    (question,) = questions([page, B], {"one.py": CHANGES["one.py"]})
    text = triage_prompt(question, project="T")
    assert "- a: About a. D.\n  flagged because `f` changed\n  headings: First; Then" in text
    assert "-old\n+new" in text
    assert "- b:" not in text


def test_an_answer_is_read() -> None:
    """Verdicts by slug; slugs that nobody asked about are left out."""
    found = read_triage(f"Sure:\n{answer(('a', 'keep'), ('b', 'rewrite'), ('zz', 'rewrite'))}", [A, B])
    assert found == {
        "a": Decision(verdict=Verdict.KEEP, why="because"),
        "b": Decision(verdict=Verdict.REWRITE, why="because"),
    }


@pytest.mark.parametrize(
    "text",
    ["", "none", "[]", '{"pages": 3}', '{"pages": []}', "[" * 50_000, "x" * (MAX_ANSWER + 1), answer(("zz", "keep"))],
)
def test_garbage_is_named(text: str) -> None:
    """An answer that says nothing about the pages is an error with a reason."""
    found = read_triage(text, [A, B])
    assert isinstance(found, BadAnswer)
    assert found.problem


def test_silence_counts_as_touched() -> None:
    """A page that an answer leaves out, or whose question got none, is patched; so is a page that no file speaks for."""
    both = questions([A, B], CHANGES)
    decided = settle([A, B, flagged("c")], [(both[0], {"a": Decision(verdict=Verdict.KEEP, why="fine")})])
    assert {slug: one.verdict for slug, one in decided.items()} == {
        "a": Verdict.KEEP,
        "b": Verdict.PATCH,
        "c": Verdict.PATCH,
    }
    assert settle([A], [(both[0], None)])["a"].verdict is Verdict.PATCH


def test_of_several_words_the_heaviest_counts() -> None:
    """A page that one portion leaves alone and another touches is touched; also within one answer."""
    (question,) = questions([A, B], CHANGES)
    keep = {"a": Decision(verdict=Verdict.KEEP, why="k"), "b": Decision(verdict=Verdict.KEEP, why="k")}
    rewrite = {"a": Decision(verdict=Verdict.REWRITE, why="r"), "b": Decision(verdict=Verdict.KEEP, why="k")}
    decided = settle([A, B], [(question, keep), (question, rewrite), (question, keep)])
    assert decided["a"] == Decision(verdict=Verdict.REWRITE, why="r")
    assert decided["b"].verdict is Verdict.KEEP
    twice = read_triage(answer(("a", "keep"), ("a", "patch"), ("a", "keep")), [A])
    assert not isinstance(twice, BadAnswer)
    assert twice["a"].verdict is Verdict.PATCH


def test_a_page_that_names_what_is_gone_is_never_kept() -> None:
    """The commit has the last word, not the model."""
    page = flagged("a", "one.py", must_change=True)
    (question,) = questions([page], CHANGES)
    decided = settle([page], [(question, {"a": Decision(verdict=Verdict.KEEP, why="fine")})])
    assert decided["a"].verdict is Verdict.PATCH


def test_the_schema_names_the_verdicts() -> None:
    """What a provider is told is what is read."""
    assert json.loads(triage_schema())["$defs"]["TriagedPage"]["properties"]["verdict"]["enum"] == list(Verdict)


@STEADY
@given(
    st.text(max_size=100)
    | st.recursive(
        st.none() | st.sampled_from(["a", "b", "keep", "patch", "pages", "slug"]) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["pages", "slug", "verdict", "why"]), inner, max_size=4)
        ),
        max_leaves=12,
    ).map(json.dumps)
)
def test_every_flagged_page_gets_a_decision(text: str) -> None:
    """Whatever the model says, no page is lost and no other appears."""
    read = read_triage(text, [A, B])
    (question,) = questions([A, B], CHANGES)
    decided = settle([A, B], [(question, None if isinstance(read, BadAnswer) else read)])
    assert set(decided) == {"a", "b"}
