"""The life of a documentation with a model: the whole program, on a real repository, against the model server, through
pydantic-ai's clients."""

import itertools
import json
import re
import signal
from dataclasses import replace

import pytest

from docsfy_action.providers.client import Patience
from tests.contract.conftest import Begin
from tests.contract.lifecycle import ANTHROPIC, GOOGLE, OPENAI, OPENAI_CHAT, Backend, Life, interrupted, places_with
from tests.contract.models import (
    Action,
    Ask,
    Brain,
    Empty,
    Fail,
    Filter,
    Hang,
    Json,
    Refuse,
    Say,
    Tokens,
    Trouble,
    Truncate,
)
from tests.contract.models.documenter import END, Documenter, page_of, task_of
from tests.integration.program import LIBRARY, commit

CART = "src/shop/cart.py"
MODEL_PAGES = {
    "index",
    "getting-started",
    "architecture",
    "about-pyproject",
    "about-src-shop-init",
    "about-src-shop-money",
}
FALLBACKS = {"index", "getting-started", "architecture"}
CLI = "src/shop/cli.py"
GIFT = {CLI: LIBRARY[CLI].replace("def sell(price: int)", "def sell(price: int, gift: bool = False)")}
WRITING = ("page", "repair", "patch")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before further attempts take no time; how long they are has its own tests."""
    quick = Patience(jitter=lambda: 0.0, attempts=3, first=0.01)
    monkeypatch.setattr("docsfy_action.stages.author.Patience", lambda jitter: replace(quick))


def but(task: str, action: Action, slug: str = "") -> Documenter:
    """The model that documents, but it does this whenever it is asked for that, for this page where one is named."""

    def change(ask: Ask, asked: str, usual: Action) -> Action:
        return action if asked == task and slug in ("", page_of(ask)) else usual

    return Documenter(change=change)


def said(life: Life) -> str:
    """The architecture page without the commit that its links lead to."""
    return re.sub("/blob/[0-9a-f]{40}/", "/blob/", life.page("architecture"))


def ready(life: Life, *options: str, **environment: str) -> None:
    """A run whose details do not matter ends well."""
    done = life(*options, **environment)
    assert done.outcome.status == 0, done.printed
    assert done.report["status"] == "ready"


# --- the life of a site -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", [ANTHROPIC, OPENAI, OPENAI_CHAT, GOOGLE], ids=lambda backend: backend.model)
def test_pages_are_planned_written_kept_and_patched(begin: Begin, backend: Backend) -> None:
    """The first run plans and writes, what does not hold is repaired; the second asks nothing; after one commit only the
    pages that it touches are patched."""
    life = begin(Documenter(explores="read_file", lies=("The function `fly_away()` does it all.",)), backend)
    first = life()
    assert first.outcome.status == 0, first.printed
    assert first.by(backend.label) == MODEL_PAGES
    assert first.tasks == sorted(["preflight", "outline", *["page"] * 6, *["repair"] * 6])
    assert first.report["ai_calls"] == 14
    assert first.report["unresolved_references"] == 0
    assert all(first.page(slug)["repaired"] == 1 for slug in MODEL_PAGES)
    assert "fly_away" not in life.page("index")
    assert "This page tells what these parts do" in life.page("about-src-shop-money")
    spent = sum(ask_tokens for ask_tokens in (first.page(slug)["input_tokens"] for slug in MODEL_PAGES))  # type: ignore[misc] # numbers
    assert 0 < spent < first.report["input_tokens"]  # type: ignore[operator] # numbers
    assert first.report["cost_usd"] is not None

    second = life()
    assert (second.outcome.status, second.asks) == (0, ())
    assert second.report["stage"] == "up_to_date"

    commit(life.folder, GIFT, "Gifts")
    third = life()
    assert third.outcome.status == 0, third.printed
    assert third.tasks == ["patch", "patch", "patch", "preflight", "triage"]
    assert set(third.outcome.pages("patch")) == FALLBACKS
    assert "def sell(price: int, gift: bool = False) -> None" in life.page("architecture")
    assert "def sell(price: int) -> None" not in life.page("architecture")
    assert life.server.strays == []


def test_a_page_that_the_change_leaves_right_is_kept_for_one_question(begin: Begin) -> None:
    """Triage says keep: nothing is written, and the same change is not asked about again."""
    life = begin(Documenter(), documented=True)
    before = said(life)
    commit(life.folder, {CLI: LIBRARY[CLI].replace("Sell one thing.", "Sell one single thing.")}, "Words")
    kept = life()
    assert kept.outcome.status == 0, kept.printed
    assert kept.tasks == ["preflight", "triage"]
    assert "which does not touch it" in str(kept.page("architecture")["reason"])
    assert said(life) == before
    commit(life.folder, {"NOTES.txt": "Nothing.\n"}, "Notes")
    assert life().asks == ()


def test_a_patch_that_does_not_apply_is_followed_by_the_whole_page(begin: Begin) -> None:
    """Nothing is half patched: the page is asked for anew."""
    nowhere = Say(json.dumps({"edits": [{"old": "words that stand nowhere", "new": "x"}]}))
    life = begin(but("patch", nowhere), documented=True)
    commit(life.folder, GIFT, "Gifts")
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.tasks == ["page"] * 3 + ["patch"] * 3 + ["preflight", "triage"]
    assert "gift: bool" in life.page("architecture")
    assert done.report["pages_failed"] == 0


def test_a_commit_that_touches_nothing_documented_costs_nothing(begin: Begin) -> None:
    """Bodies of functions, tests and notes: no call is made, not even to see whether the key is good."""
    life = begin(Documenter(), documented=True)
    commit(
        life.folder,
        {
            "tests/test_cart.py": LIBRARY["tests/test_cart.py"] + "\n\ndef test_more():\n    assert True\n",
            "NOTES.txt": "Remember the milk.\n",
        },
        "Notes",
    )
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.asks == ()
    assert done.report["ai_calls"] == 0


def test_new_code_in_a_new_folder_is_planned_by_one_call(begin: Begin) -> None:
    """The outline is amended, not made anew: the pages that were there keep their places, and only the new one is written."""
    life = begin(Documenter(), documented=True)
    parcel = '"""Parcels."""\n\n\ndef pack(weight: int) -> str:\n    """Pack something."""\n    return str(weight)\n'
    commit(life.folder, {"src/post/__init__.py": '"""Post."""\n', "src/post/parcel.py": parcel}, "Post")
    done = life()
    assert done.outcome.status == 0, done.printed
    (amended,) = (ask for ask in done.asks if task_of(ask) == "outline")
    assert "New code has come since then" in amended.prompt
    assert done.asked_for("page") == {"about-src-post-init"}
    assert done.by(ANTHROPIC.label) > MODEL_PAGES
    assert life().asks == ()


def test_a_page_whose_code_is_gone_goes_and_leaves_a_redirect(begin: Begin) -> None:
    """No call is made for it, the report says that it was removed, and its address leads on."""
    life = begin(Documenter(), documented=True)
    commit(life.folder, {"src/shop/money.py": None}, "No money")
    done = life()
    assert done.outcome.status == 0, done.printed
    assert "about-src-shop-money" in done.outcome.pages("remove")
    assert "outline" not in done.tasks
    assert b'http-equiv="refresh"' in life.program.site()["about-src-shop-money.html"]
    assert "about-src-shop-money.md" not in life.program.site()


def test_force_writes_all_pages_anew_after_the_same_outline(begin: Begin) -> None:
    """What is forced is the writing; a new outline would give readers other addresses."""
    life = begin(Documenter(), documented=True)
    done = life("--force")
    assert done.outcome.status == 0, done.printed
    assert done.tasks == ["page"] * 6 + ["preflight"]
    assert done.by(ANTHROPIC.label) == MODEL_PAGES


def test_another_audience_or_other_instructions_are_another_brief(begin: Begin) -> None:
    """The pages of the model are written anew for whom they are for now, and the model is told; the outline stays."""
    life = begin(Documenter(), documented=True)
    steering = "audience: People who sell flowers.\ninstructions: Speak of florists.\n"
    commit(life.folder, {".docsfy.yml": steering}, "Florists")
    done = life()
    assert done.outcome.status == 0, done.printed
    assert done.asked_for("page") == MODEL_PAGES
    assert done.tasks == ["page"] * 6 + ["preflight"]
    assert all("People who sell flowers." in ask.prompt for ask in done.asks if task_of(ask) == "page")
    assert all("Speak of florists." in ask.prompt for ask in done.asks if task_of(ask) == "page")


def test_pages_that_the_repository_asks_for_reach_the_outline(begin: Begin) -> None:
    """`.devin/wiki.json` and pinned pages are part of the question, and an outline without them is sent back once."""

    def change(ask: Ask, task: str, usual: Action) -> Action:
        if task != "outline" or not isinstance(usual, Json) or "could not be used" not in ask.prompt:
            return usual
        planned = json.loads(usual.text)
        for slug in ("selling-flowers", "opening-hours"):
            page = {**planned["pages"][0], "slug": slug, "title": slug.capitalize(), "sources": [CART]}
            planned["pages"].append(page)
        return Json(json.dumps(planned))

    life = begin(Documenter(change=change))
    wiki = {
        "repo_notes": [{"content": "Roses first."}],
        "pages": [{"title": "Opening hours", "purpose": "When it is open"}],
    }
    pinned = "pages:\n  pin:\n    - slug: selling-flowers\n      title: Selling flowers\n      description: How to sell them.\n"
    commit(life.folder, {".devin/wiki.json": json.dumps(wiki), ".docsfy.yml": pinned}, "Wishes")
    done = life()
    assert done.outcome.status == 0, done.printed
    outline = [ask for ask in done.asks if task_of(ask) == "outline"]
    assert all("selling-flowers" in ask.prompt and "When it is open" in ask.prompt for ask in outline)
    assert all("Roses first." in ask.prompt for ask in outline)
    assert {"selling-flowers", "opening-hours"} <= done.by(ANTHROPIC.label), done.printed


# --- money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "tokens"),
    [
        (("--max-ai-calls", "4"), Tokens()),
        (("--max-cost-usd", "3", "--max-concurrent-pages", "1"), Tokens(input=300_000)),
    ],
    ids=["calls", "dollars"],
)
def test_a_run_that_reaches_its_limit_ends_well_and_the_next_one_goes_on(
    begin: Begin, limit: tuple[str, ...], tokens: Tokens
) -> None:
    """What is left is written by the embedded writer or left out, and says so; the next run asks for just that."""

    def change(_: Ask, task: str, usual: Action) -> Action:
        return replace(usual, tokens=tokens) if task == "page" and isinstance(usual, Say) else usual

    life = begin(Documenter(change=change))
    first = life(*limit)
    assert first.outcome.status == 0, first.printed
    assert first.report["status"] == "ready"
    written = first.by(ANTHROPIC.label)
    assert 0 < len(written) < 6
    assert len(first.asks) == 2 + len(written)
    left = MODEL_PAGES - written
    assert "max-ai-calls" in first.printed or "max-cost-usd" in first.printed
    assert all(first.page(slug)["writer"] == "builtin" for slug in left & FALLBACKS)
    assert f"The model did not write {len(left)} of its pages" in first.printed
    if first.report["cost_usd"] is not None and "--max-cost-usd" in limit:
        assert float(str(first.report["cost_usd"])) <= 3
    second = life()
    assert second.outcome.status == 0, second.printed
    assert second.asked_for(*WRITING) == left
    assert second.by(ANTHROPIC.label) == MODEL_PAGES
    assert life().asks == ()


def test_pages_that_the_budget_does_not_reach_stay_as_the_last_run_left_them(begin: Begin) -> None:
    """A limit in a later run: the last good version is kept where it still holds, never an empty page."""
    life = begin(Documenter(), documented=True)
    steering = "audience: People who sell flowers.\n"
    commit(life.folder, {".docsfy.yml": steering}, "Florists")
    done = life("--max-ai-calls", "3", "--max-concurrent-pages", "1")
    assert done.outcome.status == 0, done.printed
    assert len(done.asked_for("page") & MODEL_PAGES) == 2
    kept = [slug for slug, reason in done.outcome.pages("keep").items() if "kept as the last run left it" in reason]
    assert len(kept) == 4
    assert done.by(ANTHROPIC.label) == MODEL_PAGES
    after = life()
    assert after.asked_for("page") == set(kept)


# --- what vendors say -------------------------------------------------------------------------------------------------


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
    ready(life, "--provider", "builtin", "--model", "")
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


# --- ends before the end ----------------------------------------------------------------------------------------------


def hanging(after: int) -> Brain:
    """A model that documents, and hangs at every page after so many."""
    numbers = itertools.count()

    def change(_: Ask, task: str, usual: Action) -> Action:
        return Hang() if task == "page" and next(numbers) >= after else usual

    return Documenter(change=change)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_a_run_that_is_ended_in_mid_page_keeps_what_it_has(begin: Begin, number: signal.Signals) -> None:
    """Cancelled or killed: finished pages and the outline are not asked for again by the next run."""
    life = begin(hanging(after=3))
    status, printed, _ = interrupted(life, number, lambda server: server.held == 1, "--max-concurrent-pages", "1")
    assert status == (130 if number is signal.SIGINT else -signal.SIGKILL), printed
    written = [page_of(ask) for ask in life.server.asks if task_of(ask) == "page"]
    if number is signal.SIGINT:
        assert "finished pages are kept" in printed
        report = json.loads((life.folder / "_docsfy/report.json").read_text("utf-8"))
        assert report["status"] == "aborted"
        assert "Traceback" not in printed
    life.server.brain = Documenter()
    after = life()
    assert after.outcome.status == 0, after.printed
    assert after.tasks == ["page"] * 3 + ["preflight"]
    assert after.asked_for("page") == MODEL_PAGES - set(written[:3])
    assert after.by(ANTHROPIC.label) == MODEL_PAGES
    assert life().asks == ()


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_fork_s_pull_request_works_without_the_key(begin: Begin) -> None:
    """It is given no secrets: pages are kept where they hold, written by the embedded writer else, and a notice says so."""
    life = begin(Documenter(), documented=True)
    commit(life.folder, GIFT, "Gifts")
    head, base = {"repo": {"full_name": "a/shop", "fork": True}}, {"repo": {"full_name": "somebody/shop"}}
    event = {
        "action": "opened",
        "pull_request": {"number": 1, "head": head, "base": base},
        "repository": {"full_name": "somebody/shop", "default_branch": "main"},
    }
    file = life.folder.parent / "event.json"
    file.write_text(json.dumps(event), "utf-8")
    runner = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(file), "GITHUB_HEAD_REF": "patch-1"}
    done = life(**runner, ANTHROPIC_API_KEY="")
    assert done.outcome.status == 0, done.printed
    assert done.report["status"] == "ready"
    assert done.asks == ()
    assert "This pull request is given no secrets" in done.printed
    assert done.by(ANTHROPIC.label) >= MODEL_PAGES - FALLBACKS
    assert "def sell(price: int) -> None" not in life.page("architecture")


@pytest.mark.parametrize(
    ("provider", "variable"),
    [
        (("--provider", "claude", "--model", ""), "ANTHROPIC_API_KEY"),
        (("--provider", "gemini", "--model", ""), "GEMINI_API_KEY"),
        (("--provider", "cursor", "--model", ""), "CURSOR_API_KEY"),
        (("--provider", "api", "--model", "openai:gpt-5.1"), "OPENAI_API_KEY"),
    ],
    ids=lambda one: one[1] if isinstance(one, tuple) else "",
)
def test_a_named_provider_without_its_key_is_an_unusable_input(
    begin: Begin, provider: tuple[str, ...], variable: str
) -> None:
    """Exit status 2, before anything is asked; the error names the variable."""
    life = begin(Documenter())
    done = life(*provider, ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN="")
    assert done.outcome.status == 2
    assert variable in done.printed
    assert "secrets." in done.printed
    assert done.asks == ()


def test_auto_is_the_embedded_writer_where_there_is_no_key(begin: Begin) -> None:
    """Nobody pays by accident, and nothing fails for want of a key."""
    life = begin(Documenter())
    done = life("--provider", "auto", "--model", "", ANTHROPIC_API_KEY="", CLAUDE_CODE_OAUTH_TOKEN="")
    assert done.outcome.status == 0, done.printed
    assert done.asks == ()
    assert done.by("builtin") >= FALLBACKS


# --- what a model may not do ------------------------------------------------------------------------------------------


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


def test_who_waits_is_told_what_goes_on(begin: Begin) -> None:
    """The log says that the outline is planned, and names each page with what it has cost."""
    life = begin(Documenter(pages=1))
    done = life()
    assert "The model plans the pages." in done.printed
    assert "About pyproject.toml: written in" in done.printed
    commit(life.folder, GIFT, "Gifts")
    done = life()
    assert "The model compares pages with the change." in done.printed
    assert "Architecture: patched in" in done.printed
