"""Whole runs in which the vendor or the model answers badly: what is published, what is kept, and what the next run asks."""

import itertools
import json
import re

import pytest

from tests.contract.conftest import Begin
from tests.contract.lifecycle import (
    ANTHROPIC,
    FALLBACKS,
    GIFT,
    MODEL_PAGES,
    WRITING,
    but,
    places_with,
)
from tests.contract.models import (
    Action,
    Ask,
    Empty,
    Fail,
    Filter,
    Hang,
    Json,
    Refuse,
    Say,
    Trouble,
    Truncate,
)
from tests.contract.models.documenter import END, Documenter, page_of
from tests.integration.program import commit


@pytest.mark.parametrize(
    ("trouble", "says"),
    [(Trouble.KEY, "Check the secret behind ANTHROPIC_API_KEY"), (Trouble.MODEL, "Set `model` to 'vendor:model'")],
)
def test_a_bad_key_or_model_ends_the_run_at_once(begin: Begin, trouble: Trouble, says: str) -> None:
    """One call, exit status 1, and what to do about it."""
    life = begin(lambda _: Fail(trouble))
    done = life()
    assert done.outcome.status == 1
    assert done.report["status"] == "error"
    assert len(done.asks) == 1
    assert says in done.printed
    assert says in str(done.report["hint"])


def test_a_key_that_is_revoked_while_pages_are_written_loses_none(begin: Begin) -> None:
    """Finished pages are kept in the state, and the next run with a good key asks for the others only."""
    numbers = itertools.count()

    def change(_: Ask, task: str, usual: Action) -> Action:
        return Fail(Trouble.KEY) if task == "page" and next(numbers) == 3 else usual

    life = begin(Documenter(change=change))
    done = life("--max-concurrent-pages", "1")
    assert done.outcome.status == 1
    assert done.tasks.count("page") == 4
    after = life()
    assert after.outcome.status == 0, after.printed
    assert after.tasks == ["page"] * 3 + ["preflight"]
    assert after.by(ANTHROPIC.label) == MODEL_PAGES


@pytest.mark.parametrize(
    "trouble",
    [Fail(Trouble.RATE_LIMIT, 0.05), Fail(Trouble.OVERLOADED), Fail(Trouble.FAULT)],
    ids=lambda one: one.trouble,
)
@pytest.mark.usefixtures("impatient")
def test_a_busy_vendor_is_asked_again(begin: Begin, trouble: Fail) -> None:
    """429, 529 and 500 at every first attempt: all pages are written all the same."""
    turned_away: set[str] = set()

    def change(ask: Ask, _: str, usual: Action) -> Action:
        if ask.prompt in turned_away:
            return usual
        turned_away.add(ask.prompt)
        return trouble

    life = begin(Documenter(pages=1, change=change))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.by(ANTHROPIC.label) == FALLBACKS | {"about-pyproject"}
    assert done.tasks == ["outline"] * 2 + ["page"] * 8 + ["preflight"] * 2


@pytest.mark.usefixtures("impatient")
def test_a_vendor_that_stays_overloaded_costs_the_page_and_not_the_run(begin: Begin) -> None:
    """The page comes from the embedded writer, labelled, and is asked for again by the next run."""
    life = begin(but("page", Fail(Trouble.OVERLOADED), "architecture"))
    done = life()
    assert done.outcome.status == 0, done.printed
    row = done.page("architecture")
    assert (row["action"], row["writer"]) == ("fail", "builtin")
    assert "by the embedded writer" in str(row["reason"])
    assert (life.folder / "_docsfy/site/architecture.html").is_file()
    life.server.brain = Documenter()
    after = life()
    assert after.asked_for("page") == {"architecture"}
    assert after.by(ANTHROPIC.label) == MODEL_PAGES


@pytest.mark.parametrize("task", ["preflight", "page"])
def test_a_quota_that_is_used_up_stops_the_calls_and_not_the_run(begin: Begin, task: str) -> None:
    """No further call is made; the site is whole, by the embedded writer where it must be."""
    life = begin(but(task, Fail(Trouble.QUOTA)))
    done = life("--max-concurrent-pages", "1")
    assert done.outcome.status == 0, done.printed
    assert done.tasks.count(task) == 1
    assert "credit balance is too low" in done.printed
    assert done.by("builtin") >= FALLBACKS
    life.server.brain = Documenter()
    assert life().by(ANTHROPIC.label) == MODEL_PAGES


@pytest.mark.parametrize(
    "answer",
    [
        Truncate("# Architecture\n\nIt was a dark and"),
        Refuse(),
        Filter(),
        Empty(),
        Say("I'm sorry, but I can't help with that."),
        Say("# Architecture\n\nThe end is missing.\n"),
        Say(f"<think>Hm.</think>\n{END}\n"),
    ],
    ids=["truncated", "refused", "filtered", "empty", "refused in words", "unfinished", "thoughts"],
)
def test_an_answer_that_is_no_page_is_never_published(begin: Begin, answer: Action) -> None:
    """Whatever comes instead of a page, the site has the embedded writer's, the others are the model's, and the next run
    tries again."""
    life = begin(but("page", answer, "architecture"))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.report["pages_failed"] == 1
    assert done.page("architecture")["writer"] == "builtin"
    assert "dark and" not in life.page("architecture")
    assert "sorry" not in life.page("architecture")
    assert done.by(ANTHROPIC.label) == MODEL_PAGES - {"architecture"}
    assert 1 <= len([ask for ask in done.asks if page_of(ask) == "architecture"]) <= 3
    life.server.brain = Documenter()
    assert life().asked_for("page") == {"architecture"}


def test_a_page_without_a_fallback_is_left_out_and_tried_again(begin: Begin) -> None:
    """There is no placeholder: nothing is published, the report says why, and the next run asks for it."""
    life = begin(but("page", Empty(), "about-src-shop-money"))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.page("about-src-shop-money")["action"] == "fail"
    assert "about-src-shop-money.html" not in life.program.site()
    assert "about-src-shop-money" not in (life.folder / "_docsfy/site/llms.txt").read_text("utf-8")
    life.server.brain = Documenter()
    assert life().asked_for("page") == {"about-src-shop-money"}


def test_a_call_that_hangs_is_given_up(begin: Begin) -> None:
    """`ai-timeout-minutes` bounds each call; the page is the embedded writer's this time."""
    life = begin(but("page", Hang(), "architecture"))
    done = life("--ai-timeout-minutes", "0.02")
    assert done.outcome.status == 0, done.printed
    assert "no answer within 1.2 seconds" in str(done.page("architecture")["reason"])
    assert life.server.until(lambda server: server.held == 0)


def test_an_outline_that_stays_bad_ends_the_run_and_leaves_the_site(begin: Begin) -> None:
    """Two answers, then an error with what is wrong with them; the last site is untouched."""
    bad = Json(json.dumps({"pages": [{"slug": "../etc", "title": "", "kind": "poem"}]}))
    life = begin(but("outline", bad))
    assert life("--provider", "builtin", "--model", "").outcome.status == 0
    before = life.program.site()
    done = life()
    assert done.outcome.status == 1
    assert done.tasks == ["outline", "outline", "preflight"]
    assert "outline cannot be used" in str(done.report["error"])
    assert "kind: Input should be" in str(done.report["error"])
    assert life.program.site() == before


def test_without_an_outline_the_pages_that_follow_from_the_code_are_written(begin: Begin) -> None:
    """A failed call is no bad outline: the run goes on without planned pages, and the next one asks again."""
    life = begin(but("outline", Refuse()))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.by(ANTHROPIC.label) == FALLBACKS
    assert "The model gave no outline" in done.printed
    commit(life.folder, {"NOTES.txt": "x\n"}, "Notes")
    life.server.brain = Documenter()
    assert life().by(ANTHROPIC.label) == MODEL_PAGES


@pytest.mark.parametrize(
    "answer",
    [Say("What a nice day."), Empty(), Json('{"pages":[{"slug":"no-such-page","verdict":"keep","why":""}]}')],
    ids=["nonsense", "empty", "unknown slug"],
)
def test_a_triage_that_says_nothing_usable_counts_pages_as_touched(begin: Begin, answer: Action) -> None:
    """What is not known to be right is brought up to date."""
    life = begin(but("triage", answer), documented=True)
    commit(life.folder, GIFT, "Gifts")
    done = life()
    assert done.outcome.status == 0, done.printed
    assert 1 <= done.tasks.count("triage") <= 2
    assert set(done.outcome.pages("patch")) == FALLBACKS
    assert "gift: bool" in life.page("architecture")


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_what_stays_wrong_is_cut_out_or_only_told(begin: Begin, mode: str) -> None:
    """A model that insists: `strict` removes the sentence, `warn` publishes it and says so, asking for no repair."""
    lie = "The function `fly_away()` does it all."

    def change(_: Ask, task: str, usual: Action) -> Action:
        if task == "repair" and isinstance(usual, Say):
            return Say(usual.text.replace(END, f"{lie}\n\n{END}"))
        return usual

    life = begin(Documenter(pages=1, lies=(lie,), change=change))
    done = life("--verify", mode)
    assert done.outcome.status == 0, done.printed
    assert ("fly_away" in life.page("architecture")) == (mode == "warn")
    assert (done.report["unresolved_references"] == 0) == (mode == "strict")
    assert done.tasks.count("repair") == (8 if mode == "strict" else 0)
    if mode == "strict":
        assert done.page("architecture")["removed"] == 1
    assert "fly_away" in done.printed


def test_a_secret_that_a_model_says_goes_nowhere(begin: Begin) -> None:
    """The page is withheld; the secret is not published, not printed and not kept."""
    secret = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"

    def change(ask: Ask, task: str, usual: Action) -> Action:
        if task in WRITING and page_of(ask) == "architecture" and isinstance(usual, Say):
            return Say(usual.text.replace(END, f"The token is `{secret}`.\n\n{END}"))
        return usual

    life = begin(Documenter(change=change))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.page("architecture")["writer"] == "builtin"
    assert done.page("architecture")["action"] == "fail"
    assert re.search("secret|credential|token", str(done.page("architecture")["reason"]), re.IGNORECASE)
    assert places_with(life.folder.parent, secret) == []
    assert secret not in done.printed


def test_the_key_itself_is_a_secret_that_is_never_published(begin: Begin) -> None:
    """A model that has come by the key and writes it on a page: the page is withheld."""

    def change(ask: Ask, task: str, usual: Action) -> Action:
        if task in WRITING and page_of(ask) == "architecture" and isinstance(usual, Say):
            return Say(usual.text.replace(END, f"The key is {ask.key}, and it is good.\n\n{END}"))
        return usual

    life = begin(Documenter(pages=1, change=change))
    done = life()
    assert done.outcome.status == 0, done.printed
    assert "the answer held a key of this run" in str(done.page("architecture")["reason"])
    assert done.page("architecture")["writer"] == "builtin"
