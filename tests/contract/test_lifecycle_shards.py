"""Whole runs with a model that are spread over jobs."""

import json
import shutil
from collections.abc import Sequence

from tests.contract.conftest import Begin
from tests.contract.lifecycle import ANTHROPIC, CLI, FALLBACKS, GIFT, MODEL_PAGES, Life, Round, but
from tests.contract.models import Refuse
from tests.contract.models.documenter import Documenter
from tests.integration.program import commit

WIDE = ("--max-cost-usd", "0", "--max-ai-calls", "200", "--shard-minutes", "0")
LIMITS = WIDE[:4]


def plan(life: Life, most: int, *options: str) -> tuple[Round, list[str]]:
    """The job that plans, and the shards that it gives."""
    done = life("--phase", "plan", *(options or WIDE), "--max-shards", str(most))
    assert done.outcome.status == 0, done.printed
    text = done.report["matrix"]
    assert isinstance(text, str)
    return done, json.loads(text)["shard"] if text else []


def write(life: Life, shards: Sequence[str], *options: str) -> list[Round]:
    """The jobs that write these shards."""
    return [life("--phase", "write", "--shard", shard, *(options or LIMITS)) for shard in shards]


def calls(*rounds: Round) -> int:
    """Requests that were made; each is an answer of its own here."""
    return sum(len(one.asks) for one in rounds)


def test_three_jobs_write_what_one_writes(begin: Begin) -> None:
    """The outline is planned once, each page is written once, and the last job asks nothing; its report is that of the whole
    run, and says what every page cost."""
    life = begin(Documenter())
    planned, shards = plan(life, 3)
    assert shards == ["1/3", "2/3", "3/3"]
    assert planned.tasks == ["outline", "preflight"]
    jobs = planned.report["jobs"]
    assert isinstance(jobs, list)
    assert [job["shard"] for job in jobs] == shards
    assert all(job["cost_usd"] > 0 for job in jobs)
    written = write(life, shards)
    assert [one.outcome.status for one in written] == [0, 0, 0]
    assert sorted(slug for one in written for slug in one.asked_for("page")) == sorted(MODEL_PAGES)
    assert {len(one.asked_for("page")) for one in written} == {2}
    done = life("--phase", "assemble", *LIMITS, ANTHROPIC_API_KEY="")
    assert done.outcome.status == 0, done.printed
    assert done.asks == ()
    assert done.by(ANTHROPIC.label) == MODEL_PAGES
    assert done.report["ai_calls"] == calls(planned, *written)
    assert done.report["ai_calls"] == 2 + 3 + 6
    assert all(done.page(slug)["ai_calls"] == 1 for slug in MODEL_PAGES)
    assert abs(_cost(done) - sum(_cost(one) for one in (planned, *written))) < 1e-5
    assert done.report["warnings"] == []
    site = life.program.site()
    alone = begin_again(life)
    assert alone.by(ANTHROPIC.label) == MODEL_PAGES
    assert life.program.site() == site


def begin_again(life: Life) -> Round:
    """The same in one job, from nothing."""
    shutil.rmtree(life.program.state)
    shutil.rmtree(life.folder / "_docsfy")
    return life(*LIMITS)


def _cost(one: Round) -> float:
    cost = one.report["cost_usd"]
    assert isinstance(cost, float)
    return cost


def test_what_is_missing_or_was_not_written_costs_its_pages_only(begin: Begin) -> None:
    """A shard never ran, and of another the model refused a page: both are told, and the embedded writer stands in where it
    can. Run again, a shard asks for nothing that it has; and the next run writes what is missing then, and nothing else."""
    life = begin(but("page", Refuse(), "index"))
    planned, shards = plan(life, 2)
    first = write(life, shards[:1])[0]
    missing = MODEL_PAGES - first.asked_for("page")
    assert len(missing) == 3
    assert "index" not in missing
    second = write(life, shards[:1])[0]
    assert second.asked_for("page") == {"index"}
    done = life("--phase", "assemble", *LIMITS)
    assert done.outcome.status == 0, done.printed
    assert done.by(ANTHROPIC.label) == MODEL_PAGES - missing - {"index"}
    assert all(done.page(slug)["deferred"] for slug in missing)
    assert {done.page(slug)["writer"] for slug in missing & FALLBACKS} <= {"builtin"}
    assert "shard 2/2 did not hand it over" in done.printed
    row = done.page("index")
    assert (row["action"], row["deferred"], row["writer"], row["ai_calls"]) == ("fail", True, "builtin", 2)
    assert str(row["reason"]).startswith("by the embedded writer: ")
    life.server.brain = Documenter()
    again = write(life, shards[:1])[0]
    assert again.outcome.status == 0, again.printed
    assert again.asked_for("page") == {"index"}
    done = life("--phase", "assemble", *LIMITS)
    assert done.by(ANTHROPIC.label) == MODEL_PAGES - missing
    assert done.report["ai_calls"] == calls(planned, first, second, again)
    after = life(*LIMITS)
    assert after.asked_for("page") == missing
    assert after.by(ANTHROPIC.label) == MODEL_PAGES


def test_a_change_is_judged_once_and_patched_in_the_shards(begin: Begin) -> None:
    """Triage is one call of the job that plans; what it said goes for all."""
    life = begin(Documenter(), documented=True)
    commit(life.folder, GIFT, "Gifts")
    planned, shards = plan(life, 2)
    assert planned.tasks == ["preflight", "triage"]
    written = write(life, shards)
    patched = set().union(*(one.asked_for("patch") for one in written))
    assert len(patched) == 3
    assert all(one.asked_for("page") == set() for one in written)
    done = life("--phase", "assemble", *LIMITS)
    assert done.asks == ()
    assert {slug for slug in MODEL_PAGES if done.page(slug)["action"] == "patch"} == patched
    assert "gift: bool = False" in life.page("architecture")
    commit(life.folder, {CLI: GIFT[CLI].replace("Sell one thing.", "Sell one single thing.")}, "Words")
    assert plan(life, 2)[0].tasks == ["preflight", "triage"]
    kept = life("--phase", "assemble", *LIMITS)
    assert "which does not touch it" in str(kept.page("architecture")["reason"])
    assert kept.page("architecture")["action"] == "keep"
    assert life(*LIMITS).asks == ()


def test_the_limits_are_the_whole_run_s(begin: Begin) -> None:
    """Each shard gets its part of what planning has left; together they make no call more than one run may, although every
    page would have to be sent back."""
    life = begin(Documenter(lies=("Call `shop.nowhere()` first.",)))
    options = ("--max-cost-usd", "0", "--max-ai-calls", "10")
    planned, shards = plan(life, 3, *options, "--shard-minutes", "0")
    assert shards == ["1/2", "2/2"]
    assert "Shares of max-ai-calls must be of several calls." in planned.printed
    written = write(life, shards, *options)
    assert [calls(one) for one in written] == [4, 4]
    assert calls(planned, *written) == 10


def test_with_a_model_no_job_works_without_a_plan(begin: Begin) -> None:
    """It would spend again what others were to spend."""
    life = begin(Documenter())
    done = life("--phase", "assemble", *LIMITS)
    assert done.outcome.status == 1
    assert "needs the plan of this workflow run" in done.printed
    assert done.asks == ()
