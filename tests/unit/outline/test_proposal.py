"""What is accepted as an outline from a model."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.outline.model import PageKind
from docsfy_action.outline.proposal import MAX_ANSWER, BadProposal, PlannedPage, Taken, proposal_schema, read_proposal
from tests.unit.samples import STEADY

TAKEN = Taken(
    slugs={"architecture", "usage"},
    forbids=lambda slug: slug.startswith("internal"),
    paths={"src/app.py", "src/web/server.py", "README.md"},
)


def page(**changes: object) -> dict[str, object]:
    """A good page, with these changes."""
    good: dict[str, object] = {
        "slug": "serving",
        "title": "Serving",
        "description": "How requests are served.",
        "kind": "guide",
        "section": "Guides",
        "brief": "Explain the life of a request.",
        "sources": ["src/web/", "src/app.py"],
    }
    return {**good, **changes}


def read(*pages: object) -> tuple[PlannedPage, ...] | BadProposal:
    """What is read from an answer with these pages."""
    return read_proposal(json.dumps({"pages": pages}), TAKEN)


def problems(*pages: object) -> str:
    """The problems of an answer with these pages, in one text."""
    result = read(*pages)
    assert isinstance(result, BadProposal)
    return "\n".join(result.problems)


def test_a_good_outline_is_taken_as_it_is() -> None:
    """Every value of a page is kept; white space around texts is not."""
    assert read(page(title=" Serving ")) == (
        PlannedPage(
            slug="serving",
            title="Serving",
            description="How requests are served.",
            kind=PageKind.GUIDE,
            section="Guides",
            brief="Explain the life of a request.",
            sources=("src/web/", "src/app.py"),
        ),
    )


def test_words_and_fences_around_the_object_do_no_harm() -> None:
    """Programs without structured output wrap their JSON."""
    text = f"Here is the outline:\n```json\n{json.dumps({'pages': [page()]})}\n```\nDone."
    assert isinstance(read_proposal(text, TAKEN), tuple)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "Serving It"}, "`Serving It` is no slug"),
        ({"slug": "a--b"}, "is no slug"),
        ({"slug": "../x"}, "is no slug"),
        ({"slug": "usage"}, "is taken by a page"),
        ({"slug": "index"}, "is taken by a page"),
        ({"slug": "search"}, "is taken by a page"),
        ({"slug": "internal-things"}, "does not want a page"),
        ({"sources": ["src/none.py"]}, "has no `src/none.py`"),
        ({"sources": ["/"]}, "has no `/`"),
        ({"sources": []}, "pages.0.sources"),
        ({"kind": "reference"}, "pages.0.kind"),
        ({"title": ""}, "pages.0.title"),
        ({"title": "a\nb"}, "one line each"),
        ({"brief": "x" * 1501}, "pages.0.brief"),
    ],
)
def test_a_page_that_cannot_be_is_named(changes: dict[str, Any], said: str) -> None:
    """Each fault of a page is said in a sentence that the model can act on."""
    assert said in problems(page(**changes))


def test_a_slug_is_used_once() -> None:
    """Two pages never share a file."""
    assert "is used twice" in problems(page(), page())


def test_all_faults_are_told_at_once() -> None:
    """One repair call is all there is, so it hears everything."""
    said = problems(page(slug="usage"), page(slug="B"), page(sources=["gone"]))
    assert "usage" in said
    assert "`B`" in said
    assert "gone" in said


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "{", "[" * 50_000, '{"pages": []}', '{"pages": {}}', "x" * (MAX_ANSWER + 1)]
)
def test_what_is_no_outline_is_refused(text: str) -> None:
    """Garbage and an empty outline are problems, not empty results."""
    result = read_proposal(text, TAKEN)
    assert isinstance(result, BadProposal)
    assert result.problems


def test_what_the_owner_asks_for_must_be_there() -> None:
    """A page that `.docsfy.yml` pins is missed when the outline leaves it out."""
    taken = replace(TAKEN, wanted=("serving", "tuning"))
    result = read_proposal(json.dumps({"pages": [page()]}), taken)
    assert result == BadProposal(problems=("The project asks for a page `tuning`; it is not there.",))


def test_an_amendment_may_be_empty() -> None:
    """New code often needs no page."""
    assert read_proposal('{"pages": []}', TAKEN, may_be_empty=True) == ()


def test_the_schema_admits_what_is_accepted() -> None:
    """The schema names the same fields and kinds that are read."""
    schema = json.loads(proposal_schema())
    fields = schema["$defs"]["ProposedPage"]
    assert set(fields["required"]) == set(page())
    assert fields["properties"]["kind"]["enum"] == ["guide", "concept", "recipe"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@STEADY
@given(
    st.text(max_size=200)
    | JSON.map(json.dumps)
    | st.lists(st.fixed_dictionaries({key: JSON | st.just(value) for key, value in page().items()}), max_size=3).map(
        lambda pages: json.dumps({"pages": pages})
    )
)
def test_any_answer_is_read(text: str) -> None:
    """Whatever comes back, there are good pages or problems, and good pages have safe, unique slugs."""
    result = read_proposal(text, TAKEN)
    if isinstance(result, BadProposal):
        assert result.problems
    else:
        assert result
        slugs = [one.slug for one in result]
        assert len(set(slugs)) == len(slugs)
        assert not {"index", "usage", "search"}.intersection(slugs)
