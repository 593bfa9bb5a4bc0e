"""Runs in which much goes wrong at once, the same for every client and every vendor's program."""

import json
import signal
from dataclasses import replace

from tests.contract.lifecycle import FALLBACKS, FEW_PAGES, MODEL_PAGES, WRITING, Life, interrupted
from tests.contract.models import (
    Action,
    Ask,
    Brain,
    Empty,
    Fail,
    Hang,
    ModelServer,
    Refuse,
    Say,
    Tokens,
    Trouble,
    Truncate,
)
from tests.contract.models.documenter import Documenter, page_of, task_of
from tests.integration.program import commit

HUNG, REFUSED, EMPTY, CUT = "about-src-shop-money", "about-pyproject", "about-src-shop-init", "architecture"
LOST = {HUNG, REFUSED, EMPTY, CUT}
TWO_PAGES = {"index", "about-pyproject"}


def everything(explores: str = "", argument: str = "path") -> Brain:
    """429 with Retry-After and 529 before pages that then come; answers that are cut, refused and empty, and one that hangs."""
    turned_away: set[str] = set()
    always: dict[str, Action] = {
        HUNG: Hang(),
        REFUSED: Refuse(),
        EMPTY: Empty(),
        CUT: Truncate("# Architecture\n\nIt was a dark and"),
    }
    first: dict[str, Action] = {"index": Fail(Trouble.RATE_LIMIT, 0.05), "getting-started": Fail(Trouble.OVERLOADED)}

    def change(ask: Ask, task: str, usual: Action) -> Action:
        slug = page_of(ask)
        if task != "page" or ask.tool_results:
            return usual
        if slug in first and slug not in turned_away:
            turned_away.add(slug)
            return first[slug]
        return always.get(slug, usual)

    return Documenter(change=change, explores=explores, argument=argument)


def survive_everything(life: Life, *, minutes: str) -> None:
    """The run is ready: two pages after a second attempt, one of the embedded writer's, three left out, each with its reason. The
    next run asks for what is missing, and for nothing else."""
    done = life("--ai-timeout-minutes", minutes)
    assert done.outcome.status == 0, done.printed
    assert done.report["status"] == "ready"
    assert done.by(life.backend.label) == MODEL_PAGES - LOST, done.printed
    assert {slug for slug in LOST if done.page(slug)["action"] == "fail"} == LOST, done.printed
    assert f"within {float(minutes) * 60:g} seconds" in str(done.page(HUNG)["reason"])
    assert done.page(CUT)["writer"] == "builtin"
    assert "dark and" not in life.page(CUT)
    for slug in ("index", "getting-started"):
        assert len([ask for ask in done.asks if page_of(ask) == slug and not ask.tool_results]) == 2
    life.server.brain = Documenter()
    after = life()
    assert after.outcome.status == 0, after.printed
    assert after.asked_for(*WRITING) == LOST
    assert after.by(life.backend.label) == MODEL_PAGES


def dear(ask: Ask, task: str, usual: Action) -> Action:
    """Pages that cost as much as they can: a token for each byte that is given, and as many said as may be."""
    if task != "page" or not isinstance(usual, Say):
        return usual
    given = sum(len(text.encode()) for text in (ask.system, ask.prompt, *(one.text for one in ask.tool_results)))
    return replace(usual, tokens=Tokens(input=given, output=ask.max_tokens or 12_000))


def stop_at_the_budget(life: Life, *limit: str) -> None:
    """Pages that cost as much as they can are written until the limit is near; it is never passed. The rest is told of, and is
    all that the next run asks for."""
    life.server.brain = Documenter(change=dear)
    first = life(*limit, "--max-concurrent-pages", "1")
    assert first.outcome.status == 0, first.printed
    written = first.by(life.backend.label)
    left = MODEL_PAGES - written
    assert written, first.printed
    assert left, first.printed
    assert all(first.page(slug)["writer"] == "builtin" for slug in left & FALLBACKS)
    assert f"The model did not write {len(left)} of its pages" in first.printed
    if limit[0] == "--max-cost-usd":
        assert 0 < float(str(first.report["cost_usd"])) <= float(limit[1])
    life.server.brain = Documenter()
    second = life()
    assert second.asked_for(*WRITING) == left
    assert second.by(life.backend.label) == MODEL_PAGES


def be_turned_away(life: Life, trouble: Trouble) -> None:
    """A key or model that is not accepted: exit status 1 after one question, with what to do. A quota that is used up: a site
    all the same, by the embedded writer."""
    life.server.brain = lambda _: Fail(trouble)
    done = life()
    assert {task_of(ask) for ask in done.asks} == {"preflight"}
    if trouble is Trouble.QUOTA:
        assert done.outcome.status == 0, done.printed
        assert done.by("builtin") >= FALLBACKS
        assert f"{life.backend.label} cannot be used now" in done.printed
        return
    assert done.outcome.status == 1, done.printed
    assert done.report["status"] == "error"
    names = "Set `model` to" if trouble is Trouble.MODEL else f"Check the secret behind {life.backend.variable}"
    assert names in done.printed


def hangs_at(slug: str) -> Brain:
    """A model that documents two pages, and hangs at one."""

    def change(ask: Ask, task: str, usual: Action) -> Action:
        return Hang() if task == "page" and page_of(ask) == slug else usual

    return Documenter(pages=1, change=change)


def be_cancelled_in_mid_page(life: Life, number: signal.Signals, *options: str) -> None:
    """A signal while one page hangs and the other is saved: `aborted`, status 130, no process left; the next run asks for the one
    page alone."""
    commit(life.folder, FEW_PAGES, "Few pages")
    life.server.brain = hangs_at("index")

    def one_is_done(server: ModelServer) -> bool:
        return server.held == 1 and is_saved(life, "about-pyproject")

    status, printed, left = interrupted(life, number, one_is_done, *options)
    assert status == 130, printed
    assert left == set()
    assert "Traceback" not in printed
    assert "finished pages are kept" in printed
    report = json.loads((life.folder / "_docsfy/report.json").read_text("utf-8"))
    assert report["status"] == "aborted"
    assert {page["slug"] for page in report["pages"] if page["action"] == "fail"} == {"index"}
    life.server.brain = Documenter(pages=1)
    after = life()
    assert after.asked_for("page", "outline") == {"index"}
    assert after.by(life.backend.label) == TWO_PAGES


def is_saved(life: Life, slug: str) -> bool:
    """Whether a page is in the state."""
    return any(path.name.startswith(slug) for path in life.program.state.glob("*/*/variants/*/*/*/pages/*"))
