"""The life of a documentation with a model: the whole program, on a real repository, against the model server, through
pydantic-ai's clients."""

import json
import re

import pytest

from tests.contract.bad_days import dear
from tests.contract.conftest import Begin
from tests.contract.lifecycle import (
    ANTHROPIC,
    CART,
    CLI,
    FALLBACKS,
    GIFT,
    GOOGLE,
    MODEL_PAGES,
    OPENAI,
    OPENAI_CHAT,
    WRITING,
    Backend,
    Life,
    but,
)
from tests.contract.models import (
    Action,
    Ask,
    Json,
    Say,
)
from tests.contract.models.documenter import Documenter, task_of
from tests.integration.program import LIBRARY, commit


def said(life: Life) -> str:
    """The architecture page without the commit that its links lead to."""
    return re.sub("/blob/[0-9a-f]{40}/", "/blob/", life.page("architecture"))


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


@pytest.mark.parametrize(
    "limit",
    [("--max-ai-calls", "4"), ("--max-cost-usd", "0.6", "--max-concurrent-pages", "1")],
    ids=["calls", "dollars"],
)
def test_a_run_that_reaches_its_limit_ends_well_and_the_next_one_goes_on(begin: Begin, limit: tuple[str, ...]) -> None:
    """What is left is written by the embedded writer or left out, and says so; the next run asks for just that. Also where each
    page costs as much as it can, no more is spent than allowed."""
    life = begin(Documenter(change=dear))
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
        assert float(str(first.report["cost_usd"])) <= 0.6
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
