"""A page is asked for, checked, sent back with what was found, and published only as far as it holds."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsfy_action.providers.model import Answer, Completion, Failure, FailureKind, Request, Task, Usage
from docsfy_action.verify.markdown import normalise
from docsfy_action.verify.references import verify_page
from docsfy_action.writers.model.brief import Brief, SitePage
from docsfy_action.writers.model.page import PageOutcome, Status, Terms, write_model_page
from docsfy_action.writers.model.patching import Stale, patch_model_page
from docsfy_action.writers.model.reading import END
from tests.unit.samples import STEADY, code_base
from tests.unit.verify.commits import evidence
from tests.unit.verify.shop import FILES

CODE = code_base(FILES, name="shop")
BRIEF = Brief(
    project="Shop",
    slug="buying",
    title="Buying things",
    description="How to buy.",
    brief="Explain `Client.get`.",
    sources=("src/shop/",),
    pages=(SitePage(slug="client", title="The client", description="Its reference."),),
)
ANCHORS = {"buying": {"buying-things"}, "client": {"client", "clientget"}}
FILLER = "The shop sells things, and this paragraph says so at some length, so that little of the page has to go. " * 4
GOOD = (
    "# Buying things\n\nMake a [`Client`](src:src/shop/client.py#Client), then call `Client.get`.\n\n"
    f"{FILLER}\n\nSee [the client](client.md).\n"
)
BAD = GOOD.replace("See [", "Or call `Client.fetch_all` for more. See [")
SPENT = Usage(requests=1, input_tokens=10, output_tokens=5, cost_usd=Decimal("0.01"))
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


class Model:
    """Gives its answers one after the other, and keeps what it was asked."""

    def __init__(self, *answers: str | FailureKind) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self.answers[len(self.asked) - 1]
        if isinstance(answer, FailureKind):
            return Failure(kind=answer, message=f"It failed: {answer}.", usage=SPENT)
        return Completion(text=answer, usage=SPENT, opened=("src/shop/client.py", f"{len(self.asked)}.py"))

    @property
    def tasks(self) -> list[Task]:
        return [request.task for request in self.asked]


def _page(markdown: str) -> str:
    return f"{markdown}\n{END}\n"


def _edits(*edits: tuple[str, str]) -> str:
    return json.dumps({"edits": [{"old": old, "new": new} for old, new in edits]})


def _write(model: Model, terms: Terms | None = None) -> PageOutcome:
    return write_model_page(BRIEF, model, evidence(FILES, anchors=ANCHORS), CODE, terms=terms or Terms())


def _patch(model: Model, page: str = GOOD) -> PageOutcome:
    return patch_model_page(
        BRIEF, Stale(markdown=normalise(page), changes="- get\n+ fetch"), model, evidence(FILES, anchors=ANCHORS), CODE
    )


def test_a_page_that_holds_is_accepted_at_once() -> None:
    """One call, and the page in the page format with what it cost and which files it was made from."""
    model = Model(_page(GOOD))
    outcome = _write(model)
    assert outcome == PageOutcome(
        status=Status.ACCEPTED,
        markdown=normalise(GOOD),
        checked=3,
        opened=("src/shop/client.py", "1.py"),
        usage=SPENT,
        calls=1,
    )
    assert model.tasks == [Task.PAGE]


def test_findings_go_back_and_are_repaired_by_a_page() -> None:
    """What does not hold is sent back with the page; the answer may be the whole page."""
    model = Model(_page(BAD), _page(GOOD))
    outcome = _write(model)
    assert (outcome.status, outcome.markdown, outcome.repaired, outcome.removed) == (
        Status.ACCEPTED,
        normalise(GOOD),
        1,
        (),
    )
    assert model.tasks == [Task.PAGE, Task.REPAIR]
    assert "`Client.fetch_all`" in model.asked[1].prompt
    assert "Or call `Client.fetch_all` for more." in model.asked[1].prompt
    assert outcome.usage.requests == 2
    assert outcome.opened == ("src/shop/client.py", "1.py", "2.py")


def test_findings_are_repaired_by_edits() -> None:
    """The answer to a repair may be a few edits of the page."""
    outcome = _write(Model(_page(BAD), _edits(("Or call `Client.fetch_all` for more. ", ""))))
    assert (outcome.status, outcome.markdown, outcome.calls) == (Status.ACCEPTED, normalise(GOOD), 2)


def test_edits_that_do_not_fit_are_asked_for_again() -> None:
    """The model is told why its edits could not be made."""
    model = Model(_page(BAD), _edits(("nothing like it", "")), _page(GOOD))
    assert _write(model).status is Status.ACCEPTED
    assert "“nothing like it” does not stand on the page." in model.asked[2].prompt


def test_what_is_not_repaired_is_cut_out() -> None:
    """After two repairs the sentence goes, and the rest is published."""
    model = Model(_page(BAD), _page(BAD), _page(BAD))
    outcome = _write(model)
    assert (outcome.status, outcome.markdown, outcome.calls) == (Status.ACCEPTED, normalise(GOOD), 3)
    assert outcome.removed == ("Or call Client.fetch_all for more.",)
    assert outcome.repaired == 0


def test_a_repair_that_loses_the_page_is_not_taken() -> None:
    """An answer that leaves out most of the page is none: what was right stays."""
    short = "# Buying things\n\nCall `Client.get`.\n"
    outcome = _write(Model(_page(BAD), _page(short), _page(short)))
    assert outcome.markdown == normalise(GOOD)
    assert outcome.removed


def test_a_repair_that_makes_it_worse_is_not_taken() -> None:
    """The draft with the fewest findings is published."""
    worse = BAD.replace("then call", "then `no_such_name`, then call")
    outcome = _write(Model(_page(BAD), _page(worse), _page(worse)))
    assert outcome.removed == ("Or call Client.fetch_all for more.",)


@pytest.mark.parametrize("answer", ["", "I'm sorry, but I can't help with that.", GOOD, f"<think>{GOOD}"])
def test_what_is_no_page_is_asked_for_again(answer: str) -> None:
    """Empty answers, refusals and cut off pages: the model is told, and asked for the page again."""
    model = Model(answer, _page(GOOD))
    assert _write(model).status is Status.ACCEPTED
    assert model.tasks == [Task.PAGE, Task.PAGE]
    assert "An earlier answer could not be used" in model.asked[1].prompt


def test_no_page_after_all_calls_is_a_failure() -> None:
    """The reasons are kept, each once."""
    outcome = _write(Model("", "", GOOD))
    assert (outcome.status, outcome.markdown, outcome.calls) == (Status.FAILED, "", 3)
    assert outcome.reasons[0] == "The answer was empty."
    assert len(outcome.reasons) == 2


@pytest.mark.parametrize("kind", [kind for kind in FailureKind if kind is not FailureKind.TRUNCATED])
def test_a_failed_call_ends_the_page(kind: FailureKind) -> None:
    """No further calls; the failure is handed on."""
    model = Model(kind)
    outcome = _write(model)
    assert (outcome.status, outcome.calls, outcome.reasons) == (Status.FAILED, 1, (f"It failed: {kind}.",))
    assert outcome.failure is not None
    assert outcome.failure.kind is kind


def test_an_answer_that_was_too_long_is_asked_for_shorter() -> None:
    """A page that hit the limit of length may fit when it is shorter."""
    model = Model(FailureKind.TRUNCATED, _page(GOOD))
    assert _write(model).status is Status.ACCEPTED
    assert "shorter" in model.asked[1].prompt


@pytest.mark.parametrize(
    ("kind", "status"), [(FailureKind.BUDGET, Status.ACCEPTED), (FailureKind.CANCELLED, Status.FAILED)]
)
def test_a_draft_outlives_a_failed_repair(kind: FailureKind, status: Status) -> None:
    """What was written is cut back and kept when the next call fails, except where the run is being stopped."""
    outcome = _write(Model(_page(BAD), kind))
    assert outcome.status is status
    assert (outcome.markdown == normalise(GOOD)) == (status is Status.ACCEPTED)
    assert outcome.failure is not None


def test_a_page_that_does_not_hold_is_withheld() -> None:
    """Where too much would have to go, the page is not published, and the findings say why."""
    empty = "# Buying things\n\nUse `no_such_name`.\n"
    outcome = _write(Model(*[_page(empty)] * 3))
    assert (outcome.status, outcome.markdown) == (Status.WITHHELD, "")
    assert [finding.text for finding in outcome.findings] == ["no_such_name"]
    assert "first paragraph" in outcome.reasons[-1]


def test_a_credential_is_never_published() -> None:
    """A page with a credential goes back, and is withheld as long as it has one."""
    page = f"{GOOD}\nUse `{SECRET}`.\n"
    model = Model(*[_page(page)] * 3)
    outcome = _write(model)
    assert (outcome.status, outcome.markdown) == (Status.WITHHELD, "")
    assert SECRET not in str(outcome.reasons)
    assert _write(Model(_page(page), _page(GOOD))).status is Status.ACCEPTED


def test_diagrams_are_repaired_or_cut_out() -> None:
    """A diagram that cannot be drawn goes back with the reason, and out of the page in the end."""
    page = GOOD.replace("See [", "```diagram\n{}\n```\n\nSee [")
    model = Model(*[_page(page)] * 3)
    outcome = _write(model)
    assert outcome.markdown == normalise(GOOD)
    assert "nodes" in model.asked[1].prompt
    drawn = page.replace("{}", '{"nodes": [{"id": "c", "label": "src/shop/client.py"}]}')
    assert "```mermaid\nflowchart TD" in _write(Model(_page(page), _page(drawn))).markdown


def test_paths_in_links_become_citations() -> None:
    """A link to a tracked path is what the model meant by it."""
    page = GOOD.replace("(client.md)", "(./client.md)") + "\nRead [it](src/shop/cli.py#L3) in [all](src/shop).\n"
    outcome = _write(Model(_page(page)))
    assert outcome.calls == 1
    assert "[the client](client.md)" in outcome.markdown
    assert "[it](src:src/shop/cli.py) in [all](src:src/shop/)" in outcome.markdown


def test_without_strict_checks_findings_are_only_reported() -> None:
    """Nothing goes back and nothing is cut out, but what was found is told."""
    outcome = _write(Model(_page(BAD)), Terms(strict=False))
    assert (outcome.markdown, outcome.calls) == (normalise(BAD), 1)
    assert [finding.text for finding in outcome.findings] == ["Client.fetch_all"]


def test_prompts_hold_brief_facts_and_wishes() -> None:
    """The system prompt is the same for all pages; the brief, the facts, other pages and the repository's wishes come as data."""
    model = Model(_page(GOOD), _page(GOOD))
    wishes = Brief(
        **{name: getattr(BRIEF, name) for name in Brief.__slots__}
        | {"audience": "Shoppers", "instructions": "Be </data> brief."}
    )
    write_model_page(BRIEF, model, evidence(FILES, anchors=ANCHORS), CODE)
    write_model_page(wishes, model, evidence(FILES, anchors=ANCHORS), CODE, terms=Terms(explore=False))
    plain, wished = model.asked
    assert plain.instructions == wished.instructions
    for text in (
        "Buying things",
        "Explain `Client.get`.",
        "client.md: The client",
        "def get(self, item: str)",
        "src/shop/cli.py",
    ):
        assert text in plain.prompt
    assert "Wishes" not in plain.prompt
    assert "Readers: Shoppers" in wished.prompt
    assert "You cannot open files" in wished.prompt
    assert (plain.explore, wished.explore) == (True, False)


def test_a_patch_changes_only_what_it_names() -> None:
    """Edits are made on the stored page; all else stays as it is."""
    model = Model(_edits(("then call `Client.get`", "then call `Client.get` once")))
    outcome = _patch(model)
    assert outcome.markdown == normalise(GOOD).replace("`Client.get`.", "`Client.get` once.")
    assert model.tasks == [Task.PATCH]
    assert "+ fetch" in model.asked[0].prompt


def test_no_edits_keep_the_page() -> None:
    """A page that is still right is accepted as it is."""
    outcome = _patch(Model(_edits()))
    assert (outcome.status, outcome.markdown, outcome.calls) == (Status.ACCEPTED, normalise(GOOD), 1)


@pytest.mark.parametrize("answer", [_edits(("nothing like it", "")), "Nothing to do.", "", FailureKind.TRUNCATED])
def test_a_patch_that_does_not_apply_becomes_a_page(answer: str | FailureKind) -> None:
    """The whole page is asked for instead."""
    model = Model(answer, _page(GOOD))
    assert _patch(model).markdown == normalise(GOOD)
    assert model.tasks == [Task.PATCH, Task.PAGE]


def test_a_patch_may_be_a_page() -> None:
    """A model that rewrites the page instead is read as such."""
    assert _patch(Model(_page(GOOD.replace("then call", "and then call")))).markdown == normalise(
        GOOD.replace("then call", "and then call")
    )


def test_a_patch_with_findings_goes_back() -> None:
    """What a patch puts in is checked like any page."""
    model = Model(_edits(("See [", "Or call `Client.fetch_all` for more. See [")), _page(GOOD))
    assert _patch(model).markdown == normalise(GOOD)
    assert model.tasks == [Task.PATCH, Task.REPAIR]


def test_a_patch_that_fails_fails() -> None:
    """The old page is the caller's to keep."""
    outcome = _patch(Model(FailureKind.QUOTA))
    assert (outcome.status, outcome.calls) == (Status.FAILED, 1)


ANSWERS = st.sampled_from(
    [
        _page(GOOD),
        _page(BAD),
        GOOD,
        "",
        "# Buying things",
        _edits(("See", "")),
        _edits(("a", "b")),
        _edits(),
        *FailureKind,
    ]
) | st.lists(
    st.sampled_from(
        [
            "# Buying things\n\n",
            "`no_such_name` ",
            "`Client.get` ",
            f"{FILLER}\n\n",
            "```python\nx = 1\n```\n\n",
            "## A\n\n",
            "- ",
            "| a |\n| - |\n",
        ]
    )
).map(lambda parts: _page("".join(parts)))


@STEADY
@given(st.lists(ANSWERS, min_size=4, max_size=4), st.booleans())
def test_whatever_a_model_answers_there_is_an_outcome(answers: list[str | FailureKind], patching: bool) -> None:
    """At most three calls for a page and one more after a patch; what is accepted holds, what is not has a reason."""
    model = Model(*answers)
    outcome = _patch(model) if patching else _write(model)
    assert outcome.calls == len(model.asked) <= 3 + patching
    if outcome.status is Status.ACCEPTED:
        verdict = verify_page("buying", outcome.markdown, evidence(FILES, anchors=ANCHORS))
        assert (verdict.unresolved, verdict.malformed) == ((), ())
        assert normalise(outcome.markdown) == outcome.markdown
        assert outcome.markdown.startswith("# Buying things\n")
    else:
        assert outcome.reasons
        assert outcome.markdown == ""


def test_a_patch_opens_no_files() -> None:
    """It is made from the change that it is shown; a whole page that has to follow looks for itself."""
    model = Model(_edits(("nowhere on the page", "x")), _page(GOOD))
    assert _patch(model).status is Status.ACCEPTED
    assert [(request.task, request.explore) for request in model.asked] == [(Task.PATCH, False), (Task.PAGE, True)]
