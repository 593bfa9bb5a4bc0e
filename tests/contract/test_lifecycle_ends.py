"""Whole runs that end before their end, and runs without a key."""

import itertools
import json
import signal

import pytest

from tests.contract.conftest import Begin
from tests.contract.lifecycle import (
    ANTHROPIC,
    FALLBACKS,
    GIFT,
    MODEL_PAGES,
    interrupted,
)
from tests.contract.models import (
    Action,
    Ask,
    Brain,
    Hang,
)
from tests.contract.models.documenter import Documenter, page_of, task_of
from tests.integration.program import commit


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
