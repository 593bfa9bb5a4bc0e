"""Whole runs that are spread over jobs: one plans, several write, one puts the site together."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from docsfy_action.errors import Cancelled
from docsfy_action.state.facts_store import FactsStore
from docsfy_action.state.journal import Journal
from docsfy_action.state.model import PageRecord
from docsfy_action.state.sharing import ShardLog
from tests.contract.cache_service import Access, CacheService
from tests.integration.program import LIBRARY, Outcome, Program, commit, git, library
from tests.integration.test_actions_cache import Machines

SPREAD = ("--shard-minutes", "0", "--max-shards")
RUN = {"GITHUB_RUN_ID": "77"}


class Jobs:
    """Jobs with a state folder each: what one hands to another is carried by copying, as artifacts are."""

    def __init__(self, root: Path, program: Program) -> None:
        self.root = root
        self.program = program

    def __call__(self, name: str, *options: str, after: tuple[str, ...] = ()) -> Outcome:
        """A job that starts from the folders of others, and from no site."""
        self.program.state = self.state(name)
        for other in after:
            shutil.copytree(self.state(other), self.program.state, dirs_exist_ok=True)
        shutil.rmtree(self.program.folder / "_docsfy", ignore_errors=True)
        return self.program(*options, **RUN)

    def state(self, name: str) -> Path:
        """The state folder of a job."""
        return self.root / f"state-{name}"

    def plan(self, most: int, *options: str, after: tuple[str, ...] = ()) -> Outcome:
        """The job that plans, for at most so many shards."""
        done = self("plan", "--phase", "plan", *SPREAD, str(most), *options, after=after)
        assert done.status == 0, done.printed
        return done

    def write(self, shard: str) -> Outcome:
        """The job that writes a shard."""
        done = self(shard.replace("/", "-"), "--phase", "write", "--shard", shard, after=("plan",))
        assert done.status == 0, done.printed
        return done

    def assemble(self, *shards: str) -> Outcome:
        """The job that puts the site together from the plan and these shards."""
        names = tuple(shard.replace("/", "-") for shard in shards)
        done = self("assemble", "--phase", "assemble", after=("plan", *names))
        assert done.status == 0, done.printed
        return done


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What a single run makes of the sample library, whose commit is the same in all tests."""

    outcome: Outcome
    site: Mapping[str, bytes]
    manifest: bytes


_ALONE: list[Alone] = []


def alone_on(jobs: Jobs) -> Alone:
    """Made by the first test of the process that needs it."""
    if not _ALONE:
        outcome = jobs("alone")
        manifest = next(jobs.state("alone").rglob("manifest.json")).read_bytes()
        _ALONE.append(Alone(outcome=outcome, site=jobs.program.site(), manifest=manifest))
    return _ALONE[0]


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jobs:
    """Jobs on the sample library."""
    return Jobs(tmp_path, Program(library(tmp_path / "shop"), tmp_path, monkeypatch, capsys))


def names_of(planned: Outcome) -> list[str]:
    """The shards that a plan gives to the workflow."""
    text = planned.report["matrix"]
    assert isinstance(text, str)
    found = json.loads(text)["shard"] if text else []
    assert isinstance(found, list)
    return found


def told(report: Mapping[str, object]) -> dict[str, object]:
    """What a report says of the outcome, without times and without which part of the run it is about."""
    pages = report["pages"]
    assert isinstance(pages, list)
    rows = [{key: value for key, value in page.items() if key != "seconds"} for page in pages]
    return {
        **{key: value for key, value in report.items() if key not in ("seconds", "phase", "warnings")},
        "pages": rows,
    }


def test_three_jobs_make_what_one_makes(jobs: Jobs) -> None:
    """Site, report and manifest are a single run's, byte for byte; each page is written by one shard."""
    alone = alone_on(jobs)
    planned = jobs.plan(3)
    assert names_of(planned) == ["1/3", "2/3", "3/3"]
    assert planned.report["site_dir"] == ""
    assert planned.pages("write").keys() == alone.outcome.pages("write").keys()
    written = [jobs.write(shard) for shard in names_of(planned)]
    slugs = [slug for one in written for slug in one.pages("write")]
    assert sorted(slugs) == sorted(alone.outcome.pages("write"))
    assert {len(one.pages("write")) for one in written} == {3}
    assert not (jobs.program.folder / "_docsfy/site").exists()
    done = jobs.assemble("1/3", "2/3", "3/3")
    assert done.report["warnings"] == []
    assert told(done.report) == told(alone.outcome.report)
    assert jobs.program.site() == alone.site
    assert next(jobs.state("assemble").rglob("manifest.json")).read_bytes() == alone.manifest


def test_a_shard_that_is_killed_or_missing_costs_nothing_but_its_own_work(jobs: Jobs) -> None:
    """Eight jobs, of which one never ran and one was killed while it wrote a line: the site is a single run's all the same, and
    the report says what was missing."""
    site = alone_on(jobs).site
    shards = names_of(jobs.plan(8))
    assert len(shards) == 8
    for shard in shards[:-1]:
        jobs.write(shard)
    killed = next(jobs.state("2-8").rglob("shard-2-of-8.jsonl"))
    killed.write_bytes(killed.read_bytes()[:-40])
    killed.with_suffix(".json").unlink()
    done = jobs.assemble(*shards[:-1])
    assert jobs.program.site() == site
    warnings = done.report["warnings"]
    assert isinstance(warnings, list)
    assert [warning.partition(":")[0] for warning in warnings] == [
        "The shard 2/8 did not hand over one page",
        "The shard 8/8 did not hand over one page",
    ]
    assert done.pages("fail") == {}


def test_a_change_is_planned_once_and_only_its_pages_are_written(jobs: Jobs) -> None:
    """From a state, in one shard; without a change the matrix is empty, and the site is made all the same."""
    jobs("before")
    commit(jobs.program.folder, {"src/shop/money.py": LIBRARY["src/shop/money.py"].replace("Euros", "Coins")}, "Coins")
    alone = jobs("alone", after=("before",))
    site = jobs.program.site()
    planned = jobs.plan(1, after=("before",))
    assert planned.report["stage"] == "incremental_planning"
    assert names_of(planned) == ["1/1"]
    assert jobs.write("1/1").pages("write").keys() == alone.pages("write").keys()
    done = jobs.assemble("1/1")
    assert (jobs.program.site(), told(done.report)) == (site, told(alone.report))
    again = jobs("plan", "--phase", "plan", *SPREAD, "8", after=("assemble",))
    assert (again.report["matrix"], again.report["stage"]) == ("", "up_to_date")
    jobs("assemble", "--phase", "assemble", after=("plan",))
    assert jobs.program.site() == site


def test_jobs_that_are_not_about_the_same_say_so(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another commit, program, input or number of shards than the plan's is an error that names both, with what to do; so is
    a job without a plan."""

    def refused(*options: str) -> str:
        done = jobs("other", "--phase", "write", *options, after=("plan",))
        assert done.status != 0
        assert not (jobs.program.folder / "_docsfy/site").exists()
        return done.printed

    assert "needs the plan of this workflow run" in jobs("none", "--phase", "write").printed
    jobs.plan(3)
    assert "another number of shards: '3' there, '2' here" in refused("--shard", "1/2")
    assert "another `language`: 'en' there, 'de' here" in refused("--shard", "1/3", "--language", "de")
    assert "another `max-cost-usd`: '5' there, '7' here" in refused("--shard", "1/3", "--max-cost-usd", "7")
    with monkeypatch.context() as patch:
        patch.setattr("docsfy_action.stages.phases.__version__", "9.9")
        assert "another program: '0.1.0' there, '9.9' here" in refused("--shard", "1/3")
    assert "shard: '2/3' has a meaning only with phase: write" in jobs("none", "--shard", "2/3").printed
    assert "Jobs hand over in the cache" in jobs("none", "--phase", "plan", "--cache", "off").printed
    assert "A dry run only plans" in jobs("none", "--phase", "assemble", "--dry-run").printed
    commit(jobs.program.folder, {"LICENSE": "All rights reserved.\n"}, "Closed")
    assert "another commit" in refused("--shard", "1/3")


def test_a_dry_run_tells_of_the_jobs_and_starts_none(jobs: Jobs) -> None:
    """The table is there; the matrix is empty, because there is no plan that a job could go by."""
    done = jobs("dry", "--phase", "plan", "--dry-run", *SPREAD, "3")
    assert done.status == 0
    assert done.report["matrix"] == ""
    listed = done.report["jobs"]
    assert isinstance(listed, list)
    assert [job["shard"] for job in listed] == ["1/3", "2/3", "3/3"]
    assert not jobs.state("dry").exists()


def test_work_of_a_second_is_no_work_for_several_machines(jobs: Jobs) -> None:
    """Without being told otherwise a plan takes one job where all of it takes less than a machine to start, and says why."""
    planned = jobs("plan", "--phase", "plan")
    assert names_of(planned) == ["1/1"]
    assert "A job of its own is worth it from 2 minutes" in planned.printed


# --- through the Actions cache -----------------------------------------------------------------------------------------------


@pytest.fixture
def service() -> Iterator[CacheService]:
    """A cache service without entries."""
    with CacheService() as found:
        yield found


@pytest.fixture
def machines(
    service: CacheService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Machines:
    """Machines that share the service."""
    return Machines(service, tmp_path, Program(tmp_path, tmp_path, monkeypatch, capsys))


def job(machines: Machines, phase: str, *options: str, run: str = "77", **more: str) -> Outcome:
    """A job of a workflow run on a machine of its own."""
    return machines("--phase", phase, *options, GITHUB_RUN_ID=run, **more)


def test_machines_hand_over_through_the_actions_cache(
    machines: Machines, service: CacheService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share nothing but the service. What is read once is not read again; what another workflow run hands over is never
    taken; and nothing of it is taken for a state."""
    assert machines().status == 0
    site = machines.site()
    service.entries.clear()
    planned = job(machines, "plan", *SPREAD, "2")
    assert names_of(planned) == ["1/2", "2/2"]
    other = job(machines, "write", "--shard", "1/2", run="78")
    assert other.status == 1
    assert "needs the plan of this workflow run, and in the Actions cache there is none" in other.printed
    with monkeypatch.context() as patch:
        patch.setattr(FactsStore, "put_many", lambda *_: pytest.fail("a file was read that the plan's job had read"))
        for shard in names_of(planned):
            done = job(machines, "write", "--shard", shard)
            assert done.status == 0, done.printed
    done = job(machines, "assemble")
    assert done.status == 0, done.printed
    assert done.report["warnings"] == []
    assert len(done.pages("write")) == 9
    assert machines.site() == site
    keys = [entry.key for entry in service.final]
    assert [key.startswith("docsfy-run-77-docsfy-1-shop") for key in keys] == [True, True, True, False]
    again = machines()
    assert again.report["stage"] == "up_to_date", again.printed


def test_a_cancelled_shard_hands_over_in_the_post_step_and_goes_on_from_there(
    machines: Machines, service: CacheService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its finished page reaches the job that puts the site together; and where it is run again, only the rest is written."""
    job(machines, "plan", *SPREAD, "2")
    saved, done = ShardLog.save_page, list[str]()

    def cancelled(self: ShardLog, page: PageRecord, markdown: str) -> None:
        if done:
            raise Cancelled("SIGTERM")
        saved(self, page, markdown)
        done.append(page.slug)

    with monkeypatch.context() as patch:
        patch.setattr(ShardLog, "save_page", cancelled)
        outcome = job(machines, "write", "--shard", "1/2")
    assert outcome.status == 130
    assert len(service.final) == 1
    assert "-shard-1-of-2-1-post" in machines.post(monkeypatch, capsys)
    again = job(machines, "write", "--shard", "1/2", GITHUB_RUN_ATTEMPT="2")
    assert again.status == 0, again.printed
    assert list(again.pages("keep")) == done
    assert len(again.pages("write")) == 4
    assert "Nothing is left to be saved." in machines.post(monkeypatch, capsys)
    whole = job(machines, "assemble", GITHUB_RUN_ATTEMPT="2")
    warnings = whole.report["warnings"]
    assert isinstance(warnings, list)
    assert [warning[:41] for warning in warnings] == ["The shard 2/2 did not hand over 4 pages: "]
    assert len(whole.pages("write")) == 9


def test_what_runs_for_strangers_and_may_only_read_the_cache_needs_one_machine(
    machines: Machines, service: CacheService
) -> None:
    """Nothing can be handed over then, and nothing is paid for: no shard is started, and the last job does everything."""
    machines()
    service.tokens["stranger"] = Access(writes="")
    commit(machines.origin, {"LICENSE": "All rights reserved.\n"}, "Closed")
    planned = machines("--phase", "plan", *SPREAD, "2", token="stranger")
    assert planned.status == 0, planned.printed
    assert planned.report["matrix"] == ""
    assert "could not be handed over to the other jobs through the Actions cache" in planned.printed
    done = machines("--phase", "assemble", token="stranger")
    assert done.status == 0, done.printed
    assert done.pages("write").keys() == planned.pages("write").keys()
    assert 0 < len(done.pages("write")) < 9
    assert "so this job does everything itself" in done.printed


def test_a_branch_hands_over_the_state_that_it_started_from(machines: Machines, service: CacheService) -> None:
    """A branch without a state starts from the default branch's; so do the jobs that write and assemble."""
    machines()
    git(machines.origin, "checkout", "--quiet", "-b", "feature")
    commit(machines.origin, {"src/shop/money.py": LIBRARY["src/shop/money.py"].replace("Euros", "Coins")}, "Coins")
    access = Access(reads=("refs/heads/feature", "refs/heads/main"), writes="refs/heads/feature")
    service.tokens["feature"] = access

    def on_branch(phase: str, *options: str) -> Outcome:
        done = machines("--phase", phase, *options, GITHUB_RUN_ID="77", branch="feature", token="feature")
        assert done.status == 0, done.printed
        return done

    planned = on_branch("plan", *SPREAD, "8")
    shards = names_of(planned)
    assert 0 < len(shards) < 9
    for shard in shards:
        on_branch("write", "--shard", shard)
    done = on_branch("assemble")
    assert done.pages("write").keys() == planned.pages("write").keys()
    assert len(done.pages("keep")) == 9 - len(shards)


def test_a_page_that_somebody_planted_is_written_again(jobs: Jobs) -> None:
    """Even words that verification cannot find fault with: what the embedded writer says is made again by whoever publishes it,
    and a text that differs is told."""
    site = alone_on(jobs).site
    jobs.plan(1)
    jobs.write("1/1")
    journal = next(jobs.state("1-1").rglob("shard-1-of-1.jsonl"))
    pages = {json.loads(line[17:])["slug"]: json.loads(line[17:]) for line in journal.read_bytes().splitlines()[1:]}
    page = PageRecord.model_validate(pages["index"])
    text = (journal.parent / f"pages/index.{page.content_digest}.md").read_text() + "\nBuy elsewhere.\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    (journal.parent / f"pages/index.{digest}.md").write_text(text)
    base = json.loads(journal.read_bytes().splitlines()[0][17:])["base"]
    Journal(journal, base).append(page.model_copy(update={"content_digest": digest}))
    done = jobs.assemble("1/1")
    assert jobs.program.site() == site
    assert done.report["warnings"] == [
        "What another job handed over for the page `index` is not what it is made of here; it was made anew."
    ]
