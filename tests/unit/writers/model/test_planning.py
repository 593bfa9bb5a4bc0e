"""Calls for the outline and for triage: answers that are of no use are asked for once more, and then have a safe end."""

import json
from dataclasses import replace

import pytest

from docsfy_action.errors import OutlineError
from docsfy_action.outline.briefing import OutlineTask, Wishes
from docsfy_action.outline.model import Outline
from docsfy_action.outline.proposal import Taken
from docsfy_action.plan.diffs import FileChange
from docsfy_action.plan.triage import Flagged, Verdict
from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Task
from docsfy_action.writers.model.planning import NoOutline, amend, propose, triage

TASK = OutlineTask(project="T", language="en", wishes=Wishes(), outline=Outline(sections=()), map="- a.py")
TAKEN = Taken(slugs=(), forbids=lambda _: False, paths={"a.py"}, wanted=("tides",))
PAGE = {
    "slug": "tides",
    "title": "Tides",
    "description": "D.",
    "kind": "guide",
    "section": "Guides",
    "brief": "B",
    "sources": ["a.py"],
}
GOOD = json.dumps({"pages": [PAGE]})
FAILURE = Failure(kind=FailureKind.BUDGET, message="No money.")


class Model:
    """Answers in order, and remembers what it was asked."""

    def __init__(self, *answers: str | Failure) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        """The next answer."""
        self.requests.append(request)
        answer = self.answers.pop(0)
        return Completion(text=answer) if isinstance(answer, str) else answer


def test_a_good_outline_takes_one_call() -> None:
    """The planner explores, with its own instructions, and is told the schema."""
    model = Model(GOOD)
    pages = propose(TASK, TAKEN, model, deadline=60)
    assert not isinstance(pages, NoOutline)
    assert [page.slug for page in pages] == ["tides"]
    (request,) = model.requests
    assert (request.task, request.explore, request.deadline) == (Task.OUTLINE, True, 60)
    assert request.schema
    assert "- a.py" not in request.instructions


def test_a_bad_outline_is_mended_once() -> None:
    """The second call names what was wrong with the first answer."""
    model = Model(json.dumps({"pages": [{**PAGE, "slug": "No Slug"}]}), GOOD)
    assert not isinstance(propose(TASK, TAKEN, model, deadline=60), NoOutline)
    assert "`No Slug` is no slug" in model.requests[1].prompt
    assert "`No Slug`" not in model.requests[0].prompt


def test_a_second_bad_outline_ends_the_run_with_its_problems() -> None:
    """No third call is made, and the error says what was wrong and what to do."""
    model = Model("no", json.dumps({"pages": [{**PAGE, "slug": "other"}]}))
    with pytest.raises(OutlineError, match="asks for a page `tides`") as caught:
        propose(TASK, TAKEN, model, deadline=60)
    assert "provider: builtin" in caught.value.hint
    assert len(model.requests) == 2


def test_without_an_answer_there_is_no_outline() -> None:
    """A failure is no fault of the outline: the caller decides, and nothing is asked again."""
    assert propose(TASK, TAKEN, Model(FAILURE), deadline=60) == NoOutline(failure=FAILURE)


def test_amending_may_add_nothing() -> None:
    """New files go into the prompt, and no page is a good answer where none is asked for."""
    model = Model('{"pages": []}')
    assert amend(TASK, ["new/b.py"], replace(TAKEN, wanted=()), model, deadline=60) == ()
    assert "new/b.py" in model.requests[0].prompt


A = Flagged(slug="a", title="A", description="D.", reason="r", paths=("a.py",))
B = Flagged(slug="b", title="B", description="D.", reason="r", paths=("a.py",))
CHANGES = {"a.py": FileChange(path="a.py", old="1\n", new="2\n")}


def verdicts(model: Model) -> dict[str, Verdict]:
    """What becomes of the pages with these answers."""
    decided = triage([A, B], CHANGES, model, project="T", deadline=60)
    return {slug: one.verdict for slug, one in decided.items()}


def test_triage_takes_one_call_without_tools() -> None:
    """Both pages are judged by the same cheap call."""
    answer = {"pages": [{"slug": "a", "verdict": "keep"}, {"slug": "b", "verdict": "rewrite"}]}
    model = Model(json.dumps(answer))
    assert verdicts(model) == {"a": Verdict.KEEP, "b": Verdict.REWRITE}
    (request,) = model.requests
    assert (request.task, request.explore) == (Task.TRIAGE, False)


def test_triage_is_asked_once_more() -> None:
    """The second call says what could not be used."""
    model = Model("hm", json.dumps({"pages": [{"slug": "a", "verdict": "keep"}]}))
    assert verdicts(model) == {"a": Verdict.KEEP, "b": Verdict.PATCH}
    assert "could not be used: it is not a JSON object" in model.requests[1].prompt


@pytest.mark.parametrize("answers", [("hm", "hm"), (FAILURE,), ("hm", FAILURE)])
def test_triage_without_an_answer_touches_every_page(answers: tuple[str | Failure, ...]) -> None:
    """What nobody judged is not kept unseen."""
    assert verdicts(Model(*answers)) == {"a": Verdict.PATCH, "b": Verdict.PATCH}


def test_nothing_to_show_is_nothing_to_ask() -> None:
    """A flagged page whose files have no difference to show is patched without a triage call."""
    model = Model()
    decided = triage([A], {}, model, project="T", deadline=60)
    assert decided["a"].verdict is Verdict.PATCH
    assert not model.requests
